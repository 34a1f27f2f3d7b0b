"""Every filter this executor has, by its Logstash name."""

from __future__ import annotations

from typing import Final

from atalaia.pipeline.filters.base import AnyFilterPlugin
from atalaia.pipeline.plugins import Plugins

FILTERS: Final = Plugins[AnyFilterPlugin](
    "atalaia.pipeline.filters",
    "cidr",
    "clone",
    "csv",
    "date",
    "dissect",
    "drop",
    "fingerprint",
    "geoip",
    "grok",
    "json",
    "kv",
    "mutate",
    "prune",
    "split",
    "translate",
    "truncate",
    "urldecode",
    "useragent",
    "uuid",
)

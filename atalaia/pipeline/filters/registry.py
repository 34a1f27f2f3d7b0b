"""Every filter this executor has, by its Logstash name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from atalaia.pipeline.filters import (
    cidr,
    clone,
    csv,
    date,
    dissect,
    drop,
    fingerprint,
    geoip,
    grok,
    json,
    kv,
    mutate,
    prune,
    split,
    translate,
    truncate,
    urldecode,
    useragent,
    uuid,
)
from atalaia.pipeline.filters.base import AnyFilterPlugin

_PLUGINS: Final[tuple[AnyFilterPlugin, ...]] = (
    cidr.PLUGIN,
    clone.PLUGIN,
    csv.PLUGIN,
    date.PLUGIN,
    dissect.PLUGIN,
    drop.PLUGIN,
    fingerprint.PLUGIN,
    geoip.PLUGIN,
    grok.PLUGIN,
    json.PLUGIN,
    kv.PLUGIN,
    mutate.PLUGIN,
    prune.PLUGIN,
    split.PLUGIN,
    translate.PLUGIN,
    truncate.PLUGIN,
    urldecode.PLUGIN,
    useragent.PLUGIN,
    uuid.PLUGIN,
)

FILTERS: Final[Mapping[str, AnyFilterPlugin]] = MappingProxyType({plugin.name: plugin for plugin in _PLUGINS})

"""Every filter this executor has, by its Logstash name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from atalaia.pipeline.filters import drop, json, mutate
from atalaia.pipeline.filters.base import AnyFilterPlugin

_PLUGINS: Final[tuple[AnyFilterPlugin, ...]] = (drop.PLUGIN, json.PLUGIN, mutate.PLUGIN)

FILTERS: Final[Mapping[str, AnyFilterPlugin]] = MappingProxyType({plugin.name: plugin for plugin in _PLUGINS})

"""Every output this executor has, by its Logstash name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from atalaia.pipeline.outputs import elasticsearch, file, pipeline, stdout
from atalaia.pipeline.outputs.base import AnyOutputPlugin

_PLUGINS: Final[tuple[AnyOutputPlugin, ...]] = (
    elasticsearch.PLUGIN,
    file.PLUGIN,
    pipeline.PLUGIN,
    stdout.PLUGIN,
)

OUTPUTS: Final[Mapping[str, AnyOutputPlugin]] = MappingProxyType({plugin.name: plugin for plugin in _PLUGINS})

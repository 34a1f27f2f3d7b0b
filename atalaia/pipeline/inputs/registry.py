"""Every input this executor has, by its Logstash name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from atalaia.pipeline.inputs import file, generator, pipeline, stdin
from atalaia.pipeline.inputs.base import AnyInputPlugin

_PLUGINS: Final[tuple[AnyInputPlugin, ...]] = (
    file.PLUGIN,
    generator.PLUGIN,
    pipeline.PLUGIN,
    stdin.PLUGIN,
)

INPUTS: Final[Mapping[str, AnyInputPlugin]] = MappingProxyType({plugin.name: plugin for plugin in _PLUGINS})

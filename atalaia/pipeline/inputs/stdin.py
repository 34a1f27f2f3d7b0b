"""Lines of standard input. Source: logstash-input-stdin 3.4."""

from __future__ import annotations

from dataclasses import replace

from atalaia.pipeline.context import PipelineContext
from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.event import Event
from atalaia.pipeline.inputs.base import InputOptions, InputPlugin
from atalaia.pipeline.inputs.describe import Describe, set_if_absent
from atalaia.pipeline.reference import FieldReference
from atalaia.pipeline.settings import CodecSetting, Settings, SettingValue


class StdinOptions(InputOptions):
    """Options of ``stdin``: those every input has."""

    codec: CodecSetting = "line"


_LINEWISE = {"plain": "line", "json": "json_lines"}
"""Codecs for whole documents that Logstash changes for their line-wise kin on a stream."""


def _build(_options: StdinOptions, context: PipelineContext, ecs: EcsCompatibility) -> Describe:
    field = FieldReference.parse("[host][hostname]" if ecs is EcsCompatibility.V8 else "host")
    host = context.host

    def describe(event: Event, _path: str) -> None:
        set_if_absent(field, event, host)

    return describe


def _codec(value: SettingValue) -> SettingValue:
    if isinstance(value, Settings):
        return replace(value, plugin=_LINEWISE.get(value.plugin, value.plugin))
    return _LINEWISE.get(str(value), value)


PLUGIN = InputPlugin("stdin", StdinOptions, _build, _codec)

"""Events that another pipeline sends. Source: logstash-core 9.5, ``logstash/plugins/builtin/pipeline/input.rb``."""

from __future__ import annotations

from atalaia.pipeline.context import PipelineContext
from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.event import Event
from atalaia.pipeline.inputs.base import InputOptions, InputPlugin
from atalaia.pipeline.inputs.describe import Describe
from atalaia.pipeline.settings import SettingValue, Text


class PipelineOptions(InputOptions):
    """Options of ``pipeline``.

    Attributes:
        address: What the outputs of other pipelines name in ``send_to``; one address has one input.
    """

    address: Text


def _build(_options: PipelineOptions, _context: PipelineContext, _ecs: EcsCompatibility) -> Describe:
    def describe(_event: Event, _path: str) -> None:
        """Add nothing: an event keeps the origin it came with."""

    return describe


def _codec(value: SettingValue) -> SettingValue:
    return value


def _address(options: PipelineOptions) -> str:
    return options.address


PLUGIN = InputPlugin("pipeline", PipelineOptions, _build, _codec, address=_address)

"""Send events to other pipelines. Source: logstash-core 9.5, ``logstash/plugins/builtin/pipeline/output.rb``.

Each address gets a copy of the event, ``@metadata`` included. Pipelines that are connected run in the same batch, so
that an event is done only when every pipeline it went to is done with it.
"""

from __future__ import annotations

from atalaia.pipeline.context import PipelineContext
from atalaia.pipeline.event import Event
from atalaia.pipeline.options import OptionError
from atalaia.pipeline.outputs.base import Delivery, Link, OutputPlugin, Write
from atalaia.pipeline.settings import Flag, PluginOptions, Settings, Texts


class PipelineOptions(PluginOptions):
    """Options of ``pipeline``.

    Attributes:
        send_to: The addresses of ``pipeline`` inputs.
        ensure_delivery: ``true``: each address must have an input. ``false``: events for one that has none are
            discarded, as Logstash does.
    """

    send_to: Texts
    ensure_delivery: Flag = True


def _build(options: PipelineOptions, _context: PipelineContext, _settings: Settings) -> Write:
    for address in options.send_to:
        if "%{" in address:
            raise OptionError("send_to", f"{address!r} would depend on the event", "name each address, in branches")
    addresses = options.send_to

    def write(event: Event, delivery: Delivery) -> None:
        for address in addresses:
            delivery.forward(event, address)

    return write


def _sends(options: PipelineOptions, settings: Settings) -> tuple[Link, ...]:
    position = settings.position_of("send_to")
    return tuple(Link(address, position, required=options.ensure_delivery) for address in options.send_to)


PLUGIN = OutputPlugin("pipeline", PipelineOptions, _build, _sends)

"""Make an event of each part of a field. Source: logstash-filter-split 3.1.9 and Ruby's ``String#split``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from atalaia.pipeline.errors import EventError
from atalaia.pipeline.event import Event
from atalaia.pipeline.filters.base import Expanding, FilterContext, FilterOptions, FilterPlugin
from atalaia.pipeline.reference import FieldReference
from atalaia.pipeline.ruby_split import ruby_split
from atalaia.pipeline.settings import Text
from atalaia.pipeline.sprintf import compile_static_reference
from atalaia.pipeline.values import Value

_FAILURE: Final = "_split_type_failure"


class SplitOptions(FilterOptions):
    r"""Options of ``split``.

    Attributes:
        field: The field that is split: a text, or an array.
        terminator: What ends a part of a text; by default a newline. A ``\n`` that is written is two characters.
        target: Where each part is put; by default in the place of the field.
    """

    field: Text = "message"
    terminator: Text = "\n"
    target: Text | None = None


def build(options: SplitOptions, context: FilterContext) -> Expanding:
    """Build the filter.

    Empty texts and nulls make no event. A text without the terminator goes on as it is, without the common options; a
    field that is neither text nor array tags the event.
    """
    source, terminator = compile_static_reference(options.field), options.terminator
    target = source if options.target is None else compile_static_reference(options.target)
    spread = _spreading(target, context)
    spread_array = spread if options.target is not None else _taking(source, spread)

    def run(event: Event) -> list[Event]:
        value = source(event).get(event)
        if isinstance(value, list):
            return spread_array(event, value)
        if not isinstance(value, str):
            event.fail(_FAILURE)
            return [event]
        parts = ruby_split(value, terminator)
        return [event] if len(parts) == 1 else spread(event, parts)

    return Expanding(run)


_Spread = Callable[[Event, Sequence[Value]], list[Event]]
"""Makes an event of each value; an event without any is dropped."""


def _spreading(target: Callable[[Event], FieldReference], context: FilterContext) -> _Spread:
    def spread(event: Event, values: Sequence[Value]) -> list[Event]:
        place = target(event)
        parts: list[Event] = []
        for value in values:
            if value is None or value == "":
                continue
            part = event.derive()
            place.set(part, value)
            context.decorate(part)
            parts.append(part)
        if not parts:
            event.cancel()
        return parts or [event]

    return spread


def _taking(source: Callable[[Event], FieldReference], spread: _Spread) -> _Spread:
    """Take the array out of the event first, so that it is not copied for each of its items."""

    def take(event: Event, values: Sequence[Value]) -> list[Event]:
        place = source(event)
        taken = place.remove(event)
        try:
            return spread(event, values)
        except EventError:
            place.set(event, taken)  # whoever keeps the event as a dead letter keeps the whole of it
            raise

    return take


PLUGIN = FilterPlugin("split", SplitOptions, build)

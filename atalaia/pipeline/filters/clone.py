"""Copy events. Source: logstash-filter-clone 4.2.0."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final, TypeAlias

from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.event import Event
from atalaia.pipeline.filters.base import Expanding, FilterContext, FilterOptions, FilterPlugin
from atalaia.pipeline.options import OptionError
from atalaia.pipeline.settings import Items

_LOGGER: Final = logging.getLogger(__name__)

_Mark: TypeAlias = Callable[[Event], None]


class CloneOptions(FilterOptions):
    """Options of ``clone``.

    Attributes:
        clones: One copy is made for each; it is the copy's ``type``, with ECS a tag of the copy.
        ecs_compatibility: Whether copies are tagged; the pipeline's setting where absent.
    """

    clones: Items
    ecs_compatibility: EcsCompatibility | None = None


def build(options: CloneOptions, context: FilterContext) -> Expanding:
    """Build the filter; the common options are applied to the copies only."""
    ecs = (options.ecs_compatibility or context.pipeline.ecs_compatibility) != EcsCompatibility.DISABLED
    marks = [_tagging(name) if ecs else _typing(name) for name in options.clones]
    decorate = context.decorate
    if not marks:
        _LOGGER.warning("%s: clones is empty, so that nothing is copied", context.position)

    def run(event: Event) -> list[Event]:
        copies: list[Event] = []
        for mark in marks:
            copy = event.derive()
            mark(copy)
            decorate(copy)
            copies.append(copy)
        return [event, *copies]

    return Expanding(run)


def _typing(name: str | float) -> _Mark:
    def mark(event: Event) -> None:
        event.data["type"] = name

    return mark


def _tagging(name: str | float) -> _Mark:
    if not isinstance(name, str):
        raise OptionError("clones", f"{name!r} is no tag", "list texts")
    return lambda event: event.tag(name)


PLUGIN = FilterPlugin("clone", CloneOptions, build)

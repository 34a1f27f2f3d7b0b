"""Drop events. Source: logstash-filter-drop 3.0.5."""

from __future__ import annotations

import random
from typing import Final

from atalaia.pipeline.event import Event
from atalaia.pipeline.filters.base import FilterContext, FilterFunction, FilterOptions, FilterPlugin
from atalaia.pipeline.settings import Number

_ALL: Final = 100


class DropOptions(FilterOptions):
    """Options of ``drop``.

    Attributes:
        percentage: How many of a hundred events are dropped, chosen at random.
    """

    percentage: Number = _ALL


def build(options: DropOptions, _context: FilterContext) -> FilterFunction:
    """Build the filter; a dropped event is gone, so that its common options have no effect."""
    percentage = options.percentage

    def drop(event: Event) -> bool:
        if percentage >= _ALL or random.random() * _ALL < percentage:  # noqa: S311 - a sample, no secret
            event.cancel()
        return False

    return drop


PLUGIN = FilterPlugin("drop", DropOptions, build)

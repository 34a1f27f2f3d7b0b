"""Give events a random id. Source: logstash-filter-uuid 3.0.5."""

from __future__ import annotations

import uuid

from atalaia.pipeline.event import Event
from atalaia.pipeline.filters.base import FilterContext, FilterFunction, FilterOptions, FilterPlugin
from atalaia.pipeline.settings import Flag, Text
from atalaia.pipeline.sprintf import compile_static_reference


class UuidOptions(FilterOptions):
    """Options of ``uuid``.

    Attributes:
        target: The field for a new UUID of version 4.
        overwrite: Whether a value that is there is replaced.
    """

    target: Text
    overwrite: Flag = False


def build(options: UuidOptions, _context: FilterContext) -> FilterFunction:
    """Build the filter; the common options are applied whether or not the id was there already."""
    target, overwrite = compile_static_reference(options.target), options.overwrite

    def run(event: Event) -> bool:
        field = target(event)
        present = field.get(event)
        if overwrite or present is None or present is False:
            field.set(event, str(uuid.uuid4()))
        return True

    return run


PLUGIN = FilterPlugin("uuid", UuidOptions, build)

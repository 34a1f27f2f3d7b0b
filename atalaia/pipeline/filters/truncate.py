"""Cut texts that are too long. Source: logstash-filter-truncate 1.0.6.

Lengths count bytes of UTF-8, and half a character is never left. The common options are applied when anything was cut.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from atalaia.pipeline.event import Event
from atalaia.pipeline.filters.base import FilterContext, FilterFunction, FilterOptions, FilterPlugin
from atalaia.pipeline.reference import FieldReference
from atalaia.pipeline.settings import Integer, Texts
from atalaia.pipeline.sprintf import compile_static_reference
from atalaia.pipeline.values import Value

_Shorten: TypeAlias = Callable[[str], str | None]


class TruncateOptions(FilterOptions):
    """Options of ``truncate``.

    Attributes:
        fields: The fields to cut; all of the event where absent. Of an array the texts right in it are cut, of an
            object the texts at any depth but in arrays of objects.
        length_bytes: How many bytes a text may have; with a negative number every text becomes null.
    """

    fields: Texts | None = None
    length_bytes: Integer


def build(options: TruncateOptions, _context: FilterContext) -> FilterFunction:
    """Build the filter."""
    cut = _Cut(_shortening(options.length_bytes), lru_cache(maxsize=4096)(FieldReference.parse))
    if options.fields is None:
        return lambda event: sum(cut.member("", name, event) for name in list(event.data)) > 0
    fields = [(text, compile_static_reference(text)) for text in options.fields]
    return lambda event: sum(cut.field(text, reference(event), event) for text, reference in fields) > 0


@dataclass(frozen=True, slots=True)
class _Cut:
    """Cuts what is in a field.

    Attributes:
        shorten: Cuts a text.
        parse: Reads a reference; members of objects are found by their names behind the field's, as in Logstash.
    """

    shorten: _Shorten
    parse: Callable[[str], FieldReference]

    def member(self, parent: str, name: str, event: Event) -> bool:
        """Cut what is in a member of a field, of which the name is given as it was written; tell whether it changed."""
        text = f"{parent}[{name}]"
        return self.field(text, self.parse(text), event)

    def field(self, text: str, reference: FieldReference, event: Event) -> bool:
        """Cut what is in a field and tell whether it changed."""
        value = reference.get(event)
        if isinstance(value, dict):
            return sum(self.member(text, name, event) for name in list(value)) > 0
        after = self._shortened(value)
        if after == value:
            return False
        reference.set(event, after)
        return True

    def _shortened(self, value: Value) -> Value:
        if isinstance(value, str):
            return self.shorten(value)
        if isinstance(value, list):
            return [self.shorten(item) if isinstance(item, str) else item for item in value]
        return value


def _shortening(length: int) -> _Shorten:
    if length < 0:
        return lambda _text: None

    def shorten(text: str) -> str:
        encoded = text.encode("utf-8")
        return text if len(encoded) <= length else encoded[:length].decode("utf-8", "ignore")

    return shorten


PLUGIN = FilterPlugin("truncate", TruncateOptions, build)

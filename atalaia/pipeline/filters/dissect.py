"""Take text apart at fixed delimiters. Source: logstash-filter-dissect 1.3.0."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pydantic import Field

from atalaia.pipeline.dissect.conversion import CONVERSIONS, compile_conversion
from atalaia.pipeline.dissect.dissector import Dissector
from atalaia.pipeline.dissect.mapping import MappingError
from atalaia.pipeline.errors import EventError
from atalaia.pipeline.event import Event
from atalaia.pipeline.filters.base import FilterContext, FilterFunction, FilterOptions, FilterPlugin
from atalaia.pipeline.filters.decorate import Decorate
from atalaia.pipeline.java import ruby_text
from atalaia.pipeline.options import OptionError
from atalaia.pipeline.reference import FieldReference
from atalaia.pipeline.settings import TextHash, Texts
from atalaia.pipeline.sprintf import compile_static_reference


class DissectOptions(FilterOptions):
    """Options of ``dissect``.

    Attributes:
        mapping: Fields to the dissections of their texts. The common options are applied after each that succeeds.
        convert_datatype: Fields to the types (``int``, ``float``) they get after all dissections.
        tag_on_failure: Tags for an event of which a text does not fit its dissection; one without the field gets none.
    """

    mapping: TextHash = Field(default_factory=dict)
    convert_datatype: TextHash = Field(default_factory=dict)
    tag_on_failure: Texts = ("_dissectfailure",)


@dataclass(frozen=True, slots=True)
class _Dissect:
    mappings: tuple[tuple[Callable[[Event], FieldReference], Dissector], ...]
    conversions: tuple[Callable[[Event], None], ...]
    tags: tuple[str, ...]
    decorate: Decorate

    def __call__(self, event: Event) -> bool:
        try:
            for source, dissector in self.mappings:
                self._dissect(event, source(event), dissector)
            for convert in self.conversions:
                convert(event)
        except EventError:
            event.fail(*self.tags)
        return False

    def _dissect(self, event: Event, source: FieldReference, dissector: Dissector) -> None:
        if not source.includes(event):
            event.fail()
            return
        text = ruby_text(source.get(event))
        found = dissector.split(text) if text else None
        if found is None:
            event.fail(*self.tags)
            return
        dissector.fill(event, found)
        self.decorate(event)


def build(options: DissectOptions, context: FilterContext) -> FilterFunction:
    """Build the filter; an error anywhere in it, the common options included, tags the event."""
    mappings = [(compile_static_reference(field), _dissector(text)) for field, text in options.mapping.items() if text]
    return _Dissect(
        tuple(mappings), tuple(_conversions(options.convert_datatype)), options.tag_on_failure, context.decorate
    )


def _dissector(text: str) -> Dissector:
    try:
        return Dissector.compile(text)
    except MappingError as error:
        raise OptionError("mapping", str(error)) from error


def _conversions(kinds: dict[str, str]) -> list[Callable[[Event], None]]:
    for kind in kinds.values():
        if kind.upper() not in CONVERSIONS:
            raise OptionError("convert_datatype", f"there is no type {kind!r}", "the types are int and float")
    return [compile_conversion(field, kind) for field, kind in kinds.items()]


PLUGIN = FilterPlugin("dissect", DissectOptions, build)

"""Decode percent sequences. Source: logstash-filter-urldecode 3.0.6.

A ``+`` stays, as does a ``%`` that no two hexadecimal digits follow. All bytes that come out, also those that were not
encoded, are read in the charset. The common options are applied even after a failure.
"""

from __future__ import annotations

import re
from typing import Final

from atalaia.pipeline.charset import Decoding, decoding
from atalaia.pipeline.errors import EventError
from atalaia.pipeline.event import Event
from atalaia.pipeline.filters.base import FilterContext, FilterFunction, FilterOptions, FilterPlugin
from atalaia.pipeline.reference import FieldReference
from atalaia.pipeline.settings import Flag, Text, Texts
from atalaia.pipeline.sprintf import compile_static_reference
from atalaia.pipeline.values import Value

_SEQUENCE: Final = re.compile(rb"%([0-9A-Fa-f]{2})")


class UrldecodeOptions(FilterOptions):
    """Options of ``urldecode``.

    Attributes:
        field: The field to decode: a text, or the texts in an array or object at any depth; a missing one becomes null.
        all_fields: Whether all fields are decoded instead.
        charset: What the decoded bytes mean.
        tag_on_failure: Tags when a field cannot be set.
    """

    field: Text = "message"
    all_fields: Flag = False
    charset: Text = "UTF-8"
    tag_on_failure: Texts = ("_urldecodefailure",)


def build(options: UrldecodeOptions, _context: FilterContext) -> FilterFunction:
    """Build the filter."""
    read, tags = decoding(options.charset), options.tag_on_failure
    source = compile_static_reference(options.field)

    def decode_field(event: Event) -> None:
        field = source(event)
        field.set(event, _decoded(field.get(event), read))

    def decode_all(event: Event) -> None:
        for name, value in list(event.data.items()):
            FieldReference.parse(name).set(event, _decoded(value, read))

    decode = decode_all if options.all_fields else decode_field

    def run(event: Event) -> bool:
        try:
            decode(event)
        except EventError:
            event.fail(*tags)
        return True

    return run


def _decoded(value: Value, read: Decoding) -> Value:
    if isinstance(value, str):
        return read(_SEQUENCE.sub(_byte, value.encode("utf-8")))
    if isinstance(value, list):
        return [_decoded(item, read) for item in value]
    if isinstance(value, dict):
        return {name: _decoded(item, read) for name, item in value.items()}
    return value


def _byte(match: re.Match[bytes]) -> bytes:
    return bytes.fromhex(match[1].decode("ascii"))


PLUGIN = FilterPlugin("urldecode", UrldecodeOptions, build)

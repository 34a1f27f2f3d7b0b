"""Which documents a store takes, and what their fields mean: one rule for every store.

It is as strict as Elasticsearch with our templates (no coercion, no dynamic fields, aliases cannot be written), and
stricter where a document could not be counted the same everywhere: only the list fields may hold several values, an
instant lies in the years 2 to 9998, nesting ends (``wellformed.py``), and ``_doc_count`` repeats ``sample_weight``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final, TypeAlias

from analyzers.fields import DOC_COUNT, MOST_WEIGHT, SAMPLE_WEIGHT, TIMESTAMP
from analyzers.store.document import Document, JsonValue
from analyzers.store.leaves import Leaf, LeafError, read_leaf
from analyzers.store.schema import LIST_FIELDS, Schema
from analyzers.store.shapes import shapes_of
from analyzers.store.wellformed import is_metadata, is_utf8, name_refusal, value_refusal

LONGEST_ID: Final = 512
"""Bytes of an ``_id``, Elasticsearch's own limit."""

Fields: TypeAlias = Mapping[str, tuple[Leaf, ...]]
"""Stored field name to its values as they are indexed; fields without a value are not in it."""

# Elasticsearch's rule for index names, and the three parts of a data stream.
_STREAM: Final = re.compile(r"""(?:logs|metrics)-[^-\s\\/*?"<>|,#:A-Z]+-[^\s\\/*?"<>|,#:A-Z]+""")
_LONGEST_STREAM: Final = 200  # 255 bytes, less the prefix and the suffix of a backing index


class Refusal(ValueError):  # noqa: N818 - a verdict on a document, caught by the stores and never shown as an error
    """A document that no store takes; the text is the reason."""


def refusal(document: Document, schema: Schema) -> str | None:
    """Return why a store must not take the document, in words, or ``None`` when it must.

    A document that looks like others before it is judged by their shape, and only if that does not take it by the rule
    itself, :func:`read_fields`.
    """
    if label_refusal(document) is None and shapes_of(schema).read(document.decoded()) is not None:
        return None
    try:
        read_fields(document, schema)
    except Refusal as refused:
        return str(refused)
    return None


def read_fields(document: Document, schema: Schema) -> Fields:
    """Return the values of a document's fields as they are indexed.

    Raises:
        Refusal: When no store takes the document.
    """
    if reason := label_refusal(document) or _shape_refusal(document.body):
        raise Refusal(reason)
    found: dict[str, list[Leaf]] = {}
    objects = _objects(schema)
    for name, value in _mapped(document.body, "", schema, objects):
        try:
            leaf = read_leaf(schema.fields[name], value)
        except LeafError as error:
            raise Refusal(f"{name}: {error}") from error
        if leaf is not None:
            found.setdefault(name, []).append(leaf)
    _check_counts(found, document)
    _check_weight(found, document)
    return {name: tuple(values) for name, values in found.items()}


def label_refusal(document: Document) -> str | None:
    """Return why no store takes a document of such a stream or id, whatever its body, or ``None``."""
    return stream_refusal(document.stream) or _id_refusal(document.id)


@lru_cache(maxsize=1024)
def stream_refusal(stream: str) -> str | None:
    """Return why a name cannot be a data stream's, or ``None`` when it can."""
    if _STREAM.fullmatch(stream) is None or len(stream.encode("utf-8", "surrogatepass")) > _LONGEST_STREAM:
        return f"{stream!r} is not a data stream's name (type-dataset-environment, lower case, at most 200 bytes)"
    return None if is_utf8(stream) else f"{stream!r} is not valid text"


def _id_refusal(identity: str) -> str | None:
    if identity.isascii() and 0 < len(identity) <= LONGEST_ID:
        return None
    if not identity or not is_utf8(identity) or len(identity.encode()) > LONGEST_ID:
        return f"the _id must be text of 1 to {LONGEST_ID} bytes"
    return None


def _shape_refusal(body: Mapping[str, JsonValue]) -> str | None:
    """Check what holds for mapped and unmapped parts alike: names, text, depth."""
    for name, value in body.items():
        if reason := name_refusal(name) or value_refusal(value, 1, name):
            return reason
    return None


@lru_cache
def _objects(schema: Schema) -> frozenset[str]:
    """Return every dotted name that is an object in the mapping."""
    names = (*schema.fields, *schema.aliases)
    return frozenset(name[:at] for name in names for at, letter in enumerate(name) if letter == ".")


def _mapped(
    value: Mapping[str, JsonValue],
    prefix: str,
    schema: Schema,
    objects: frozenset[str],
) -> Iterator[tuple[str, JsonValue]]:
    """Yield the mapped fields of an object with each of their values, dotted names and lists resolved."""
    for key, child in value.items():
        if not prefix and is_metadata(key):
            if key == DOC_COUNT and SAMPLE_WEIGHT in schema.fields:
                continue  # it repeats the weight, with which it is compared
            raise Refusal(f"{key} is a name that Elasticsearch keeps for itself")
        yield from _resolve(f"{prefix}{key}", child, schema, objects)


def _resolve(
    name: str,
    value: JsonValue,
    schema: Schema,
    objects: frozenset[str],
) -> Iterator[tuple[str, JsonValue]]:
    if name in schema.aliases:
        raise Refusal(f"{name} is another name of {schema.aliases[name]} and cannot be written")
    if isinstance(value, list) and (name in objects or name in schema.fields):
        for item in value:
            yield from _resolve(name, item, schema, objects)
    elif name in schema.fields:
        yield name, value
    elif name in objects and value is not None:
        if not isinstance(value, dict):
            raise Refusal(f"{name} must be an object, not {_shown(value)}")
        yield from _mapped(value, f"{name}.", schema, objects)
    elif (leaf := _leaf_above(name, schema)) is not None:
        raise Refusal(f"{leaf} must be a {schema.fields[leaf].type}, not an object")


def _leaf_above(name: str, schema: Schema) -> str | None:
    """Return the mapped field that a dotted name tries to look inside, as ``message.text`` does."""
    heads = (name[:at] for at, letter in enumerate(name) if letter == ".")
    return next((head for head in heads if head in schema.fields), None)


def _check_counts(found: Mapping[str, list[Leaf]], document: Document) -> None:
    if TIMESTAMP not in found:
        raise Refusal(f"{TIMESTAMP} is missing")
    for name, values in found.items():
        if len(values) > 1 and name not in LIST_FIELDS:
            raise Refusal(f"{name} holds {len(values)} values; it can hold one")
    if isinstance(document.body.get(TIMESTAMP), list):
        raise Refusal(f"{TIMESTAMP} must be one instant, not a list")


def _check_weight(found: Mapping[str, list[Leaf]], document: Document) -> None:
    """Make sure that a document stands for as many events by its own field as by Elasticsearch's."""
    weight, count = found.get(SAMPLE_WEIGHT, [1])[0], document.body.get(DOC_COUNT, 1)
    if not isinstance(weight, int) or not 1 <= weight <= MOST_WEIGHT:
        raise Refusal(f"{SAMPLE_WEIGHT}: {weight} is not from 1 to {MOST_WEIGHT:,}")
    if type(count) is not int or count != weight:
        raise Refusal(f"{DOC_COUNT} is {_shown(count)}, but {SAMPLE_WEIGHT} is {weight}: they must be the same")


def _shown(value: JsonValue) -> str:
    return "a list" if isinstance(value, list) else repr(value)[:80]

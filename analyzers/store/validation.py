"""Which documents a store takes, and what their fields mean: one rule for every store.

It is as strict as Elasticsearch with our templates (no coercion, no dynamic fields, aliases cannot be written), and
stricter where a document could not be counted the same everywhere: only the list fields may hold several values, an
instant lies in the years 2 to 9998, and nesting ends at :data:`DEEPEST`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final, TypeAlias

from analyzers.fields import TIMESTAMP
from analyzers.store.document import Document, JsonValue
from analyzers.store.leaves import Leaf, LeafError, read_leaf
from analyzers.store.schema import Schema

LIST_FIELDS: Final = frozenset({"tags", "event.category", "event.type"})
"""Fields that hold a set of values by their meaning in ECS; they can be tested but not grouped by."""

METADATA: Final = frozenset(
    {
        "_data_stream_timestamp",
        "_doc_count",
        "_field_names",
        "_id",
        "_ignored",
        "_ignored_source",
        "_index",
        "_index_mode",
        "_nested_path",
        "_primary_term",
        "_routing",
        "_seq_no",
        "_source",
        "_version",
    },
)
"""Names that Elasticsearch keeps for itself at the top of a document; ``_doc_count`` would change every count."""

DEEPEST: Final = 100
"""Levels of objects and lists that a document may nest."""

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
    """Return why a store must not take the document, in words, or ``None`` when it must."""
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
    if reason := stream_refusal(document.stream) or _id_refusal(document.id) or _shape_refusal(document.body):
        raise Refusal(reason)
    found: dict[str, list[Leaf]] = {}
    objects = _objects((*schema.fields, *schema.aliases))
    for name, value in _mapped(document.body, "", schema, objects):
        try:
            leaf = read_leaf(schema.fields[name], value)
        except LeafError as error:
            raise Refusal(f"{name}: {error}") from error
        if leaf is not None:
            found.setdefault(name, []).append(leaf)
    _check_counts(found, document)
    return {name: tuple(values) for name, values in found.items()}


def stream_refusal(stream: str) -> str | None:
    """Return why a name cannot be a data stream's, or ``None`` when it can."""
    if _STREAM.fullmatch(stream) is None or len(stream.encode("utf-8", "surrogatepass")) > _LONGEST_STREAM:
        return f"{stream!r} is not a data stream's name (type-dataset-environment, lower case, at most 200 bytes)"
    return None if _is_utf8(stream) else f"{stream!r} is not valid text"


def _id_refusal(identity: str) -> str | None:
    if not identity or not _is_utf8(identity) or len(identity.encode()) > LONGEST_ID:
        return f"the _id must be text of 1 to {LONGEST_ID} bytes"
    return None


def _shape_refusal(body: Mapping[str, JsonValue]) -> str | None:
    """Check what holds for mapped and unmapped parts alike: names, text, depth."""
    for name, value in body.items():
        if reason := _name_refusal(name) or _value_refusal(value, 1, name):
            return reason
    return None


@lru_cache(maxsize=4096)
def _name_refusal(name: str) -> str | None:
    """Check one name; names repeat from document to document, so the verdicts are kept."""
    if any(not part.strip() for part in name.split(".")):
        return f"the field name {name!r} has an empty part"
    return None if _is_utf8(name) else _not_text(name)


def _value_refusal(value: JsonValue, depth: int, name: str | None = None) -> str | None:
    """Check a value and all below it, in the order of the document."""
    if depth > DEEPEST:
        return f"it nests deeper than {DEEPEST} levels"
    if isinstance(value, dict):
        for key, child in value.items():
            if depth >= DEEPEST:
                return f"it nests deeper than {DEEPEST} levels"
            if reason := _name_refusal(key) or _value_refusal(child, depth + 1, key):
                return reason
        return None
    if isinstance(value, list):
        return next((reason for child in value if (reason := _value_refusal(child, depth + 1))), None)
    return _scalar_refusal(value, name)


def _scalar_refusal(value: JsonValue, name: str | None) -> str | None:
    if isinstance(value, str):
        return None if _is_utf8(value) else _not_text(name)
    if isinstance(value, float) and value - value != 0:
        return f"{name or 'a value'} is {value}, which JSON cannot say"
    if isinstance(value, int) and not -(2**63) <= value < 2**64:
        return f"{name or 'a value'} is an integer beyond 64 bits"
    return None


def _not_text(name: str | None) -> str:
    return f"{name or 'a value'!r} holds text that is not valid Unicode"


def _is_utf8(text: str) -> bool:
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:  # a lone surrogate
        return False
    return True


@lru_cache
def _objects(names: tuple[str, ...]) -> frozenset[str]:
    """Return every dotted name that is an object in the mapping."""
    return frozenset(name[:at] for name in names for at, letter in enumerate(name) if letter == ".")


def _mapped(
    value: Mapping[str, JsonValue],
    prefix: str,
    schema: Schema,
    objects: frozenset[str],
) -> Iterator[tuple[str, JsonValue]]:
    """Yield the mapped fields of an object with each of their values, dotted names and lists resolved."""
    for key, child in value.items():
        if not prefix and key.partition(".")[0] in METADATA:
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


def _shown(value: JsonValue) -> str:
    return "a list" if isinstance(value, list) else repr(value)[:80]

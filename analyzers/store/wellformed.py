"""What holds for every part of a document, mapped or not: names, text, depth, numbers that JSON can say."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from analyzers.store.document import JsonValue

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
"""Names that Elasticsearch keeps for itself at the top of a document; ``_doc_count`` changes every count.

It may stand beside the weight that it repeats (:mod:`analyzers.store.validation`), and nowhere else.
"""

DEEPEST: Final = 100
"""Levels of objects and lists that a document may nest."""

LEAST_INTEGER: Final = -(2**63)
GREATEST_INTEGER: Final = 2**64 - 1


def is_metadata(name: str) -> bool:
    """Tell whether a name at the top of a document is Elasticsearch's own."""
    return name.partition(".")[0] in METADATA


@lru_cache(maxsize=4096)
def name_refusal(name: str) -> str | None:
    """Return why a store takes no such name, or ``None``; names repeat, so the verdicts are kept."""
    if any(not part.strip() for part in name.split(".")):
        return f"the field name {name!r} has an empty part"
    return None if is_utf8(name) else _not_text(name)


def value_refusal(value: JsonValue, depth: int, name: str | None = None) -> str | None:
    """Check a value and all below it, in the order of the document.

    Args:
        value: It may hold anything.
        depth: Levels above it; 1 for a value at the top of a document.
        name: What it is called, for the reason.

    Returns:
        Why no store takes it, or ``None``.
    """
    if depth > DEEPEST:
        return f"it nests deeper than {DEEPEST} levels"
    if isinstance(value, dict):
        for key, child in value.items():
            if depth >= DEEPEST:
                return f"it nests deeper than {DEEPEST} levels"
            if reason := name_refusal(key) or value_refusal(child, depth + 1, key):
                return reason
        return None
    if isinstance(value, list):
        return next((reason for child in value if (reason := value_refusal(child, depth + 1))), None)
    return _scalar_refusal(value, name)


def is_utf8(text: str) -> bool:
    """Tell whether text can be written as UTF-8: whether it has no lone surrogate."""
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:  # a lone surrogate
        return False
    return True


def _scalar_refusal(value: JsonValue, name: str | None) -> str | None:
    if isinstance(value, str):
        return None if is_utf8(value) else _not_text(name)
    if isinstance(value, float) and value - value != 0:
        return f"{name or 'a value'} is {value}, which JSON cannot say"
    if isinstance(value, int) and not LEAST_INTEGER <= value <= GREATEST_INTEGER:
        return f"{name or 'a value'} is an integer beyond 64 bits"
    return None


def _not_text(name: str | None) -> str:
    return f"{name or 'a value'!r} holds text that is not valid Unicode"

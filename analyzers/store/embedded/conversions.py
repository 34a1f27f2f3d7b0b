"""The values of a column in SQL, as another type than the one it was written with.

What cannot be said in the other type without a loss is null; the documents keep it.
"""

from __future__ import annotations

from typing import Final

from analyzers.store.embedded.columns import Column, quoted
from analyzers.store.schema import INTEGRAL, NUMERIC, FieldType

_TEXTUAL: Final = frozenset({FieldType.KEYWORD, FieldType.TEXT, FieldType.IP})
_INTEGER: Final = "-?[0-9]+"
_DECIMAL: Final = r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?"
_CANONICAL: Final = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z"
_OCTET: Final = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_IPV4: Final = rf"({_OCTET}\.){{3}}{_OCTET}"
_FORMAT: Final = "%Y-%m-%dT%H:%M:%S.%gZ"


def value_of(name: str, stored: Column, wanted: Column) -> str:
    """Return the expression of a field's values as they are wanted.

    Args:
        name: The field's.
        stored: How the segment holds it.
        wanted: How the query sees it.
    """
    column = quoted(stored.twin or name)
    if stored.many and wanted.many:
        if stored.type is wanted.type:
            return column
        each = f"list_transform({column}, lambda item: {_converted('item', stored.type, wanted)})"
        return f"list_filter({each}, lambda item: item IS NOT NULL)"
    if stored.many:
        return _converted(f"(CASE WHEN len({column}) = 1 THEN {column}[1] END)", stored.type, wanted)
    value = _converted(column, stored.type, wanted)
    return f"(CASE WHEN {value} IS NOT NULL THEN [{value}] END)" if wanted.many else value


def _converted(value: str, stored: FieldType, wanted: Column) -> str:
    target = Column(wanted.type).sql
    if stored is wanted.type:
        return value
    match wanted.type:
        case FieldType.KEYWORD | FieldType.TEXT:
            return _as_text(value, stored)
        case FieldType.IP:
            return _matching(value, stored, _IPV4)
        case FieldType.BOOLEAN:
            return f"TRY_CAST({_matching(value, stored, 'true|false')} AS BOOLEAN)"
        case FieldType.DATE:
            return f"epoch_ms(try_strptime({_matching(value, stored, _CANONICAL)}, '{_FORMAT}'))"
        case _:
            number = f"TRY_CAST({_as_number(value, stored, wanted.type)} AS {target})"
            return number if wanted.type in INTEGRAL else _finite(number)


def _finite(number: str) -> str:
    """Return the number, or null where the text of one was too large for the type."""
    return f"nullif(nullif({number}, 'inf'), '-inf')"


def _as_text(value: str, stored: FieldType) -> str:
    if stored in _TEXTUAL:
        return value
    if stored is FieldType.DATE:
        return f"strftime(make_timestamp_ms({value}), '{_FORMAT}')"
    return f"CAST({value} AS VARCHAR)"


def _as_number(value: str, stored: FieldType, wanted: FieldType) -> str:
    if stored in NUMERIC:
        whole = stored in INTEGRAL or wanted not in INTEGRAL
        return value if whole else f"(CASE WHEN {value} = trunc({value}) THEN {value} END)"
    return _matching(value, stored, _INTEGER if wanted in INTEGRAL else _DECIMAL)


def _matching(value: str, stored: FieldType, pattern: str) -> str:
    """Return the text where it matches, else null; what is no text never does."""
    if stored not in _TEXTUAL:
        return "NULL::VARCHAR"
    return f"(CASE WHEN regexp_full_match({value}, '{pattern}') THEN {value} END)"

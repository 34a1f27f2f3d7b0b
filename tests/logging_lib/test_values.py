"""Any value becomes one line of valid JSON."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from typing import NoReturn

from hypothesis import given
from hypothesis import strategies as st

from logging_lib.values import MAX_VALUES, TOO_DEEP, TOO_MANY, clean_record, encode_line

SURROGATES = st.text(st.characters(codec=None, exclude_categories=()))
SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats() | SURROGATES | st.binary() | st.datetimes() | st.decimals()
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.integers() | SURROGATES, inner) | st.tuples(inner, inner) | st.uuids()
    ),
    max_leaves=15,
)


def finite_only(text: str) -> NoReturn:
    """Refuse the constants that Python's reader takes but JSON does not have."""
    raise AssertionError(f"{text} is not JSON")


@given(st.dictionaries(SURROGATES, VALUES))
def test_any_dictionary_is_one_line_of_json(fields: dict[str, object]) -> None:
    """Whatever is logged, the line is strict JSON in UTF-8 and holds one newline, at its end."""
    line = encode_line(clean_record(fields))
    assert line.count(b"\n") == 1
    assert line.endswith(b"\n")
    read = json.loads(line.decode("utf-8"), parse_constant=finite_only)
    assert len(read) == len({key.encode("utf-8", "backslashreplace") for key in fields})


@given(st.text())
def test_ordinary_text_comes_back_unchanged(text: str) -> None:
    """NUL bytes, newlines, quotes and separators in text survive the way through the line."""
    assert json.loads(encode_line(clean_record({"text": text})))["text"] == text


class Colour(Enum):
    """An enumeration somebody logs."""

    GREEN = "verde"


class Hostile:
    """An object whose own text cannot be had."""

    def __repr__(self) -> str:
        raise RuntimeError("no")


def test_each_kind_of_value_has_its_form() -> None:
    """The forms of the kinds that JSON lacks, one by one."""
    cleaned = clean_record(
        {
            "nan": float("nan"),
            "infinity": float("-inf"),
            "huge": 2**64,
            "surrogate": "a\ud800b",
            "bytes": b"ol\xc3\xa1 \xff",
            "utc": datetime(2024, 1, 15, 10, 30, 0, 123999, tzinfo=UTC),
            "zoned": datetime(2024, 1, 15, 7, 30, tzinfo=timezone(timedelta(hours=-3))),
            "span": timedelta(minutes=1, milliseconds=500),
            "decimal": Decimal("1.10"),
            "enum": Colour.GREEN,
            "set": {"b", "a"},
            "error": ValueError("wrong"),
            "hostile": Hostile(),
        },
    )
    assert cleaned == {
        "nan": None,
        "infinity": None,
        "huge": "18446744073709551616",
        "surrogate": "a\\ud800b",
        "bytes": "olá \\xff",
        "utc": "2024-01-15T10:30:00.123Z",
        "zoned": "2024-01-15T10:30:00.000Z",
        "span": 60.5,
        "decimal": "1.10",
        "enum": "verde",
        "set": ["a", "b"],
        "error": "ValueError: wrong",
        "hostile": "<unprintable Hostile>",
    }


def test_a_value_that_holds_itself_ends() -> None:
    """Cycles are cut, both the deep one and the one that doubles at each level."""
    deep: list[object] = []
    deep.append(deep)
    wide: list[object] = []
    wide.extend([wide, wide])
    assert TOO_DEEP.encode() in encode_line(clean_record({"deep": deep}))
    text = encode_line(clean_record({"wide": wide}))
    assert TOO_MANY.encode() in text
    assert len(text) < MAX_VALUES * 40

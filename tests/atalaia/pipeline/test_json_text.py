"""JSON is read and written as Logstash reads and writes it."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atalaia.pipeline.json_text import JsonError, read_json, write_json
from atalaia.pipeline.timestamp import Timestamp
from atalaia.pipeline.values import Value

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=9)
VALUES = st.recursive(
    SCALARS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_values_survive(value: Value) -> None:
    """Written and read again, by us and by the standard library, a value is the same; integers keep every digit."""
    text = write_json(value)
    assert read_json(text) == value
    assert json.loads(text) == value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12345678901234567890123", 12345678901234567890123),
        ('{"a":1,"a":2}', {"a": 2}),
        (" [1.10] \n", [1.1]),
        (r'"\ud83d\ude00"', "\U0001f600"),
    ],
)
def test_read(text: str, expected: Value) -> None:
    """Long integers, equal keys, surrogate pairs."""
    assert read_json(text) == expected


@pytest.mark.parametrize(
    "text", ["NaN", "[1,]", "{'a':1}", "{} x", r'"\ud83d"', '"\x01"', "[" * 300 + "]" * 300, "", "1" * 5000]
)
def test_refused(text: str) -> None:
    """Not JSON, half a surrogate pair, a control character, too deep, too long a number."""
    with pytest.raises(JsonError):
        read_json(text)


def test_trailing_text_may_be_allowed() -> None:
    """The codecs read the first document of a line."""
    assert read_json('{"a":1} trailing', trailing=True) == {"a": 1}


def test_what_json_has_no_number_for_is_text() -> None:
    """Infinities and instants are written as text, beside a null and a long integer too."""
    values: dict[str, Value] = {"i": math.inf, "m": -math.inf, "n": None, "t": Timestamp(0), "l": 2**70}
    assert json.loads(write_json(values)) == {
        "i": "Infinity",
        "m": "-Infinity",
        "n": None,
        "t": "1970-01-01T00:00:00.000Z",
        "l": 2**70,
    }
    assert read_json("1e400") == math.inf

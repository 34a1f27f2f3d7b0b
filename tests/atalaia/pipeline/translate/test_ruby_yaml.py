"""YAML as Ruby reads it; the expected values are what JRuby 10 with Psych 5.2.3 printed for the same texts."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atalaia.pipeline.translate.ruby_scalars import Symbol, read_scalar
from atalaia.pipeline.translate.ruby_yaml import Pair, read_yaml
from atalaia.pipeline.translate.streamed_yaml import stream_yaml
from atalaia.pipeline.values import Value

SCALARS: list[tuple[str, Value]] = [
    ("", None),
    ("~", None),
    ("NULL", None),
    ("Yes", True),
    ("on", True),
    ("oFf", False),
    ("y", "y"),
    ("nulls", "nulls"),
    ("12", 12),
    ("-1,234_567", -1234567),
    ("0x1F", 31),
    ("0b1_01", 5),
    ("017", 15),
    ("089", "089"),
    ("0", 0),
    ("1.5", 1.5),
    ("1_0.5e+2", 1050.0),
    (".5", 0.5),
    ("1.", 1.0),
    ("1e3", "1e3"),
    (".", "."),
    ("1:30", 5400),
    ("1:30:05", 5405),
    ("1:30:05.5", 5405.5),
    ("1:60", "1:60"),
    (".inf", math.inf),
    ("-.INF", -math.inf),
    ("10.0.0.1", "10.0.0.1"),
    ("2024-13-01", "2024-13-01"),
    ("-", "-"),
    ("v1.2", "v1.2"),
    ("٣", "٣"),
    ("a: b", "a: b"),
    ("0_7", 7),
    ("0x", "0x"),
    ("1__0", "1__0"),
    ("0o17", "0o17"),
    ("-1:30", -1800),
    ("1.5e3", "1.5e3"),
    ("1.e+5", 100000.0),
    ("+foo", "+foo"),
    ("2024-01-01 x", "2024-01-01 x"),
]


@pytest.mark.parametrize(("text", "expected"), SCALARS)
def test_plain_words(text: str, expected: Value) -> None:
    """The type, too, is the expected one."""
    read = read_scalar(text)
    assert (type(read), read) == (type(expected), expected)


def test_not_a_number() -> None:
    """It equals nothing, itself included."""
    read = read_scalar(".nan")
    assert isinstance(read, float)
    assert math.isnan(read)


def test_symbols() -> None:
    """A colon before a word makes a symbol, which is not the text."""
    assert read_scalar(":ok") == Symbol("ok")
    assert read_scalar(':"two words"') == Symbol("two words")
    assert read_scalar(":") == ":"


@pytest.mark.parametrize("text", ["2024-01-31", "2024-1-1", "2024-01-31T10:00:00Z", "2024-01-31 10:00:00.5 +02:00"])
def test_dates_and_times_are_refused(text: str) -> None:
    """An event cannot hold Ruby's dates; the message says what to do."""
    with pytest.raises(ValueError, match="put it in quotes"):
        read_scalar(text)


DOCUMENTS: list[tuple[str, list[Pair]]] = [
    ("", []),
    ("just text", []),
    ("a: 1\n'2': [x, {y: ~}]", [("a", 1), ("2", ["x", {"y": None}])]),
    ("2: a\n:s: b\ntrue: c\n", [(2, "a"), (Symbol("s"), "b"), (True, "c")]),
    (
        "a: '12'\nb: |\n  12\nc: !!str 12\nd: !!float '1.5'\ne: !x 12",
        [("a", "12"), ("b", "12\n"), ("c", "12"), ("d", 1.5), ("e", 12)],
    ),
    ("a:\n  1: x\n  1.50: y\n  true: z\n  :s: w", [("a", {"1": "x", "1.5": "y", "true": "z", "s": "w"})]),
    ("- a: 1\n- [{b: 2}]\n- c\n---\nd: 4", [("a", 1), ("b", 2), ("d", 4)]),
    ("a: &x {k: 1}\nb: *x\nc: [*x]", [("a", {"k": 1}), ("b", {"k": 1}), ("c", [{"k": 1}])]),
    ("a: &x {k: 1, l: 2}\nb:\n  k: 0\n  <<: *x\n  l: 3", [("a", {"k": 1, "l": 2}), ("b", {"k": 1, "l": 3})]),
    ("a: &x {k: 1}\nb:\n  <<: [*x, {k: 2, l: 3}]", [("a", {"k": 1}), ("b", {"k": 1, "l": 3})]),
    ("a: &x 1\nb: &x 2\nc: *x", [("a", 1), ("b", 2), ("c", 2)]),
    ("a: ! 12\nb: !!int '5'\nc: !!bool 'yes'\nd: !!str", [("a", 12), ("b", 5), ("c", True), ("d", "")]),
    ("a: &v 5\n? &k key\n: *v\nb: *k\n<<: no mapping", [("a", 5), ("key", 5), ("b", "key"), ("<<", "no mapping")]),
    ("!<tag:yaml.org,2002:omap>\na: 1", [("a", 1)]),
    ("? [1, 2]\n: x", [([1, 2], "x")]),
    ("a: :sym", [("a", "sym")]),
]


@pytest.mark.parametrize(("text", "pairs"), DOCUMENTS)
def test_documents(text: str, pairs: list[Pair]) -> None:
    """Mappings outside all others are the dictionary; anchors, merges and tags are as in YAML 1.1."""
    assert read_yaml(text) == pairs


STREAMED: list[tuple[str, list[Pair]]] = [
    (
        "a: 1\nb: '1'\n007: x\nyes: on\nc: 1.50\nd: 1_0\ne:\nf: ~\ng: null",
        [
            ("a", 1),
            ("b", "1"),
            (7, "x"),
            ("yes", "on"),
            ("c", 1.5),
            ("d", "1_0"),
            ("e", None),
            ("f", None),
            ("g", None),
        ],
    ),
    (
        "a: true\nb: True\nc: 0x1F\nd: 2024-01-31\ne: !!str 5",
        [("a", True), ("b", "True"), ("c", "0x1F"), ("d", "2024-01-31"), ("e", 5)],
    ),
    ("- a: {1: [x, {b: c}]}\n- d: 2", [("a", {"1": ["x", {"b": "c"}]})]),
    ("a: 1\n---\nb: 2", [("a", 1)]),
]


@pytest.mark.parametrize(("text", "pairs"), STREAMED)
def test_streamed(text: str, pairs: list[Pair]) -> None:
    """The first mapping is the dictionary; fewer words mean anything."""
    assert stream_yaml(text) == pairs


@pytest.mark.parametrize("text", ["a: [", "a: *none", "a: &x [*x]", "\ta: 1", "a: " + "[" * 101 + "]" * 101])
def test_what_neither_reads(text: str) -> None:
    """Malformed text, aliases to nothing, and what is nested without end."""
    for read in (read_yaml, stream_yaml):
        with pytest.raises(ValueError, match=r"."):
            read(text)


@pytest.mark.parametrize("text", ["", "just text", "a: &x 1\nb: *x"])
def test_what_cannot_be_streamed(text: str) -> None:
    """A file without a mapping, an alias."""
    with pytest.raises(ValueError, match=r"no mapping|alias \*x"):
        stream_yaml(text)


@pytest.mark.parametrize(
    "text", ["a: !ruby/object:X {}", "!ruby/hash:X\na: 1", "a: !ruby/sym x", "a: !!binary aGk=", "a: !!omap [b: 1]"]
)
def test_what_ruby_alone_can_make(text: str) -> None:
    """Objects and bytes are refused."""
    with pytest.raises(ValueError, match=r"cannot be read"):
        read_yaml(text)


def test_entries_under_an_unknown_tag() -> None:
    """Logstash would find nothing there."""
    with pytest.raises(ValueError, match=r"under the tag !mine"):
        read_yaml("!mine\na: 1")


@given(st.integers(), st.floats(allow_nan=False, allow_infinity=False).filter(lambda number: "e" not in repr(number)))
def test_numbers_are_themselves(whole: int, real: float) -> None:
    """As Ruby writes them, so it reads them; both ways of reading agree."""
    text = f"a: {whole}\nb: {real!r}\nc: '{whole}'"
    assert read_yaml(text) == stream_yaml(text) == [("a", whole), ("b", real), ("c", str(whole))]

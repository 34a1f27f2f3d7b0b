"""Dissections the corpus does not show; expected values are worked out by hand, delimiter by delimiter."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atalaia.pipeline.errors import ConfigurationError
from atalaia.pipeline.values import Value
from tests.atalaia.pipeline.corpus import Json
from tests.atalaia.pipeline.filters.running import run_filter

FAILED: dict[str, Json] = {"tags": ["_dissectfailure"]}


def dissected(mapping: str, text: Value, options: str = "", **fields: Value) -> dict[str, Json]:
    """Return what dissect makes of an event whose ``m`` holds the text, without ``m``."""
    section = f"dissect {{ mapping => {{ 'm' => '{mapping}' }} {options} }}"
    after = run_filter(section, {"m": text, **fields})
    return {name: value for name, value in after.items() if name != "m"}


PARTS = st.text(string.ascii_letters + string.digits + "-_é☃ ", max_size=6)
DELIMITERS = st.text(";:|/[]()<>=", min_size=1, max_size=3)


@given(PARTS.filter(bool), st.lists(st.tuples(DELIMITERS, PARTS), max_size=6), DELIMITERS, DELIMITERS)
def test_what_is_joined_is_taken_apart(first: str, rest: list[tuple[str, str]], before: str, after: str) -> None:
    """The parts of a joined text, between other text, are found again."""
    text = before + first + "".join(delimiter + part for delimiter, part in rest) + after
    mapping = before + "%{p0}" + "".join(f"{delimiter}%{{p{n}}}" for n, (delimiter, _) in enumerate(rest, 1)) + after
    assert dissected(mapping, text) == {f"p{n}": part for n, part in enumerate([first, *(part for _, part in rest)])}


@given(st.lists(PARTS.map(str.split).map("".join).filter(bool), min_size=2, max_size=6), st.integers(1, 5))
def test_padding_is_skipped(parts: list[str], width: int) -> None:
    """With -> a delimiter may be repeated any number of times, once included."""
    mapping = " ".join(f"%{{p{n}->}}" for n in range(len(parts)))
    assert dissected(mapping, (" " * width).join(parts)) == {f"p{n}": part for n, part in enumerate(parts)}


TEXTS: list[tuple[str, Value, dict[str, Json]]] = [
    # the text before the first field must be there; the last field takes the rest
    ("/var/%{k}", "/var/a/log", {"k": "a/log"}),
    ("/var/%{k}/log", "/var/a/log", {"k": "a"}),
    ("/var/%{k}/log", "/var/a/log/x", {"k": "a"}),
    ("/var/%{k}/log", "x/var/a/log", FAILED),
    ("%{k}.log", "apache", FAILED),
    ("%{a},%{b},%{c}", "1,,", {"a": "1", "b": "", "c": ""}),
    ("%{a},%{b},%{c}", "1,2", FAILED),
    ("%{a} » %{b}", "x » y » z", {"a": "x", "b": "y » z"}),
    ("%{a}\n%{b}", "x\ny", {"a": "x", "b": "y"}),
    # a text that begins with the first delimiter: the search does not go on behind it
    ("%{a},%{b},%{c}", ",2,3", {"a": "", "b": "", "c": ",2,3"}),
    ("%{a->},%{b},%{c}", ",,2,3", {"a": "", "b": "2", "c": "3"}),
    ("[%{a},%{b}", "[,2", {"a": "", "b": "2"}),
    # two fields without a delimiter between them never match
    ("%{a}%{b}", "xy", FAILED),
    # skipped fields; a suffix alone is a field without a name
    ("%{} %{?x} %{y}", "1 2 3", {"y": "3"}),
    ("%{?} %{?->} %{y}", "1 2    3", {"y": "3"}),
    ("%{/2} %{y}", "1 2", {"": "1", "y": "2"}),
    ("%{a/123} %{b/1} %{c->/2} %{d}", "1 2 3  4", {"a/123": "1", "b": "2", "c": "3", "d": "4"}),
    # appended: a plain field first, then by order, with the delimiter before each
    ("%{+a} %{b} %{+a}", "1 2 3", {"a": "1 3", "b": "2"}),
    ("%{+a} %{a} %{+a}", "1 2 3", {"a": "2 1 3"}),
    ("%{+a/2} %{+a/1} %{+a/4} %{+a/3}", "1 2 3 go", {"a": "2 1 go 3"}),
    ("%{+a/2->}, %{+a/1}", "1, , 2", {"a": "2 1"}),
    ("%{+a/10};%{+a/9}", "x;y", {"a": "y x"}),
    ("%{b/9} %{b/1}", "1 2", {"b": "2"}),
    # indirect: under what the event, or another field, holds
    ("error: %{?e}, %{&e}", "error: E1, what", {"E1": "what"}),
    ("%{&e}, %{?e}", "what, E1", {"E1": "what"}),
    ("%{?k}=%{&other}", "a=1", {}),
    ("%{?k}=%{&k}", "=1", {}),
    ("%{?k} %{&k}", "[n][x] 1", {"n": {"x": "1"}}),
    # places
    ("%{[n][a]} %{[@metadata][b]}", "1 2", {"n": {"a": "1"}}),
    ("%{n.a} %{@version}", "1 2", {"n.a": "1"}),
    # what cannot be set is a failure; what was set before stays
    ("%{a} %{b]} %{c}", "1 2 3", {"a": "1", **FAILED}),
    ("%{a} %{[a][b]} %{c}", "1 2 3", {"a": "1", **FAILED}),
    ("%{@timestamp} %{a}", "1 2", FAILED),
    ("%{?k} %{&k}", "x] 1", FAILED),
    # anything but text is read as Ruby prints it; null is the empty text
    ("%{a}", 5, {"a": "5"}),
    ("%{a}.%{b}", 2.5, {"a": "2", "b": "5"}),
    ("%{a}", True, {"a": "true"}),
    ("[%{a}, %{b}]", ["x", None], {"a": '"x"', "b": "nil"}),
    ("%{a} => %{b}", {"k": 1}, {"a": '{"k"', "b": "1}"}),
    ("%{a}", None, FAILED),
    ("%{a}", "", FAILED),
    # braces that are no field
    ("%{a} {b} %{c}", "1 {b} 2", {"a": "1", "c": "2"}),
    ("%{a} %{b", "1 %{b", {"a": "1"}),
    ("}", "}", FAILED),
]


@pytest.mark.parametrize(("mapping", "text", "expected"), TEXTS)
def test_texts(mapping: str, text: Value, expected: dict[str, Json]) -> None:
    """Fields get what stands between their delimiters."""
    assert dissected(mapping, text) == expected


def test_fields_of_the_event_take_part() -> None:
    """Appending and indirection begin with what the event holds, as Java prints it."""
    assert dissected("%{+a} %{&k}", "1 2", a="0", k="n") == {"a": "0 1", "k": "n", "n": "2"}
    assert dissected("x-%{+a}", "x-1", a=["u", None, 1e7]) == {"a": "[u, null, 1.0E7]x-1"}
    assert dissected("%{&k} %{?k}", "1 2", k=None) == {"k": None, "null": "1"}
    assert dissected("%{&k}", "1", k=7) == {"k": 7, "7": "1"}
    assert dissected("%{+a}", "1", a=None) == {"a": None, **FAILED}


def test_a_missing_source_is_passed_over() -> None:
    """It gets no tag and no common option, and the conversions are made."""
    section = 'dissect { mapping => { "m" => "%{a}" } convert_datatype => { "n" => "int" } add_tag => ["ok"] }'
    assert run_filter(section, {"n": "7"}) == {"n": 7}


def test_later_dissections_see_what_earlier_ones_found() -> None:
    """Mappings run in their order, the common options after each."""
    section = 'dissect { mapping => ["m", "%{z} %{n}", "n", "%{a} %{b}"] add_tag => ["%{z}%{b}"] }'
    assert run_filter(section, {"m": "1 2 3"}) == {
        "m": "1 2 3",
        "z": "1",
        "n": "2 3",
        "a": "2",
        "b": "3",
        "tags": ["1%{b}", "13"],
    }


def test_an_error_ends_the_filter() -> None:
    """After a field that cannot be set neither other dissections nor conversions follow; a mere mismatch goes on."""
    section = 'dissect { mapping => ["m", "%{a]}", "n", "%{b}"] convert_datatype => { "c" => "int" } }'
    assert run_filter(section, {"m": "1", "n": "2", "c": "3"}) == {"m": "1", "n": "2", "c": "3", **FAILED}
    section = 'dissect { mapping => ["m", "x%{a}", "n", "%{b}"] convert_datatype => { "c" => "int" } }'
    assert run_filter(section, {"m": "1", "n": "2", "c": "3"}) == {"m": "1", "n": "2", "b": "2", "c": 3, **FAILED}


CONVERSIONS: list[tuple[str, Value, Json]] = [
    ("int", "1.9", 1),
    ("int", "-1.9", -1),
    ("int", "1e3", 1000),
    ("INT", "+7", 7),
    ("int", ".5", 0),
    ("int", "5.", 5),
    ("int", 2.75, 2),
    ("int", "123456789012345678901234567890", 123456789012345678901234567890),
    ("int", " 1", None),
    ("int", "0x10", None),
    ("int", "1_000", None),
    ("int", "", None),
    ("int", "1e", None),
    ("int", "1e999999999", None),
    ("int", True, None),
    ("int", ["1"], None),
    ("int", {}, None),
    ("float", "2.50", 2.5),
    ("float", "1e-2", 0.01),
    ("float", "99999999999999999999", 99999999999999999999),
    ("Float", 3, 3),
    ("float", "NaN", None),
    ("float", "1,5", None),
]


@pytest.mark.parametrize(("kind", "value", "number"), CONVERSIONS)
def test_conversions(kind: str, value: Value, number: Json) -> None:
    """A value becomes a number as BigDecimal reads it, or stays and names the field and the type in a tag."""
    after = run_filter(f'dissect {{ convert_datatype => {{ "[n][v]" => "{kind}" }} }}', {"n": {"v": value}})
    failed: dict[str, Json] = {"n": {"v": value}, "tags": [f"_dataconversionuncoercible_[n][v]_{kind}"]}  # type: ignore[dict-item]  # no timestamps
    assert after == (failed if number is None else {"n": {"v": number}})


@pytest.mark.parametrize("fields", [{}, {"v": None}])
def test_nothing_cannot_be_converted(fields: dict[str, Value]) -> None:
    """A missing field and a null one get the same tag; the common options are not applied by conversions alone."""
    after = run_filter('dissect { convert_datatype => { "v" => "float" } add_tag => ["ok"] }', fields)
    assert after["tags"] == ["_dataconversionnullvalue_v_float"]


def test_failure_tags_and_common_options() -> None:
    """All tags of the option are added, once; the common options only on success; an error in them is a failure."""
    assert dissected("x%{a}", "1", 'tag_on_failure => ["p", "q"] add_tag => ["ok"]', tags=["q"]) == {"tags": ["q", "p"]}
    assert dissected("%{a}", "1", 'add_field => { "[m][x]" => "y" }') == {"a": "1", **FAILED}
    assert dissected("", "1", 'add_tag => ["ok"]') == {}


REFUSED = [
    ('mapping => { "m" => "text only" }', "mapping.*has no field"),
    ('mapping => { "m" => "%{+}" }', "mapping.*no name"),
    ('mapping => { "m" => "%{+/2}" }', "mapping.*no name"),
    ('mapping => { "m" => "%{&}" }', "mapping.*no name"),
    ('mapping => { "m" => "%{+&a}" }', "mapping.*both"),
    ('mapping => { "m" => "%{&+a}" }', "mapping.*both"),
    ('convert_datatype => { "a" => "integer" }', "convert_datatype.*no type 'integer'"),
    ('patterns => { "a" => "b" }', "no option 'patterns'"),
]


@pytest.mark.parametrize(("options", "reason"), REFUSED)
def test_what_cannot_be_honoured_is_refused_at_load(options: str, reason: str) -> None:
    """The refusal names the plugin and the option."""
    with pytest.raises(ConfigurationError, match=rf"dissect[\s\S]*{reason}"):
        run_filter(f"dissect {{ {options} }}", {})

"""Options and rows of csv that the corpus does not show.

Expected values are worked out by hand from the documentation, or written by Python's csv module.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atalaia.pipeline.config.parse import parse_configuration
from atalaia.pipeline.context import PipelineContext
from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.errors import ConfigurationError
from atalaia.pipeline.event import Event
from atalaia.pipeline.pipeline import Pipeline, compile_pipeline
from atalaia.pipeline.timestamp import Timestamp
from atalaia.pipeline.values import Value
from tests.atalaia.pipeline.corpus import Json
from tests.atalaia.pipeline.filters.running import NOW, run_filter

FAILED: dict[str, Json] = {"tags": ["_csvparsefailure"]}
TEXT = st.text(st.characters(codec="utf-8"), max_size=6)


def columns(text: Value, options: str = "", **fields: Value) -> dict[str, Json]:
    """Return what csv adds to an event whose ``message`` is the text."""
    after = run_filter(f"csv {{ {options} }}", {"message": text, **fields})
    return {name: value for name, value in after.items() if name != "message"}


def row(text: str, options: str = "") -> Json:
    """Return the values of a text's row, or the tags when there is none."""
    after = columns(text, f'target => "t" {options}')
    found = after.get("t", {})
    assert isinstance(found, dict)
    return after.get("tags") or [found[f"column{number}"] for number in range(1, len(found) + 1)]


def written(values: list[str], separator: str, quoting: int) -> str:
    """Return values as Python's csv module writes them."""
    text = io.StringIO()
    csv.writer(text, delimiter=separator, quoting=quoting, lineterminator="").writerow(values)  # type: ignore[arg-type]  # the module's constants are plain numbers
    return text.getvalue()


@given(st.lists(TEXT, min_size=1, max_size=5), st.sampled_from([",", ";", "\t", "|", " "]))
def test_quoted_rows_are_read_back(values: list[str], separator: str) -> None:
    """Whatever stands in quotes, separators, line ends and quotes included, is read as it was written."""
    assert row(written(values, separator, csv.QUOTE_ALL), f'separator => "{separator}"') == values


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=6), min_size=2, max_size=5))
def test_rows_quoted_where_needed_are_read_back(values: list[str]) -> None:
    """A value that is empty and not quoted is null."""
    assert row(written(values, ",", csv.QUOTE_MINIMAL)) == [value or None for value in values]


ROWS: list[tuple[str, str, Json]] = [
    # the first line is the row; the first line end of the text says how lines end
    ("a,b\nc,d", "", ["a", "b"]),
    ("a,b\r\nc", "", ["a", "b"]),
    ("a\rb,c\nd", "", ["a"]),
    ('"a\nb",c\r\n', "", ["_csvparsefailure"]),
    ('"a\r\nb",c\r\nd', "", ["a\r\nb", "c"]),
    ('"a\rb\nc",d', "", ["a\rb\nc", "d"]),
    ("a\nb\r,c", "", ["a"]),
    ("\n", "", []),
    ("\r\n", "", []),
    # quotes
    ('""', "", [""]),
    ('"",', "", ["", None]),
    ('""""', "", ['"']),
    ('"a""b"', "", ['a"b']),
    ('"""a"""', "", ['"a"']),
    ('"a" ', "", ["_csvparsefailure"]),
    (' "a"', "", ["_csvparsefailure"]),
    ('a"b', "", ["_csvparsefailure"]),
    ('"a', "", ["_csvparsefailure"]),
    ('"', "", ["_csvparsefailure"]),
    ("'a,b',\"c", 'quote_char => "\'"', ["a,b", '"c']),
    ('"a" b,c', 'quote_char => "\\x00"', ['"a" b', "c"]),
    ('"a",b', 'quote_char => ""', ["_csvparsefailure"]),
    ("a,b", "quote_char => '\"\"'", ["_csvparsefailure"]),
    # separators
    ("a b  c", 'separator => " "', ["a", "b", None, "c"]),
    ("a::b:c::", 'separator => "::"', ["a", "b:c", None]),
    ('a::"b::c"::d:e', 'separator => "::"', ["a", "b::c", "d:e"]),
    ('a:::"b"', 'separator => "::"', ["_csvparsefailure"]),
    ("a.b", 'separator => "."', ["a", "b"]),
    ("a,b", 'separator => ""', ["_csvparsefailure"]),
]


@pytest.mark.parametrize(("text", "options", "expected"), ROWS)
def test_rows(text: str, options: str, expected: Json) -> None:
    """Rows are read as Ruby's CSV library reads them."""
    assert row(text, options) == expected


COLUMNS: list[tuple[Value, str, dict[str, Json]]] = [
    # names
    ("1,2,3", "", {"column1": "1", "column2": "2", "column3": "3"}),
    ("1,2,3", 'columns => ["a"]', {"a": "1", "column2": "2", "column3": "3"}),
    ("1,2,3", 'columns => ["a"] autogenerate_column_names => false', {"a": "1"}),
    ("1,2", "autogenerate_column_names => false", {}),
    ("1", 'columns => ["a", "b"]', {"a": "1"}),
    ("1,2", 'columns => ["a", "a"]', {"a": "2"}),
    ("1,2", 'columns => ["a.b", "[n][c]"]', {"a.b": "1", "n": {"c": "2"}}),
    ("1,2", 'columns => ["a", "[n][c]"] target => "t"', {"t": {"a": "1", "n": {"c": "2"}}}),
    ("1", 'columns => ["a"] target => "[t][u]"', {"t": {"u": {"a": "1"}}}),
    ("1", 'columns => ["a"] target => ""', {"a": "1"}),
    ("1", 'columns => ["[@metadata][a]"]', {}),
    # empty columns and rows
    (',"",x', "", {"column1": None, "column2": "", "column3": "x"}),
    (',"",x', "skip_empty_columns => true", {"column3": "x"}),
    ("", "", FAILED),
    ("", 'skip_empty_rows => true add_tag => ["ok"]', {"tags": ["_csvskippedemptyfield"]}),
    ("\n", 'skip_empty_rows => true add_tag => ["ok"]', {"tags": ["_csvskippedemptyfield"]}),
    ("\n", 'add_tag => ["ok"]', {"tags": ["ok"]}),
    (",", "skip_empty_rows => true", {"column1": None, "column2": None}),
    # what cannot be set or read is a failure; what was set before stays
    ("1,2,3", 'columns => ["a", "b]", "c"] add_tag => ["ok"]', {"a": "1", **FAILED}),
    ("1,2", 'columns => ["a", "[a][b]"]', {"a": "1", **FAILED}),
    ("1", 'columns => ["@timestamp"]', FAILED),
    ("1", 'add_field => { "[column1][x]" => "y" }', {"column1": "1", **FAILED}),
    (["a,b"], "", FAILED),
    ({"a": "b"}, "", FAILED),
    (True, "", FAILED),
    (1.5, "", FAILED),
    (False, 'add_tag => ["ok"]', {}),
    (None, 'add_tag => ["ok"]', {}),
]


@pytest.mark.parametrize(("text", "options", "expected"), COLUMNS)
def test_columns(text: Value, options: str, expected: dict[str, Json]) -> None:
    """Values go to the fields that the columns' names mean."""
    assert columns(text, options) == expected


def test_the_source_may_be_any_field() -> None:
    """It is kept; nothing can be put below it, since it is text."""
    assert run_filter('csv { source => "[a][b]" target => "[a][c]" }', {"a": {"b": "1"}}) == {
        "a": {"b": "1", "c": {"column1": "1"}}
    }
    assert columns("1", 'target => "message"') == FAILED


def compiled(options: str) -> Pipeline:
    """Return a pipeline with one csv filter."""
    context = PipelineContext("main", EcsCompatibility.DISABLED, lambda: NOW, Path("/"))
    return compile_pipeline(parse_configuration(f"filter {{ csv {{ {options} }} }}", "test.conf"), context, {})


def run_lines(options: str, *lines: Value) -> list[dict[str, Value]]:
    """Return what one filter adds to the events of several lines that are not dropped."""
    pipeline, now = compiled(options), Timestamp.from_datetime(NOW)
    events = pipeline.filter([Event.create({"message": line}, now) for line in lines])
    return [
        {name: item for name, item in event.data.items() if name[0] != "@" and name != "message"} for event in events
    ]


def test_the_first_event_may_name_the_columns() -> None:
    """It is dropped; a name it leaves out is made up, and the same line counts as values when it comes again."""
    assert run_lines("autodetect_column_names => true", None, "a,,c", "1,2,3,4", "a,,c") == [
        {},
        {"a": "1", "column2": "2", "c": "3", "column4": "4"},
        {"a": "a", "column2": None, "c": "c"},
    ]


def test_a_header_may_come_again() -> None:
    """With skip_header every event that holds the names is dropped, quoted or not, and no other."""
    options = "autodetect_column_names => true skip_header => true"
    assert run_lines(options, "a,b", "1,2", '"a","b"', "a,b,c") == [
        {"a": "1", "b": "2"},
        {"a": "a", "b": "b", "column3": "c"},
    ]
    assert run_lines("skip_header => true", "column1", "x") == [{"column1": "column1"}, {"column1": "x"}]


def test_names_that_are_given_are_not_looked_for() -> None:
    """With columns, autodetection has no effect."""
    assert run_lines('autodetect_column_names => true columns => ["x"]', "a", "1") == [{"x": "a"}, {"x": "1"}]


def test_names_looked_for_in_an_empty_text() -> None:
    """A line end has no names, so that the next line is the header; after the empty text no row can be read."""
    assert run_lines("autodetect_column_names => true", "\n", "a", "1") == [{"a": "1"}]
    assert run_lines("autodetect_column_names => true", "", "a", "1") == [FAILED, FAILED]


@pytest.mark.parametrize("ecs", list(EcsCompatibility))
def test_ecs_changes_nothing(ecs: EcsCompatibility) -> None:
    """With ECS and without it, and with the option of the filter itself, columns go to the root."""
    assert run_filter("csv { }", {"message": "1"}, ecs=ecs) == {"message": "1", "column1": "1"}
    own = 'csv { ecs_compatibility => "v8" id => "rows" }'
    assert run_filter(own, {"message": "1"}, ecs=ecs) == {"message": "1", "column1": "1"}


REFUSED = [
    ('convert => { "a" => "string" }', "convert.*no type 'string'"),
    ('convert => { "a" => "Integer" }', "convert.*no type 'Integer'"),
    ('source => "[m"', "source.*not a field reference"),
    ('target => "t]"', "target.*not a field reference"),
    ('skip_header => "yes"', "skip_header"),
    ('column => ["a"]', "no option 'column'"),
]


@pytest.mark.parametrize(("options", "reason"), REFUSED)
def test_what_cannot_be_honoured_is_refused_at_load(options: str, reason: str) -> None:
    """The refusal names the plugin and the option."""
    with pytest.raises(ConfigurationError, match=rf"csv[\s\S]*{reason}"):
        run_filter(f"csv {{ {options} }}", {})

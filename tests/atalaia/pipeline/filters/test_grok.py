"""Options of grok that the corpus does not show."""

from __future__ import annotations

from pathlib import Path

import pytest

from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.errors import ConfigurationError
from atalaia.pipeline.grok.compiler import compile_pattern
from atalaia.pipeline.grok.conversion import ruby_float, ruby_integer
from atalaia.pipeline.grok.onigmo_sets import ExpressionError
from atalaia.pipeline.patterns import built_in
from tests.atalaia.pipeline.filters.running import run_filter


def test_pattern_files_are_read_from_the_pipelines_folder(tmp_path: Path) -> None:
    """Later files win, comments and lines without an expression are skipped, the glob chooses."""
    folder = tmp_path / "patterns"
    folder.mkdir()
    (folder / "a.grok").write_text("# ticket\nTICKET T-\\d+\nEMPTY\n", encoding="utf-8")
    (folder / "b.grok").write_text("TICKET  OSN-%{INT}\n", encoding="utf-8")
    (folder / "c.txt").write_text("TICKET no\n", encoding="utf-8")
    section = 'grok { match => { "m" => "%{TICKET:t}" } patterns_dir => ["patterns"] patterns_files_glob => "*.grok" }'
    assert run_filter(section, {"m": "see OSN-17"}, directory=tmp_path) == {"m": "see OSN-17", "t": "OSN-17"}


REFUSED = [
    ('patterns_dir => ["no-such"]', "no pattern file or folder"),
    ('pattern_definitions => { "A" => "%{B}" "B" => "%{A}" } match => { "m" => "%{A}" }', "circle"),
    ('match => { "m" => "(" }', "closing parenthesis"),
    ('match => { "m" => "%{WORD:a[b}" }', "not a field reference"),
    ("timeout_millis => -1", "timeout_millis"),
    ('timeout_scope => "line"', "timeout_scope"),
    ('pattern => "x"', "no option"),
]


@pytest.mark.parametrize(("options", "reason"), REFUSED)
def test_what_cannot_be_honoured_is_refused_at_load(tmp_path: Path, options: str, reason: str) -> None:
    """The refusal names the plugin and says why."""
    with pytest.raises(ConfigurationError, match=rf"grok[\s\S]*{reason}"):
        run_filter(f"grok {{ {options} }}", {}, directory=tmp_path)


def test_a_number_that_is_there_is_kept() -> None:
    """A capture is appended to text, but dropped where a number stands, as in Logstash."""
    section = 'grok { match => { "m" => "%{INT:n} %{WORD:w}" } }'
    assert run_filter(section, {"m": "5 b", "n": 4, "w": "a"}) == {"m": "5 b", "n": 4, "w": ["a", "b"]}


def test_numbers_and_absent_fields_are_matched_as_text() -> None:
    """A number is its digits, a missing field the empty text."""
    assert run_filter('grok { match => { "m" => "^%{INT:n:int}$" } }', {"m": 12}) == {"m": 12, "n": 12}
    assert run_filter('grok { match => { "m" => "^$" } }', {}) == {}


def test_without_break_the_last_pattern_decides() -> None:
    """A field whose last pattern fails counts as not matched, though the first one's captures are kept."""
    section = 'grok { break_on_match => false match => { "m" => ["(?<a>x)", "(?<b>y)"] } }'
    assert run_filter(section, {"m": "x"}) == {"m": "x", "a": "x", "tags": ["_grokparsefailure"]}


def test_a_capture_below_a_scalar_is_no_match() -> None:
    """Where a capture cannot be put, the event is tagged and goes on."""
    section = 'grok { match => { "m" => "%{WORD:[m][w]}" } }'
    assert run_filter(section, {"m": "x"}) == {"m": "x", "tags": ["_grokparsefailure"]}


def test_only_the_first_of_equal_captures_is_converted() -> None:
    """jls-grok converts the first group of a name and leaves the others text."""
    section = 'grok { match => { "m" => "%{INT:n:int},%{INT:n:int}" } overwrite => ["n"] }'
    assert run_filter(section, {"m": "1,2"}) == {"m": "1,2", "n": "2"}


def test_target_and_overwrite() -> None:
    """Captures go below the target; overwrite may name them with or without it."""
    section = 'grok { match => { "m" => "%{WORD:w} %{WORD:[d][x]}" } target => "t" overwrite => ["w"] }'
    assert run_filter(section, {"m": "a b", "t": {"w": "old"}}) == {"m": "a b", "t": {"w": "a", "d": {"x": "b"}}}


@pytest.mark.parametrize("scope", ["pattern", "event"])
def test_a_search_that_takes_too_long_is_tagged(scope: str) -> None:
    """Exponential expressions get the timeout's tag, not the failure's, when the limit was written down."""
    section = f'grok {{ match => {{ "m" => "^(a|a)+(a+)+b$" }} timeout_millis => 50 timeout_scope => "{scope}" }}'
    assert run_filter(section, {"m": "a" * 60})["tags"] == ["_groktimeout"]


def test_by_default_exponential_expressions_just_do_not_match() -> None:
    """Without the option the engine's own shortcut holds: no event waits for half a minute."""
    assert run_filter('grok { match => { "m" => "^(a+)+b$" } }', {"m": "a" * 60})["tags"] == ["_grokparsefailure"]


def test_the_plugins_own_compatibility_wins() -> None:
    """ecs_compatibility on the filter chooses the set, whatever the pipeline's."""
    section = 'grok { match => { "m" => "%{SYSLOGPROG}" } ecs_compatibility => disabled }'
    assert run_filter(section, {"m": "cron[7]"}, ecs=EcsCompatibility.V8) == {
        "m": "cron[7]",
        "program": "cron",
        "pid": "7",
    }


@pytest.mark.parametrize("ecs", [True, False])
def test_every_built_in_pattern_compiles(*, ecs: bool) -> None:
    """No name refers to one that is missing."""
    definitions = built_in(ecs=ecs)
    assert len(definitions) >= 90
    for name in definitions:
        compile_pattern(f"%{{{name}}}", definitions)


def test_a_definition_may_stand_in_the_pattern() -> None:
    """``%{NAME=expression}`` defines and uses; an undefined name is refused."""
    assert compile_pattern("%{YEARS:y=[0-9]{4}}", {}).match("in 2026") == ["2026"]
    with pytest.raises(ExpressionError, match="NOPE"):
        compile_pattern("%{NOPE}", {})


RUBY = [
    ("12abc", 12, 12.0),
    ("-1_000.5", -1000, -1000.5),
    ("1e3x", 1, 1000.0),
    (".5", 0, 0.5),
    ("x", 0, 0.0),
    ("", 0, 0.0),
]


@pytest.mark.parametrize(("text", "integer", "number"), RUBY)
def test_numbers_are_read_as_ruby_reads_them(text: str, integer: int, number: float) -> None:
    """The longest start that is a number counts."""
    assert (ruby_integer(text), ruby_float(text)) == (integer, number)

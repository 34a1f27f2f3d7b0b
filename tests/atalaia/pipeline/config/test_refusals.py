"""How a refused configuration reads: where, what was expected, what to write instead."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atalaia.pipeline.config.parse import parse_configuration
from atalaia.pipeline.config.scanner import DEEPEST
from atalaia.pipeline.context import PipelineContext
from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.errors import ConfigurationError
from atalaia.pipeline.event import Event
from atalaia.pipeline.pipeline import compile_pipeline
from logging_lib.clock import system_clock


def refusal(text: str) -> ConfigurationError:
    """Return the complaint about a configuration."""
    with pytest.raises(ConfigurationError) as caught:
        parse_configuration(text, "f.conf")
    return caught.value


@pytest.mark.parametrize(
    ("text", "place", "expected"),
    [
        ("filter { mutate { a => } }", "f.conf:1:24", "expected a value, found '}'"),
        ("filter { mutate { a 1 } }", "f.conf:1:21", "expected => after the option a, found '1'"),
        ("filter { if [a] == true { } }", "f.conf:1:20", "expected a [field], a list, a number or a quoted text"),
        ("filter {\n\tif [a] {\n\t\tmutate { }\n", "f.conf:3:13", "found the end of the file"),
        ("filter { mutate { a => 1b } }", "f.conf:1:24", "'1b' is no value"),
        ('filter { mutate { a => "1"b => 2 } }', "f.conf:1:27", "white space between two options"),
        ('filter { mutate { a => "1"#\nb => 2 } }', "f.conf:2:1", "white space between two options"),
        ("filter { mutate { a => b } }", "f.conf:1:24", "'b' is no value"),
        ("filter { mutate { a => { b => 1 } } }", "f.conf:1:26", "'b' is no value"),
        ("filter { mutate { a => 9223372036854775808 } }", "f.conf:1:24", "64 bits"),
        (f"filter {{ mutate {{ a => -{'9' * 5000} }} }}", "f.conf:1:24", "64 bits"),
        ("filter { mutate { a => 0890 } }", "f.conf:1:24", "octal"),
        ('filter { mutate { a => { "k" => 1 "k" => 2 } } }', "f.conf:1:35", "'k' stands twice"),
        ("filter { if [a] xor [b] and [c] { } }", "f.conf:1:17", "no precedence"),
        ("filter { if [a] and [b] nand [c] { } }", "f.conf:1:25", "no precedence"),
        ("filter { if { } }", "f.conf:1:13", "expected a [field], a list, a number or a quoted text, found '{'"),
        ("filter { if [a] =~ /x { } }\n", "f.conf:1:20", "has no closing /"),
        ("filter { if [a { } }", "f.conf:1:13", "has no closing ]"),
        ("# a\rfilter { }", "f.conf:1:4", "a carriage return alone"),
        ("\ufefffilter { }", "f.conf:1:1", "byte order mark"),
        ("filter", "f.conf:1:7", "expected { after filter, found the end of the file"),
    ],
)
def test_where_and_what(text: str, place: str, expected: str) -> None:
    """Each names file, line and column, shows the line with a caret, and says what was expected."""
    message = str(refusal(text))
    assert message.startswith(f"{place}: ")
    assert expected in message
    assert "^" in [line.strip() for line in message.splitlines()]


@pytest.mark.parametrize(
    ("text", "column", "remedy"),
    [
        ("filter { mutate { a = 1 } }", 21, "write =>"),
        ("filter { mutate { a: 1 } }", 20, "write =>"),
        ('filter { mutate { a => { "b" -> 1 } } }', 30, "write =>"),
        ("filter { mutate { a => [1,] } }", 26, "remove the comma"),
        ('filter { mutate { a => { "b" => 1, "c" => 2 } } }', 34, "white space alone"),
        ("filter { mutate { a => 1, b => 2 } }", 25, "white space alone"),
        ("filter { mutate { a => [1 2] } }", 27, "is one missing?"),
        ("filter { mutate { a => [1, 2 } }", 30, "is a ] missing"),
        ('filter { mutate { a => { "b" => 1 ] } }', 35, "is a } missing"),
        ("filter { date { timezone => Europe/Lisbon } }", 29, 'put it in quotes: "Europe/Lisbon"'),
        ("input { file { path => /var/log/x.log } }", 24, 'put it in quotes: "/var/log/x.log"'),
        ("filter { mutate { a => ${HOME} } }", 24, 'put it in quotes: "${HOME}"'),
        ("filter { mutate { a => { b.c => 1 } } }", 26, 'put it in quotes: "b.c"'),
        ("filter { grok { match => { message => /x/ } } }", 39, "without slashes"),
        ('output { stdout { codec => "json" { } } }', 28, "write json"),
        ("filter { if [a] = 1 { } }", 17, "write == to compare"),
        ("filter { if [a] === 1 { } }", 17, "write == to compare"),
        ("filter { if [a] <> 1 { } }", 17, "write != to compare"),
        ("filter { if [a] => 1 { } }", 17, "write >="),
        ("filter { if [a] ~ /x/ { } }", 17, "write =~"),
        ("filter { if [a] && [b] { } }", 17, "write and"),
        ("filter { if [a] || [b] { } }", 17, "write or"),
        ("filter { if [a] AND [b] { } }", 17, "write and"),
        ("filter { if [a] OR [b] { } }", 17, "write or"),
        ('filter { if [a] contains "x" { } }', 17, 'write "text" in [field]'),
        ('filter { if "x" !in [a] { } }', 17, "write not in"),
        ("filter { if [a] then { } }", 17, "begins with {"),
        ("filter { if [a]: }", 16, "begins with {"),
        ("filter { if [a]) { } }", 16, "no parenthesis is open"),
        ("filter { if [a] [b] { } }", 17, "[outer][inner]"),
        ("filter { if not [a] { } }", 13, "write !"),
        ('filter { if !"x" in [tags] { } }', 14, "!( … )"),
        ("filter { if ![a] == 1 { } }", 18, "!( … )"),
        ("filter { if [a] == true { } }", 20, "[field] or ![field]"),
        ("filter { if [a] == null { } }", 20, "tested by ![field]"),
        ("filter { if message == 1 { } }", 13, "a field stands in brackets: [message]"),
        ("filter { if log.level == 1 { } }", 13, "[log][level]"),
        ("filter { if %{level} == 1 { } }", 13, "a field stands in brackets: [level]"),
        ("filter { if strlen([a]) == 1 { } }", 13, "no functions"),
        ("filter { if [a] == /x/ { } }", 20, "right of =~"),
        ("filter { if [a] =~ [b] { } }", 20, "a field cannot give it"),
        ("filter { if [a] { } elsif [b] { } }", 21, "write else if"),
        ("filter { if [a] { } elif [b] { } }", 21, "write else if"),
        ("filter { unless [a] { } }", 10, "write if !( … )"),
        ("filter { if [a] { } else: { } }", 25, "begins with {"),
        ("filter { else { } }", 10, "right after the } of its if"),
        ("filter { if [a] { } drop { } else { } }", 30, "right after the } of its if"),
        ("filter { } }", 12, "no brace is open"),
        ("filters { }", 1, "did you mean filter?"),
        ("fitler { }", 1, "did you mean filter?"),
        ("mutate { }", 1, "plugins stand inside a section"),
        ("if [a] { }", 1, "conditions stand inside a section"),
        ("filter { add_tag => 1 }", 18, "options stand inside the braces of a plugin"),
        ("filter { // x\n }", 10, "a comment begins with #"),
        ("/* x */ filter { }", 1, "a comment begins with #"),
    ],
)
def test_what_to_write_instead(text: str, column: int, remedy: str) -> None:
    """What other languages write, or a slip of the key, is met with the right word."""
    error = refusal(text)
    assert error.position.column == column
    assert remedy in error.remedy


def test_a_missing_brace_names_the_one_that_is_open() -> None:
    """At the end of the file the message shows the line of the brace that was never closed."""
    error = refusal('filter {\n  if [a] == 1 {\n    mutate { add_tag => ["a"] }\n}\n')
    (note,) = error.notes
    assert (note.position.line, note.position.column) == (1, 8)
    assert "the section filter begins here" in str(error)
    assert error.remedy == "close the section filter"


def test_a_section_inside_another_tells_of_a_missing_brace() -> None:
    """The brace that is missing before it is asked for, and the open one is shown."""
    error = refusal('filter {\n  mutate { add_tag => "a" }\n\noutput {\n  stdout { }\n}\n')
    assert error.position.line == 4
    assert [note.position.line for note in error.notes] == [1]
    assert error.remedy == "is a } missing before output?"


def test_an_unclosed_quote_is_shown_where_it_opens() -> None:
    """Nothing after it can close it: the place is the quote."""
    error = refusal("filter {\n  mutate { add_tag => 'a }\n}\n")
    assert (error.position.line, error.position.column) == (2, 23)
    assert error.problem == "the text that begins here has no closing '"


def test_a_missing_quote_is_looked_for_where_the_text_began() -> None:
    """A text that runs on to the next quote makes nonsense only after it; the message points to both ends."""
    error = refusal('filter {\n  mutate { add_field => { "a" => "x } }\n  mutate { add_tag => ["y"] }\n}')
    assert error.position.line == 3
    assert [(note.position.line, note.position.column) for note in error.notes] == [(2, 34)]


def test_the_caret_stands_below_the_fault() -> None:
    """Tabs before it are kept, so that it lines up in any editor."""
    assert str(refusal("filter {\n\tmutate { ! }\n}")).splitlines()[1:] == ["  \tmutate { ! }", "  \t         ^"]


def test_a_long_line_is_shown_around_the_fault() -> None:
    """No screenful of text, and the caret still stands below the fault."""
    _, line, caret, *_ = str(refusal(f"filter {{ {'drop { } ' * 100} ! {'drop { } ' * 100} }}")).splitlines()
    assert len(line) < 250
    assert line[caret.index("^")] == "!"


@pytest.mark.parametrize(
    "nested", ["{0}if [a] {{", "mutate {{ a => {0}[", "if {0}(", "if {0}!(", "mutate {{ a => {0}{{ aa => "]
)
def test_deep_nesting_is_refused(nested: str) -> None:
    """A hundred thousand open brackets of any kind are a complaint, no crash."""
    before, _, repeated = nested.format("\0").partition("\0")
    assert f"more than {DEEPEST} deep" in refusal(f"filter {{ {before}{repeated * 100_000}").problem


@pytest.mark.parametrize(
    "chain", [" or ".join(["[a]"] * 101), " or ".join(["[a]"] * 10_000), f"[b] and !({' or '.join(['[a]'] * 100)})"]
)
def test_a_condition_of_too_many_parts_is_refused(chain: str) -> None:
    """So is a chain that nests without any bracket, in parentheses or not."""
    error = refusal(f"filter {{ if {chain} {{ }} }}")
    assert "more than 100 parts" in error.problem
    assert error.position.column == 13


def test_the_deepest_there_may_be_compiles(tmp_path: Path) -> None:
    """A hundred parts within sixty parentheses, in blocks as deep as they may be, and three hundred else ifs."""
    alternatives = " or ".join(["[b] < 1"] + ["[a]"] * 99)
    parenthesised = f"{'!(' * (DEEPEST - 1)}{alternatives}{')' * (DEEPEST - 1)}"
    blocks = DEEPEST - 3
    nested = f"{'if [a] { ' * blocks}mutate {{ add_tag => ['in'] }}{'}' * blocks}"
    arms = "".join(f"else if [a] == '{number}' {{ mutate {{ add_tag => ['t{number}'] }} }} " for number in range(300))
    chain = f"if [a] == '' {{ }} {arms}else {{ mutate {{ add_tag => ['none'] }} }}"
    text = f"filter {{ if {parenthesised} {{ mutate {{ }} }} {nested} {chain} }}"
    context = PipelineContext("main", EcsCompatibility.DISABLED, system_clock, tmp_path)
    pipeline = compile_pipeline(parse_configuration(text, "f.conf"), context, {})
    tags = [
        event.data["tags"] for event in pipeline.filter([Event({"a": a, "b": 2}) for a in ("0", "7", "299", "300")])
    ]
    assert tags == [["in", "t0"], ["in", "t7"], ["in", "t299"], ["in", "none"]]


WORDS = st.sampled_from(
    (
        "filter",
        "input",
        "{",
        "}",
        "if",
        "else",
        "elsif",
        "[a]",
        "[",
        "]",
        "==",
        "=",
        "=>",
        '"x"',
        "'",
        '"',
        "1",
        "-1.",
        "08",
        "in",
        "not",
        "and",
        "or",
        "&&",
        "(",
        ")",
        "!",
        ",",
        ";",
        ":",
        "=~",
        "/x/",
        "/",
        "#",
        "${X}",
        "%{x}",
        "json",
    )
)


@given(st.lists(WORDS | st.text(max_size=3), max_size=25), st.sampled_from(("", " ", "\n")))
def test_any_text_is_read_or_refused_with_a_place(parts: list[str], gap: str) -> None:
    """No text makes the reader fail in any other way."""
    for before in ("", "filter { mutate {", "filter { if "):
        try:
            parse_configuration(before + gap.join(parts), "f.conf")
        except ConfigurationError as error:
            place = error.position
            assert str(error).startswith(f"f.conf:{place.line}:{place.column}: ")  # noqa: PT017 - not every text raises

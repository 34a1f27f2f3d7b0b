"""What the cases reached, worked out by hand on small pipelines."""

from __future__ import annotations

from pathlib import Path

from atalaia.pipeline.cases.coverage import Coverage, measure
from atalaia.pipeline.cases.embedded import EmbeddedEngine
from atalaia.pipeline.cases.lcov import lcov
from atalaia.pipeline.cases.suite import run_suite
from tests.atalaia.pipeline.cases.support import coverage, write

PIPELINE = """\
input { stdin { codec => json } }
filter {
  if [kind] == "a" { # the first { kind
    mutate { add_tag => "a" }
  } else if [kind] =~ /^b{1}"/ or
            [kind] == '{' {
    mutate { add_tag => "b" }
  } else {
    drop { }
  }
  if [x] { mutate { add_tag => "x" } }
}
output { stdout { } }
"""
LABELS = {
    "1 input stdin",
    '3 if [kind] == "a"',
    "4 filter mutate",
    "5 else if [kind] =~ /^b{1}\"/ or [kind] == '{'",
    "7 filter mutate",
    "8 else",
    "9 filter drop",
    "11 if [x]",
    "11 filter mutate",
    "11 no arm taken of if [x]",
    "13 output stdout",
}
"""Everything there is to reach: four filters, input and output, and five arms, one of them unwritten."""


def labels(points: Coverage) -> set[str]:
    """Return line and label of what was missed."""
    return {f"{point.position.line} {point.label}" for point in points.missed}


def case(*events: str) -> str:
    """Return cases that pass whatever comes out, a case for each event given as a YAML flow map."""
    expect = "dropped: true" if events == ("{kind: z}",) else "expect: {}"
    return "cases:\n" + "".join(f"  - {{name: n{n}, input: {{event: {e}}}, {expect}}}\n" for n, e in enumerate(events))


def test_what_one_event_reaches(tmp_path: Path) -> None:
    """An event of kind a: the first arm and its plugin, the arm that is not written, input and output."""
    measured = coverage(tmp_path, PIPELINE, case("{kind: a}"))
    assert {f"{point.position.line} {point.label}" for point in measured.points} == LABELS
    missed = LABELS - {
        "1 input stdin",
        '3 if [kind] == "a"',
        "4 filter mutate",
        "11 no arm taken of if [x]",
        "13 output stdout",
    }
    assert labels(measured) == missed
    assert measured.ratio == 1 - 6 / 11


def test_all_is_reached(tmp_path: Path) -> None:
    """Three kinds and x together reach everything; an event that is dropped reaches what stands before."""
    dropped = "  - {name: z, input: {event: {kind: z}}, dropped: true}\n"
    measured = coverage(tmp_path, PIPELINE, case("{kind: a, x: 1}", "{kind: '{'}") + dropped)
    assert labels(measured) == set()
    assert measured.ratio == 1
    counts = {f"{point.position.line} {point.label}": point.events for point in measured.points}
    assert counts["13 output stdout"] == 2
    assert counts["9 filter drop"] == 1
    assert counts["11 no arm taken of if [x]"] == 1


def test_after_the_codec_no_input_is_reached(tmp_path: Path) -> None:
    """A case that starts at the filters does not count for the input."""
    cases = "cases: [{name: n, input: {event: {x: 1, kind: a}, after_codec: true}, expect: {}}]"
    assert "1 input stdin" in labels(coverage(tmp_path, PIPELINE, cases))


def test_settings_add_up(tmp_path: Path) -> None:
    """Two files for one pipeline under different variables: what either reached is reached."""
    first = write(tmp_path, PIPELINE, case("{kind: a}"))
    second = tmp_path / "b.cases.yaml"
    second.write_text("pipeline: a.conf\nvariables: {A: b}\n" + case("{kind: '{', x: 1}"), encoding="utf-8")
    engine = EmbeddedEngine()
    assert run_suite([first, second], engine).failed == ()
    (measured,) = measure(engine.loaded)
    assert labels(measured) == {"8 else", "9 filter drop"}


def test_stand_ins_go_by_their_own_names(tmp_path: Path) -> None:
    """An output that is not supported is named as it is written; an input that is not supported does not count."""
    pipeline = "input { beats { } }\nfilter { }\noutput { if [a] { kafka { } } }\n"
    measured = coverage(
        tmp_path, pipeline, "cases: [{name: n, input: {event: {}, after_codec: true}, output: none, expect: {}}]"
    )
    assert [f"{point.position.line} {point.label}" for point in measured.points] == [
        "3 if [a]",
        "3 no arm taken of if [a]",
        "3 output kafka",
    ]
    assert labels(measured) == {"3 if [a]", "3 output kafka"}


def test_a_pipeline_without_plugins_is_covered(tmp_path: Path) -> None:
    """There is nothing to miss, and nothing to divide by."""
    measured = coverage(tmp_path, "filter { }", "cases: [{name: n, input: {line: a}, expect: {}}]")
    assert (measured.points, measured.ratio) == ((), 1)


def test_lcov(tmp_path: Path) -> None:
    """The tracefile, line by line: of line 11 the plugin counts, of lines with arms alone all arms together."""
    measured = coverage(tmp_path, PIPELINE, case("{kind: a}", "{kind: a, x: 1}"))
    assert lcov([measured]).splitlines() == [
        "TN:",
        f"SF:{tmp_path / 'a.conf'}",
        *("BRDA:3,0,0,2", "BRDA:5,0,0,0", "BRDA:8,0,0,0", "BRDA:11,0,0,1", "BRDA:11,0,1,1"),
        *("BRF:5", "BRH:3"),
        *("DA:1,1", "DA:3,2", "DA:4,2", "DA:5,0", "DA:7,0", "DA:8,0", "DA:9,0", "DA:11,1", "DA:13,2"),
        *("LF:9", "LH:5"),
        "end_of_record",
    ]


def test_of_several_plugins_in_a_line_the_least_reached_counts(tmp_path: Path) -> None:
    """A line is as green as its least: two events reach the first plugin, one the second, none the third."""
    cases = "cases: [{name: n, input: {events: [{x: 1}, {}], after_codec: true}, expect: [{}, {}]}]"
    first = coverage(tmp_path, "filter { mutate { } if [x] { mutate { } if [y] { mutate { } } } }", cases)
    assert "DA:1,0" in lcov([first]).splitlines()
    second = coverage(tmp_path, "filter { mutate { } if [x] { mutate { } } }", cases)
    assert "DA:1,1" in lcov([second]).splitlines()

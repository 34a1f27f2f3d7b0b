"""The pipelines that cases are for: settings, several inputs and files, and what stands in for what is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from atalaia.pipeline.cases.embedded import EmbeddedEngine
from atalaia.pipeline.cases.suite import run_suite
from tests.atalaia.pipeline.cases.support import PASSED, one, told, write

PLAIN = 'input { stdin { codec => "plain" } } filter { mutate { add_field => { "f" => "v" } } } output { stdout { } }'


def test_the_settings_of_a_file(tmp_path: Path) -> None:
    """Variables, ECS compatibility, the clock, fields left out and defaults reach the pipeline and every case."""
    pipeline = """
        input { stdin { } }
        filter { mutate { add_field => { "a" => "${A}" "b" => "${B:default}" "r" => "%{@timestamp}" } } }
        output { stdout { } }
    """
    cases = """
        variables: {A: one}
        ecs_compatibility: disabled
        now: "2024-02-29T12:00:00.5Z"
        ignore: [host, "[@version]", r]
        defaults:
          exact: true
          expect: {a: one, b: default, "@timestamp": "2024-02-29T12:00:00.500Z"}
        cases:
          - {name: first, input: {line: x}, expect: {message: x}}
          - {name: second, input: {line: y}, expect: {message: y, host: whatever, r: 1, $exact: false}}
    """
    result = run_suite([write(tmp_path, pipeline, cases)], EmbeddedEngine())
    assert [verdict.problems for verdict in result.verdicts] == [(), ()]


def test_the_environment_is_not_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable of the shell does not change what a test says."""
    monkeypatch.setenv("FROM_THE_SHELL", "x")
    said = one(
        tmp_path, 'filter { mutate { add_field => { "a" => "${FROM_THE_SHELL}" } } }', "input: {line: a}\ndropped: true"
    )
    assert "the variable FROM_THE_SHELL is not set" in said


def test_several_inputs(tmp_path: Path) -> None:
    """``via`` names an input by id or name; without it nobody guesses."""
    pipeline = """
        input {
          stdin { id => "first" codec => json }
          stdin { type => "second" }
          file { path => "/f" }
        }
    """
    known = "first, stdin:4:3, file:5:3"
    assert one(tmp_path, pipeline, "input: {line: '{\"a\": 1}', via: first}\nexpect: {a: 1, type: null}") == PASSED
    assert one(tmp_path, pipeline, "input: {line: a, via: 'stdin:4:3'}\nexpect: {type: second}") == PASSED
    assert one(tmp_path, pipeline, "input: {line: a, via: file, path: /g}\nexpect: {log: {file: {path: /g}}}") == PASSED
    assert one(tmp_path, pipeline, "input: {line: a}\ndropped: true").endswith(
        f"the pipeline has 3 inputs; say which one reads with via: {known}"
    )
    assert one(tmp_path, pipeline, "input: {line: a, via: stdin}\ndropped: true").endswith(
        f"the pipeline has 2 inputs 'stdin'; the inputs are {known}"
    )


def test_a_file_with_filters_alone(tmp_path: Path) -> None:
    """Without an input, lines are read as stdin reads them; without an output, events need not reach one."""
    assert (
        one(tmp_path, "filter { mutate { uppercase => message } }", "input: {line: a}\nexpect: {message: A}") == PASSED
    )
    said = one(tmp_path, "filter { }", "input: {line: a}\noutput: stdout\nexpect: {message: a}")
    assert said == "  event 1 of 1\n    output  expected  stdout\n            got       none"


def test_several_files_are_one_pipeline(tmp_path: Path) -> None:
    """A folder is read in the order of its names, and a list in its own order."""
    (tmp_path / "conf.d").mkdir()
    for name, text in (("20.conf", "b"), ("10.conf", "a"), (".hidden", "c")):
        filters = f'filter {{ mutate {{ add_field => {{ "order" => "{text}" }} }} }}'
        (tmp_path / "conf.d" / name).write_text(filters, encoding="utf-8")
    file = tmp_path / "x.cases.yaml"
    case = "cases: [{name: x, input: {line: l}, expect: {order: [%s]}}]"
    file.write_text(f"pipeline: conf.d\n{case % 'a, b'}", encoding="utf-8")
    assert told(run_suite([file], EmbeddedEngine())) == PASSED
    file.write_text(f"pipeline: [conf.d/20.conf, conf.d/10.conf]\n{case % 'b, a'}", encoding="utf-8")
    assert told(run_suite([file], EmbeddedEngine())) == PASSED


def test_inputs_and_outputs_that_are_not_supported(tmp_path: Path) -> None:
    """They stand in: events start at the filters, and it is noted which of them reach the output."""
    pipeline = """
        input { beats { port => 5044 } }
        filter { mutate { add_field => { "a" => "b" } } }
        output { if [x] { kafka { id => "k" topic_id => "t" } } else { stdout { codec => line { format => "s" } } } }
    """
    event = "input: {event: {x: 1}, after_codec: true}"
    assert one(tmp_path, pipeline, f"{event}\noutput: kafka\nexpect: {{a: b}}") == PASSED
    assert one(tmp_path, pipeline, f"{event}\noutput: k\nexpect: {{a: b}}") == PASSED
    said = one(tmp_path, pipeline, f"{event}\noutput: stdout\nwritten: s\nexpect: {{a: b}}")
    assert "got       kafka" in said
    assert "got       (absent)" in said
    assert one(tmp_path, pipeline, "input: {line: x}\ndropped: true").endswith(
        "this executor has none of the pipeline's inputs (beats); write after_codec: true"
    )


def test_an_unsupported_filter_is_refused(tmp_path: Path) -> None:
    """What changes events is never guessed: the file is refused, with the place in the pipeline."""
    said = one(tmp_path, "filter { ruby { code => '' } }", "input: {line: x}\ndropped: true")
    assert said.startswith(f"{tmp_path / 'a.conf'}:1:10: there is no filter 'ruby' here")


def test_a_pipeline_is_compiled_once_for_each_setting(tmp_path: Path) -> None:
    """Cases of two files with the same settings share a pipeline; another clock makes another one."""
    write(tmp_path, PLAIN, "cases: [{name: x, input: {line: a}, expect: {f: v}}]")
    for name, now in (("b", "2026-01-01T00:00:00Z"), ("c", "2025-01-01T00:00:00Z")):
        text = f'pipeline: a.conf\nnow: "{now}"\ncases: [{{name: x, input: {{line: a}}, expect: {{f: v}}}}]'
        (tmp_path / f"{name}.cases.yaml").write_text(text, encoding="utf-8")
    engine = EmbeddedEngine()
    result = run_suite(sorted(tmp_path.glob("*.cases.yaml")), engine)
    assert (len(result.verdicts), result.failed, len(engine.loaded)) == (3, (), 2)

"""``--engine logstash`` against a program that stands in for it; see ``standin.py`` for what that shows."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from atalaia.cli.main import main
from atalaia.pipeline.cases.configuration import read_source
from atalaia.pipeline.cases.logstash.command import find_program
from atalaia.pipeline.cases.logstash.configuration import generate
from atalaia.pipeline.cases.logstash.engine import LogstashEngine
from atalaia.pipeline.cases.resolving import case_files
from atalaia.pipeline.cases.suite import SuiteResult, run_suite
from tests.atalaia.pipeline.cases.support import told, write
from tests.logstash.pipelines import LOGSTASH

PIPELINE = """\
input { beats { port => 5044 } }

filter {
  if [kind] == "drop" { drop { } }
  # A comment with a brace { in it.
  mutate { add_field => { "[@metadata][m]" => "%{kind}" "v" => "${V}" } }
}
output {
  if [kind] == "letter" { file { path => "${ATALAIA_DEAD_LETTER}/x.ndjson" } }
  else if [kind] == "out" { # {
    file { path => "o/%{n}.txt" codec => line { format => "<%{n}>" } }
    if [n] in [1, 2] { kafka { } }
  }
  else if [kind] != "lost" { elasticsearch { data_stream_dataset => "d" document_id => "%{n}" } }
}
"""
STARTING = "Using bundled JDK: /usr/share/logstash/jdk\n[2026-03-14T09:26:53,000][INFO ][logstash.runner] Starting"
STOPPED = "[ERROR][logstash.javapipeline    ][main] Pipeline worker error, the pipeline will be stopped"
CASES = """\
variables: {V: "a 'b' \\"c\\""}
now: "2024-02-29T12:00:00.5Z"
defaults: {input: {after_codec: true}, expect: {v: "a 'b' \\"c\\"", "@timestamp": "2024-02-29T12:00:00.500Z"}}
cases:
  - {name: stored, input: {event: {kind: s, n: 7}}, stream: logs-d-default, id: "7", expect: {"[@metadata][m]": s}}
  - {name: two, input: {event: {kind: out, n: 1}}, output: [o/1.txt, kafka], written: "<1>\\n", expect: {n: 1}}
  - {name: one output, input: {event: {kind: out, n: 3}}, output: file, expect: {n: 3}}
  - {name: no output, input: {event: {kind: lost}}, output: none, expect: {host: null}}
  - {name: a host of its own, input: {event: {kind: s, n: 1, host: {name: h}}}, expect: {host: {name: h}}}
  - {name: dropped, input: {event: {kind: drop}}, dropped: true}
  - name: a letter
    input: {event: {kind: letter, error: {message: too bad}}}
    dead_letter: {reason: bad, plugin: file}
  - name: exactly
    input: {event: {kind: s, n: 1, "@metadata": {own: 1}}}
    exact: true
    expect:
      kind: s
      n: 1
      "@version": "1"
      "@metadata": {own: 1, m: s, atalaia: null}
      data_stream: {type: logs, dataset: d, namespace: default}
  - name: several, in order
    input: {events: [{kind: s, n: 3}, {kind: out, n: 2}, {kind: drop}, {kind: s, n: 1}]}
    expect: [{n: 3}, {n: 2}, {n: 1}]
  - {name: wrong, input: {event: {kind: s, n: 7}}, expect: {n: 8}}
"""


def run(file: Path, timeout: float = 60) -> SuiteResult:
    """Run a file of cases on the Logstash that is found."""
    return run_suite([file], LogstashEngine(find_program(None), timeout))


@pytest.mark.usefixtures("logstash")
def test_the_cases_of_a_file_in_one_run(tmp_path: Path) -> None:
    """Fields, metadata, outputs, streams, dead letters and order come back; only the wrong case fails, as it should."""
    result = run(write(tmp_path, PIPELINE, CASES))
    assert result.refusals == ()
    assert [verdict.case.name for verdict in result.verdicts if verdict.passed] == [
        verdict.case.name for verdict in result.verdicts[:-1]
    ]
    (problem,) = result.verdicts[-1].problems
    assert [(each.at, each.expected, each.got) for each in problem.differences] == [("[n]", "8", "7")]


@pytest.mark.usefixtures("logstash")
def test_the_shipped_cases_pass() -> None:
    """Every case of request.conf and access.conf gives the same there, lines and codecs included."""
    result = run_suite(case_files([LOGSTASH / "cases"]), LogstashEngine(find_program(None), 60))
    assert (result.failed, result.refusals) == ((), ())
    assert len(result.verdicts) > 50


def test_the_generated_configuration(tmp_path: Path) -> None:
    """Filters stand as written in their own lines; each output is replaced, its conditions are kept."""
    file = tmp_path / "a.conf"
    file.write_text(PIPELINE, encoding="utf-8")
    generated = generate(read_source([file]), Path("/work")).splitlines()
    assert generated[0].startswith("input { stdin {")
    assert generated[1] == ""
    assert generated[2:7] == PIPELINE.splitlines()[2:7]
    outputs = generated[generated.index("output {") + 1 :]
    noted = 'codec => line { format => "%{[@metadata][atalaia][event]}" } }'
    assert outputs == [
        '  file { path => "/work/events.ndjson" codec => json_lines { ecs_compatibility => disabled } }',
        '  if [kind] == "letter" {',
        f'    file {{ path => "/work/output-0.txt" {noted}',
        "  }",
        '  else if [kind] == "out" {',
        f'    file {{ path => "/work/output-1.txt" {noted}',
        "    if [n] in [1, 2] {",
        f'      file {{ path => "/work/output-2.txt" {noted}',
        "    }",
        "  }",
        '  else if [kind] != "lost" {',
        f'    file {{ path => "/work/output-3.txt" {noted}',
        "  }",
        "}",
    ]


def test_the_filters_of_several_files_follow_one_another(tmp_path: Path) -> None:
    """Sections of all files are carried over, in order, whatever stands between them."""
    (tmp_path / "a.conf").write_text(
        "filter { drop { } } # one\ninput { stdin { } }\nfilter { uuid { target => 'id' } }", encoding="utf-8"
    )
    (tmp_path / "b.conf").write_text("filter { cidr { } }", encoding="utf-8")
    text = generate(read_source([tmp_path / "a.conf", tmp_path / "b.conf"]), Path("/work"))
    assert "\nfilter { drop { } } # one\n" in text
    assert "stdin { }" not in text
    assert text.index("drop") < text.index("uuid") < text.index("cidr")


@pytest.mark.usefixtures("logstash")
@pytest.mark.parametrize(
    ("how", "said"),
    [
        (
            "crash",
            f"Logstash ended with status 137; it said:\n{STARTING}\nno more memory",
        ),
        (
            "quiet-crash",
            f"Logstash stopped the pipeline; it said:\n{STOPPED}",
        ),
    ],
)
def test_a_logstash_that_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str, said: str) -> None:
    """A status, or a stopped pipeline under status 0, is told with what Logstash said."""
    monkeypatch.setenv("STANDIN", how)
    file = write(tmp_path, "filter { }", "cases: [{name: x, input: {line: a}, expect: {message: a}}]")
    assert told(run(file)) == said


@pytest.mark.usefixtures("logstash")
def test_a_refused_pipeline_is_told_in_logstash_s_words(tmp_path: Path) -> None:
    """The line of the message is that of the file: here the filter is refused in line 3."""
    file = write(
        tmp_path, "# first\nfilter {\n  nonesuch { }\n}\n", "cases: [{name: x, input: {line: a}, dropped: true}]"
    )
    said = told(run(file))
    assert said.startswith("Logstash ended with status 1; it said:\n[2026-03-14T09:26:53,000][ERROR][logstash.agent")
    assert "there is no filter 'nonesuch' here at line 3" in said
    assert "bundled JDK" not in said


@pytest.mark.usefixtures("logstash")
def test_a_logstash_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the time-out the process is gone and the option that gives it more is named."""
    monkeypatch.setenv("STANDIN", "hang")
    monkeypatch.setenv("STANDIN_PID", str(tmp_path / "pid"))
    file = write(tmp_path, "filter { }", "cases: [{name: x, input: {line: a}, dropped: true}]")
    assert told(run(file, timeout=5)) == "Logstash did not end within 5 seconds; give it more with --logstash-timeout"
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text(encoding="ascii")), 0)


@pytest.mark.usefixtures("logstash")
def test_an_event_without_its_case_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Filters that wipe the metadata cannot be tested this way, and nothing is guessed."""
    monkeypatch.setenv("STANDIN", "forget")
    file = write(tmp_path, "filter { }", "cases: [{name: x, input: {line: a}, expect: {}}]")
    said = told(run(file))
    assert said.startswith("an event that came out of Logstash has lost the case it belongs to: {")
    assert said.endswith("the filters must keep [@metadata][atalaia]")


@pytest.mark.usefixtures("logstash")
def test_the_environment_is_kept_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable of the shell that the configuration names is not seen there either."""
    monkeypatch.setenv("W", "from the shell")
    pipeline = 'filter { mutate { add_field => { "w" => "${W:default}" } } }'
    file = write(tmp_path, pipeline, "cases: [{name: x, input: {line: a}, expect: {w: default}}]")
    assert told(run(file)) == "passed"


@pytest.mark.usefixtures("logstash")
def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same words as with the embedded engine, the same JUnit file, the same exit status."""
    cases = "cases: [{name: x, input: {line: a}, expect: {message: b}}]"
    file = write(tmp_path, "filter { }", cases)
    report = tmp_path / "out.xml"
    assert main(("pipeline", "test", str(file), "--engine", "logstash", "--junit", str(report))) == 1
    out = capsys.readouterr().out
    differences = '  event 1 of 1\n    [message]  expected  "b"\n               got       "a"\n'
    assert out.startswith(f"✘ {file}:2: x\n{differences}\n0 passed, 1 failed in ")
    assert 'failures="1"' in report.read_text(encoding="utf-8")

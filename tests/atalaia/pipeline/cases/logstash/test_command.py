"""How Logstash is found and started: as a program, or as a container."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from atalaia.pipeline.cases.logstash.command import Container, Launch, find_program
from atalaia.pipeline.cases.logstash.engine import LogstashEngine
from atalaia.pipeline.cases.suite import run_suite
from atalaia.pipeline.errors import PipelineError
from tests.atalaia.pipeline.cases.support import told, write


def test_where_logstash_is_looked_for(tmp_path: Path, logstash: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On the PATH; with ``LOGSTASH_HOME`` there alone; nowhere is a mistake that says what to do."""
    assert str(logstash) in str(find_program(None))
    home = tmp_path / "home"
    (home / "bin").mkdir(parents=True)
    monkeypatch.setenv("LOGSTASH_HOME", str(home))
    with pytest.raises(PipelineError, match=r"no logstash in .*home/bin \(LOGSTASH_HOME\)"):
        find_program(None)
    (home / "bin" / "logstash").symlink_to(logstash)
    assert str(home) in str(find_program(None))
    monkeypatch.delenv("LOGSTASH_HOME")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(
        PipelineError, match="no logstash on the PATH; install it, set LOGSTASH_HOME, or name a container"
    ):
        find_program(None)
    with pytest.raises(PipelineError, match="no docker on the PATH"):
        find_program("image")


def test_a_program_that_cannot_be_started(tmp_path: Path, logstash: Path) -> None:
    """A file that is no program is told apart from one that fails."""
    logstash.write_text("#!/nonexistent/interpreter\n", encoding="utf-8")
    file = write(tmp_path, "filter { }", "cases: [{name: x, input: {line: a}, dropped: true}]")
    said = told(run_suite([file], LogstashEngine(find_program(None), 60)))
    assert said == f"{logstash} cannot be started: No such file or directory; check that it is executable"


def test_the_command_line_of_a_container(tmp_path: Path) -> None:
    """Mounted where it is, without a network, its variables given by name, Logstash's arguments after the image."""
    launch = Launch(tmp_path / "w", Path("/p"), "v8", {"A": "b c"}, frozenset(), b"")
    assert Container("/usr/bin/docker", "logstash:9").command(launch) == [
        *("/usr/bin/docker", "run", "--rm", "--interactive", "--network", "none", "--workdir", "/p"),
        *("--volume", f"{tmp_path}/w:{tmp_path}/w", "--volume", "/p:/p:ro", "--env", "A=b c", "logstash:9"),
        *launch.arguments(),
    ]


def test_a_run_in_a_container(tmp_path: Path, logstash: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A ``docker`` that runs what stands after the image: the same verdicts, in the pipeline's folder."""
    docker = logstash.parent / "docker"
    script = f"""\
        #!/bin/sh
        while [ "$1" != some/image:1 ]; do
          [ "$1" = --env ] && export "$2"
          [ "$1" = --workdir ] && cd "$2"
          shift
        done
        shift
        exec "{logstash}" "$@"
        """
    docker.write_text(textwrap.dedent(script), encoding="utf-8")
    docker.chmod(0o755)
    monkeypatch.delenv("V", raising=False)
    pipeline = 'filter { mutate { add_field => { "v" => "${V}" } } }'
    file = write(tmp_path, pipeline, "variables: {V: 1 2}\ncases: [{name: x, input: {line: a}, expect: {v: 1 2}}]")
    assert told(run_suite([file], LogstashEngine(find_program("some/image:1"), 60))) == "passed"

"""``atalaia pipeline run`` as a process: a filter in a shell pipe, signals, statistics."""

from __future__ import annotations

import json
import os
import re
import select
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from atalaia.cli.main import main
from tests.environment import clean_environment

FILTER = (
    'filter { if [message] == "drop" { drop { } } } '
    'output { stdout { codec => line { format => "<%{message}>" ecs_compatibility => disabled } } }'
)


def start(folder: Path, *words: str, stdin: int = subprocess.PIPE) -> subprocess.Popen[bytes]:
    """Start ``atalaia pipeline run`` in a folder."""
    return subprocess.Popen(
        [sys.executable, "-m", "atalaia", "pipeline", "run", *words],
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=folder,
        env=clean_environment(),
    )


def run(folder: Path, text: str, given: bytes, *words: str) -> tuple[int, bytes, bytes]:
    """Run a configuration on some input; returns exit status, output and complaints."""
    (folder / "a.conf").write_text(text, encoding="utf-8")
    with start(folder, "a.conf", *words) as process:
        out, err = process.communicate(given, timeout=60)
    return process.returncode, out, err


def read_line(process: subprocess.Popen[bytes], seconds: float = 60) -> bytes:
    """Return the next line a process prints, within a deadline."""
    assert process.stdout is not None
    line = b""
    end = time.monotonic() + seconds
    while not line.endswith(b"\n"):
        ready, _, _ = select.select([process.stdout], [], [], max(0, end - time.monotonic()))
        assert ready, f"nothing but {line!r} was printed"
        byte = os.read(process.stdout.fileno(), 1)
        assert byte, line
        line += byte
    return line


def test_a_filter_in_a_pipe(tmp_path: Path) -> None:
    """Events on stdout, in order, the last line without its end too; nothing else there and nothing on stderr."""
    assert run(tmp_path, FILTER, b"one\ndrop\ntwo\nlast") == (0, b"<one>\n<two>\n<last>\n", b"")
    assert [*tmp_path.iterdir()] == [tmp_path / "a.conf"]


def test_what_logstash_prints_by_default(tmp_path: Path) -> None:
    """Without inputs and outputs: lines of stdin, of the type ``stdin``, for people to read."""
    status, out, err = run(tmp_path, "filter { }", b"hello\n", "--ecs-compatibility", "disabled")
    assert (status, err) == (0, b"")
    assert re.search(rb'"message" => "hello"', out)
    assert re.search(rb'"type" => "stdin"', out)


@pytest.mark.parametrize(("ecs", "names"), [("v8", {"hostname"}), ("disabled", set())])
def test_ecs_compatibility_is_passed_on(tmp_path: Path, ecs: str, names: set[str]) -> None:
    """With ECS the input adds the host's name, without it nothing, as Logstash 9.5.2 was seen to do."""
    text = "output { stdout { codec => json_lines } }"
    _, out, _ = run(tmp_path, text, b"x\n", "--ecs-compatibility", ecs)
    assert set(json.loads(out).get("host", {})) == names


def test_each_line_comes_at_once(tmp_path: Path) -> None:
    """A line that is typed is answered before the next one is."""
    (tmp_path / "a.conf").write_text(FILTER, encoding="utf-8")
    with start(tmp_path, "a.conf") as process:
        assert process.stdin is not None
        for word in (b"one", b"two"):
            process.stdin.write(word + b"\n")
            process.stdin.flush()
            assert read_line(process) == b"<" + word + b">\n"
        process.stdin.close()
        assert process.wait(60) == 0


def test_a_closed_pipe_is_quiet(tmp_path: Path) -> None:
    """``yes | atalaia pipeline run … | head -1`` ends with 128 + SIGPIPE and says nothing."""
    (tmp_path / "a.conf").write_text(FILTER, encoding="utf-8")
    with subprocess.Popen(["yes"], stdout=subprocess.PIPE) as endless:
        assert endless.stdout is not None
        process = start(tmp_path, "a.conf", stdin=endless.stdout.fileno())
        endless.stdout.close()
        assert read_line(process) == b"<y>\n"
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert (process.wait(60), process.stderr.read()) == (141, b"")
        process.stderr.close()


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 0)])
def test_a_signal_finishes_what_was_read(tmp_path: Path, number: signal.Signals, status: int) -> None:
    """After the signal every event that the input made is in the file: the counters agree with its lines."""
    text = "input { generator { } } output { file { path => 'out' } stdout { codec => dots } }"
    (tmp_path / "a.conf").write_text(
        text.replace("stdout { codec => dots }", 'stdout { codec => line { format => "." } }')
    )
    with start(tmp_path, "a.conf", "--stats-format", "json") as process:
        read_line(process)
        process.send_signal(number)
        _, err = process.communicate(timeout=60)
    assert process.returncode == status
    counts = {each["kind"] + each["name"]: each for each in json.loads(err)["pipelines"][0]["plugins"]}
    lines = len((tmp_path / "out").read_bytes().splitlines())
    assert counts["inputgenerator"]["events_out"] == counts["outputfile"]["events_out"] == lines > 0


def ended_by_more(process: subprocess.Popen[bytes]) -> int:
    """Press Ctrl-C until a process ends and return its status: two before it looks are one for the system."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        process.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            return process.wait(0.5)
    raise AssertionError("it does not end")


def test_a_second_signal_ends_at_once(tmp_path: Path) -> None:
    """While the store is away and everything waits, Ctrl-C twice ends the process."""
    text = 'input { stdin { } } output { stdout { } elasticsearch { data_stream => "true" } }'
    (tmp_path / "a.conf").write_text(text, encoding="utf-8")
    with start(tmp_path, "a.conf", "--store", "http://127.0.0.1:9") as process:
        assert process.stdin is not None
        assert process.stderr is not None
        process.stdin.write(b"one\n")
        process.stdin.flush()
        told = process.stderr.readline()
        assert b"the inputs wait" in told, told
        process.send_signal(signal.SIGINT)
        assert ended_by_more(process) != 0


def test_statistics_as_a_table(tmp_path: Path) -> None:
    """Three lines in, one dropped: each plugin's row says so, on stderr."""
    status, out, err = run(tmp_path, FILTER, b"one\ndrop\ntwo\n", "--stats")
    assert (status, out) == (0, b"<one>\n<two>\n")
    rows = [line.split() for line in err.decode().splitlines()]
    assert [row[1:2] + row[3:7] for row in rows if row and row[0] in {"input", "filter", "output"}] == [
        ["stdin", "3", "3", "0", "0"],
        ["drop", "1", "0", "1", "0"],
        ["stdout", "2", "2", "0", "0"],
    ]
    assert "…" not in err.decode()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "give configuration files or --pipelines"),
        (("nowhere.conf",), "nowhere.conf"),
        (("bad.conf",), "bad.conf:1:10: there is no filter 'nope'"),
        (("--pipelines", "nowhere.yml"), "nowhere.yml cannot be read"),
        (("taken.conf",), "two pipelines"),
    ],
)
def test_a_mistake_is_told(
    tmp_path: Path,
    words: tuple[str, ...],
    message: str,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Exit status 2, nothing on stdout, one line that names the mistake; a refused file is shown below it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.conf").write_text("filter { nope { } }", encoding="utf-8")
    if words == ("taken.conf",):
        (tmp_path / "p.yml").write_text("- config.string: 'filter { }'\n- config.string: 'filter { }'\n")
        words = ("--pipelines", "p.yml")
    assert main(["pipeline", "run", *words]) == 2
    out, err = capfd.readouterr()
    assert (out, err.count("\n")) == ("", 4 if words == ("bad.conf",) else 1)
    assert message in err


def test_stores_are_not_imported_for_a_filter(tmp_path: Path) -> None:
    """DuckDB, pyarrow and rich stay out of a process that only filters."""
    (tmp_path / "a.conf").write_text(FILTER, encoding="utf-8")
    code = (
        "import sys\nfrom atalaia.cli.main import main\nmain(['pipeline', 'run', 'a.conf'])\n"
        "print(sorted({'duckdb', 'pyarrow', 'rich', 'flask', 'psutil', 'structlog'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, input=b"x\n", capture_output=True, check=True, timeout=60
    )
    assert done.stdout == b"<x>\n[]\n", done.stderr


def test_an_input_that_fails_ends_the_run(tmp_path: Path) -> None:
    """Standard input is closed: exit status 2 and what is wrong, although a generator would go on for ever."""
    text = "input { stdin { } generator { } } output { file { path => out } }"
    (tmp_path / "a.conf").write_text(text, encoding="utf-8")
    done = subprocess.run(
        ["bash", "-c", f"exec {sys.executable} -m atalaia pipeline run a.conf 0<&-"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 2
    assert "standard input is closed" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_file_output_may_be_a_pipe(tmp_path: Path) -> None:
    """``/dev/stdout`` as the path of a file output: events come out, in order."""
    text = 'output { file { path => "/dev/stdout" codec => line { format => "<%{message}>" } } }'
    assert run(tmp_path, text, b"one\ntwo\n") == (0, b"<one>\n<two>\n", b"")

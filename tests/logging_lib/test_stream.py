"""The log on the process's own streams: JSON for a container's engine, colours for a person's terminal."""

from __future__ import annotations

import io
import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import logging_lib
from logging_lib.console import coloured
from logging_lib.stream import JsonStream
from tests.logging_lib.support import read_lines

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

PROGRAM = """
import logging, logging_lib
logging_lib.configure()
logging_lib.get_logger("a").info("olá", número=1)
logging.getLogger("b").warning("two")
import os; os._exit(0)  # nothing may be left in a buffer
"""


def run(directory: Path, **variables: str) -> tuple[str, str]:
    """Run a program that logs two lines, and return what it printed on its two streams."""
    environment = {**os.environ, "ATALAIA_SERVICE": "ti-osn", "ATALAIA_LOG_DIRECTORY": str(directory), **variables}
    ran = subprocess.run([sys.executable, "-c", PROGRAM], env=environment, capture_output=True, check=True)
    return ran.stdout.decode(), ran.stderr.decode()


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_the_stream_holds_the_files_lines(tmp_path: Path, stream: str) -> None:
    """Each line is printed at once, in UTF-8 whatever the terminal's encoding, and is the file's, byte for byte."""
    stdout, stderr = run(tmp_path, ATALAIA_LOG_STREAM=stream, PYTHONIOENCODING="ascii")
    (file,) = tmp_path.iterdir()
    printed, other = (stdout, stderr) if stream == "stdout" else (stderr, stdout)
    assert printed == file.read_text(encoding="utf-8")
    assert other == ""
    assert [json.loads(line)["event"] for line in printed.splitlines()] == ["olá", "two"]


def test_production_prints_nothing(tmp_path: Path) -> None:
    """Without a stream and outside development the lines are in the file alone."""
    assert run(tmp_path) == ("", "")
    assert len(read_lines(tmp_path)) == 2


def test_development_shows_lines_without_colours_where_there_is_no_terminal(tmp_path: Path) -> None:
    """Redirected into a file, the console's lines hold no escape codes; ``FORCE_COLOR`` asks for them all the same."""
    _, plain = run(tmp_path, ATALAIA_ENVIRONMENT="development")
    _, forced = run(tmp_path, ATALAIA_ENVIRONMENT="development", FORCE_COLOR="1")
    assert "olá" in plain
    assert "\x1b[" not in plain
    assert "\x1b[" in forced


@pytest.mark.parametrize(
    ("variables", "colours"),
    [
        ({}, True),
        ({"TERM": "dumb"}, False),
        ({"NO_COLOR": "1"}, False),
        ({"NO_COLOR": ""}, True),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
    ],
)
def test_a_terminal_gets_colours(variables: dict[str, str], *, colours: bool) -> None:
    """On a real terminal there are colours, unless it cannot show them or the person has said no."""
    _, terminal = pty.openpty()
    with os.fdopen(terminal, "w") as stream:
        assert coloured(stream, variables) is colours


def test_a_stream_that_is_gone_breaks_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Closed, absent, or with nobody at the other end: the file has the line, and the caller goes on."""
    logging_lib.configure(service="ti-osn", directory=tmp_path, stream="stdout", console=True)
    closed = io.StringIO()
    closed.close()
    receiver, sender = os.pipe()
    os.close(receiver)
    with os.fdopen(sender, "w") as broken:
        for stream in (closed, None, broken):
            monkeypatch.setattr(sys, "stdout", stream)
            monkeypatch.setattr(sys, "stderr", stream)
            logging_lib.get_logger().info("x")
        monkeypatch.undo()
        os.dup2(os.open(os.devnull, os.O_WRONLY), broken.fileno())  # so that closing it can flush
    assert [record["event"] for record in read_lines(tmp_path)] == ["x", "x", "x"]


class Interrupted(io.RawIOBase):
    """A stream in whose midst a signal arrives, the handler of which logs."""

    def __init__(self, handler: Callable[[], None]) -> None:
        super().__init__()
        self._handler = handler
        self.taken = b""

    def writable(self) -> bool:
        """Tell that it can be written."""
        return True

    def write(self, data: ReadableBuffer, /) -> int:
        """Run the handler, and take what is written."""
        self._handler()
        self.taken += bytes(data)
        return len(bytes(data))


def test_a_signals_handler_may_print_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python refuses a handler the stream that it has interrupted: its line is left out there, and nothing breaks."""
    raw = Interrupted(lambda: JsonStream("stdout").write({"from": "handler"}))
    with io.TextIOWrapper(io.BufferedWriter(raw), encoding="utf-8") as stream:
        monkeypatch.setattr(sys, "stdout", stream)
        JsonStream("stdout").write({"from": "main"})
        monkeypatch.undo()
    assert raw.taken == b'{"from":"main"}\n'

"""What a person sees when something goes wrong, and what the shell is told."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from atalaia.cli.boundary import guarded
from atalaia.cli.reference import reference
from tests.atalaia.cli.conftest import Run
from tests.environment import clean_environment

DOCUMENTED = Path(__file__).parents[3] / "docs" / "cli.md"


def start(words: Sequence[str], **environment: str) -> subprocess.Popen[str]:
    """Start ``atalaia`` as a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "atalaia", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=clean_environment(**environment),
    )


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("errors", "--by", "endpont"), "did you mean endpoint"),
        (("errors", "--tz", "Mars/Olympus"), "there is no time zone 'Mars/Olympus'"),
        (("errors", "--store", "/nowhere/at/all"), "there is no store at /nowhere/at/all"),
        (("errors", "--every", "fortnight"), "see 'atalaia errors --help'"),
        (("serve", "--host", "0.0.0.0"), "open to other machines"),  # noqa: S104  the point is that it is refused
        (("frobnicate",), "no such command 'frobnicate'"),
        (("ingest", "/nowhere.log", "--pipeline", "nonesuch"), "nonesuch"),
    ],
)
def test_a_mistake_is_one_line(
    run: Run,
    words: tuple[str, ...],
    message: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Exit status 2, nothing on stdout, one line on stderr that names the mistake."""
    assert run(*words) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("atalaia: ")
    assert err.count("\n") == 1
    assert message in err


def broken() -> int:
    """Fail as only a defect does, with a message that tries to command the terminal."""
    raise RuntimeError("two\nlines \x1b[31m")


def test_a_defect_is_one_line_too(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """An unexpected exception says where to report it; the traceback comes only when asked for."""
    monkeypatch.delenv("ATALAIA_DEBUG", raising=False)
    assert guarded(broken) == 2
    err = capsys.readouterr().err
    assert err.startswith("atalaia: unexpected RuntimeError: two lines \\x1b[31m; please report")
    assert err.count("\n") == 1
    monkeypatch.setenv("ATALAIA_DEBUG", "1")
    assert guarded(broken) == 2
    assert "Traceback" in capsys.readouterr().err


def test_no_words_show_the_help(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """``atalaia`` alone teaches."""
    assert run() == 2
    assert "Commands:\n  ingest" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words", ["errors --every minute --format json", "errors --every minute", "logs --since 2024-01-01"]
)
def test_a_closed_pipe_is_quiet(store: Path, words: str) -> None:
    """``atalaia … | head -c 0`` ends with 128 + SIGPIPE, not as a breach does, and says nothing."""
    process = start([*words.split(), "--store", str(store)])
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == ""
    assert process.wait() == 141
    process.stderr.close()


def test_ctrl_c_is_quiet(store: Path) -> None:
    """The site ends with 130 and without a word more."""
    process = start(["serve", "--port", "0", "--store", str(store)])
    assert process.stderr is not None
    assert any("the site of" in line for line in process.stderr)
    process.send_signal(signal.SIGINT)
    _, rest = process.communicate(timeout=20)
    assert rest == ""
    assert process.returncode == 130


def test_ctrl_c_while_it_starts_is_quiet(tmp_path: Path) -> None:
    """What the command line is made of is still being imported: the same status, and no traceback."""
    (tmp_path / "click.py").write_text("raise KeyboardInterrupt\n", encoding="utf-8")
    process = start(["--help"], PYTHONPATH=os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")]))
    assert process.communicate(timeout=60) == ("", "")
    assert process.returncode == 130


def on_terminal(words: Sequence[str], **environment: str) -> bytes:
    """Return what a command writes to a terminal."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "atalaia", *words],
        stdout=theirs,
        env=clean_environment(TERM="xterm", COLUMNS="80") | environment,
    ) as process:
        os.close(theirs)
        seen = b""
        while chunk := read(ours):
            seen += chunk
        process.wait()
    os.close(ours)
    return seen


def read(descriptor: int) -> bytes:
    """Read from a terminal; empty at its end, which Linux reports as an error."""
    try:
        return os.read(descriptor, 65536)
    except OSError:
        return b""


def test_colour_on_a_terminal_only(store: Path) -> None:
    """A terminal gets colour unless NO_COLOR is set; the words are the same."""
    words = ["errors", "--store", str(store)]
    assert b"\x1b[1;31m" in on_terminal(words)
    assert b"\x1b[1;31m" not in on_terminal(words, NO_COLOR="1")
    with start(words) as piped:
        assert "\x1b" not in piped.communicate()[0]


def test_the_reference_is_the_help() -> None:
    """docs/cli.md is what ``--help`` says."""
    assert DOCUMENTED.read_text(encoding="utf-8") == reference(), "run python -m atalaia.cli.reference > docs/cli.md"


def test_a_refused_configuration_shows_its_line_with_a_caret(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The line of the file stands below the message as it is written, and the caret below the fault."""
    conf = tmp_path / "bad.conf"
    conf.write_text("filter {\n  drop { percent => 5 }\n}\n", encoding="utf-8")
    assert run("pipeline", "run", str(conf)) == 2
    lines = capsys.readouterr().err.splitlines()
    assert lines[0].endswith("bad.conf:2:10: drop has no option 'percent'")
    assert lines[1:] == ["    drop { percent => 5 }", "           ^", "did you mean percentage?"]

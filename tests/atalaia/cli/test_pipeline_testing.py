"""``atalaia pipeline test`` as a person runs it: its words and its exit status."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from pathlib import Path
from typing import Protocol

import pytest

from atalaia.cli.main import main
from tests.end_to_end.cli import run_atalaia

PIPELINE = """\
filter {
  if [message] == "drop" { drop { } }
  mutate { add_field => { "status" => "200" } }
}
"""
GOOD = """\
pipeline: p.conf
cases:
  - {name: kept, input: {line: a}, expect: {status: '200'}}
  - {name: gone, input: {line: drop}, dropped: true}
"""
BAD = """\
pipeline: p.conf
cases:
  - name: two fields are wrong
    input: {line: a}
    expect: {status: 200, http: {route: /x}, message: a}
  - {name: fine, input: {line: b}, expect: {message: b}}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with a pipeline and ``cases/good.yaml``, which passes and covers everything."""
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases" / "p.conf").write_text(PIPELINE, encoding="utf-8")
    (tmp_path / "cases" / "good.yaml").write_text(GOOD, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


class Run(Protocol):
    """Runs the command and returns what it printed, times replaced by ``T``."""

    def __call__(self, *words: str, expect: int = 0) -> tuple[str, str]:
        """Return stdout and stderr."""
        ...


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run ``atalaia pipeline test`` in this process."""

    def run(*words: str, expect: int = 0) -> tuple[str, str]:
        assert main(("pipeline", "test", *words)) == expect
        out, err = capsys.readouterr()
        return re.sub(r"in [\d.,]+ s", "in T s", re.sub(r"  [\d.,]+ ms", "  T ms", out)), err

    return run


@pytest.mark.parametrize(("cases", "status"), [("good", 0), ("bad", 1), ("nonesuch", 2)])
def test_the_shell_is_told(folder: Path, cases: str, status: int) -> None:
    """As a process: 0 when all pass, 1 when some fail, 2 for a mistake."""
    (folder / "cases" / "bad.yaml").write_text(BAD, encoding="utf-8")
    run_atalaia("pipeline", "test", f"cases/{cases}.yaml", expect=status)


@pytest.mark.usefixtures("folder")
def test_all_pass(run: Run) -> None:
    """One line and status 0; the folder ``cases`` is found by itself."""
    assert run() == ("2 passed in T s\n", "")
    assert run("-v")[0] == "✔ cases/good.yaml:3: kept  T ms\n✔ cases/good.yaml:4: gone  T ms\n2 passed in T s\n"


def test_a_failure_is_shown_field_by_field(run: Run, folder: Path) -> None:
    """Status 1; place and name of the case, then expected and got below one another; what passes is not told."""
    (folder / "cases" / "bad.yaml").write_text(BAD, encoding="utf-8")
    printed, told = run(expect=1)
    assert printed == (
        "✘ cases/bad.yaml:3: two fields are wrong\n"
        "  event 1 of 1\n"
        "    [status]       expected  200\n"
        '                   got       "200"\n'
        '    [http][route]  expected  "/x"\n'
        "                   got       (absent)\n"
        "\n"
        "3 passed, 1 failed in T s\n"
    )
    assert told == ""


def test_cases_are_chosen_by_name(run: Run, folder: Path) -> None:
    """``-k`` leaves out what is not meant and says how much; choosing nothing is a mistake."""
    (folder / "cases" / "bad.yaml").write_text(BAD, encoding="utf-8")
    assert run("-k", "kept or fine") == ("2 passed, 2 not chosen in T s\n", "")
    printed, told = run("-k", "nonesuch", expect=2)
    assert printed == "0 passed, 4 not chosen in T s\n"
    assert told == "atalaia: no case is chosen; leave out -k, or choose another name\n"
    assert "'and' chooses no cases" in run("-k", "and", expect=2)[1]


def test_a_refused_file_does_not_hide_the_others(run: Run, folder: Path) -> None:
    """Status 2, every fault with its place on stderr, and the verdicts of the other files all the same."""
    text = "pipeline: p.conf\ncases:\n  - {nam: x, input: {line: a}}\n"
    (folder / "cases" / "broken.yaml").write_text(text, encoding="utf-8")
    printed, told = run(expect=2)
    assert printed == "2 passed, 1 file refused in T s\n"
    assert told == (
        "atalaia: cases/broken.yaml:3:5: the key 'name' is missing in a case\n"
        "cases/broken.yaml:3:6: there is no key 'nam' in a case; did you mean name?\n"
    )


def test_a_refused_pipeline_is_shown_with_its_line(run: Run, folder: Path) -> None:
    """A pipeline that does not load: file, line, column, the line itself and a caret."""
    (folder / "cases" / "p.conf").write_text("filter {\n  grog { }\n}\n", encoding="utf-8")
    _, told = run(expect=2)
    assert told.splitlines()[:3] == [
        "atalaia: cases/p.conf:2:3: there is no filter 'grog' here",
        "    grog { }",
        "    ^",
    ]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("nowhere",), "there are no cases at nowhere; name a file of cases, or a folder that holds some"),
        (
            ("empty",),
            "there are no files of cases in empty; name them *.cases.yaml, or put them into a folder named cases",
        ),
        (
            ("--engine", "logstash", "--coverage"),
            "coverage is measured by the embedded engine; leave out --engine logstash",
        ),
        (("--engine", "logstash", "--fail-under", "5"), "coverage is measured by the embedded engine"),
        (("--logstash-image", "x"), "--logstash-image goes with --engine logstash"),
        (("--logstash-timeout", "5"), "--logstash-timeout goes with --engine logstash"),
        (("--fail-under", "101"), "101.0 is not in the range 0<=x<=100"),
        (
            ("--junit", "nowhere/x.xml"),
            "nowhere/x.xml cannot be written: No such file or directory; check the directory",
        ),
    ],
)
def test_mistakes(run: Run, folder: Path, words: tuple[str, ...], message: str) -> None:
    """Status 2 and what to do."""
    (folder / "empty").mkdir()
    assert message in run(*words, expect=2)[1]


def test_without_cases_it_says_where_they_belong(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a directory without cases, the default folder is named."""
    monkeypatch.chdir(tmp_path)
    assert "there are no cases at cases" in run(expect=2)[1]
    (tmp_path / "logstash" / "cases").mkdir(parents=True)
    (tmp_path / "logstash" / "cases" / "p.conf").write_text(PIPELINE, encoding="utf-8")
    (tmp_path / "logstash" / "cases" / "a.yml").write_text(GOOD, encoding="utf-8")
    assert run()[0] == "2 passed in T s\n"


def test_which_files_of_a_folder_hold_cases(run: Run, folder: Path) -> None:
    """``*.cases.yaml`` at any depth, everything in folders named cases, nothing hidden, each file once."""
    for name in ("deep/down/x.cases.yaml", "deep/other.yaml", "deep/cases/y.yml", ".hidden/z.cases.yaml"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"pipeline: {folder / 'cases' / 'p.conf'}\n" + GOOD.partition("\n")[2], encoding="utf-8")
    printed, _ = run("-v", ".", "cases/good.yaml")
    files = [line.split(":")[0].removeprefix("✔ ") for line in printed.splitlines()[:-1]]
    assert files == [
        name for name in ("cases/good.yaml", "deep/cases/y.yml", "deep/down/x.cases.yaml") for _ in range(2)
    ]


def test_coverage(run: Run, folder: Path) -> None:
    """What no case reached is named with its place; all is reached by the two cases together, not by one."""
    assert run("--coverage")[0].splitlines()[1:] == ["cases/p.conf  100 % covered: 4 of 4 plugins and branches"]
    assert run("--coverage", "-k", "gone")[0].splitlines()[1:] == [
        "cases/p.conf  50.0 % covered: 2 of 4 plugins and branches",
        '  cases/p.conf:2  no arm taken of if [message] == "drop"',
        "  cases/p.conf:3  filter mutate",
    ]
    run("--coverage-file", "lcov.info")
    assert (folder / "lcov.info").read_text(encoding="utf-8").startswith(f"TN:\nSF:{folder}/cases/p.conf\n")


@pytest.mark.usefixtures("folder")
def test_too_little_coverage_fails(run: Run) -> None:
    """Status 1 below the percentage asked for, 0 at it."""
    assert run("--fail-under", "50", "-k", "gone")[0] == "1 passed, 1 not chosen in T s\n"
    assert run("--fail-under", "100")[0] == "2 passed in T s\n"
    printed, _ = run("--fail-under", "50.1", "-k", "gone", expect=1)
    assert printed.splitlines()[1:] == [
        "cases/p.conf  50.0 % covered: 2 of 4 plugins and branches",
        '  cases/p.conf:2  no arm taken of if [message] == "drop"',
        "  cases/p.conf:3  filter mutate",
        "✘ cases/p.conf: 50.0 % covered, 50.1 % asked for",
    ]


def test_junit_is_written_also_for_failures(run: Run, folder: Path) -> None:
    """The file is there whatever the verdict."""
    (folder / "cases" / "bad.yaml").write_text(BAD, encoding="utf-8")
    run("--junit", "out.xml", expect=1)
    assert (folder / "out.xml").read_text(encoding="utf-8").count("<testcase") == 4


def on_terminal(*words: str, **environment: str) -> bytes:
    """Return what the command writes to a terminal."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "atalaia", "pipeline", "test", *words]
    kept = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    with subprocess.Popen(command, stdout=theirs, env=kept | {"TERM": "xterm"} | environment) as process:
        os.close(theirs)
        seen = b""
        while chunk := _read(ours):
            seen += chunk
        process.wait()
    os.close(ours)
    return seen


def _read(descriptor: int) -> bytes:
    """Read from a terminal; empty at its end, which Linux reports as an error."""
    try:
        return os.read(descriptor, 65536)
    except OSError:
        return b""


def test_colour_on_a_terminal_only(run: Run, folder: Path) -> None:
    """A terminal gets colour unless NO_COLOR is set; a pipe never does; the words are the same."""
    (folder / "cases" / "bad.yaml").write_text(BAD, encoding="utf-8")
    coloured = on_terminal()
    assert b"\x1b[32m200\x1b[0m" in coloured
    assert b"\x1b[31m(absent)\x1b[0m" in coloured
    plain = on_terminal(NO_COLOR="1")
    assert b"\x1b[3" not in plain
    assert "\x1b" not in run(expect=1)[0]
    words = re.sub(rb"\x1b\[[\d;]*m", b"", coloured)
    assert words.splitlines()[:-1] == re.sub(rb"\x1b\[[\d;]*m", b"", plain).splitlines()[:-1]


def test_no_event_commands_the_terminal(run: Run, folder: Path) -> None:
    """An escape sequence in an event, a name or a field is shown, not obeyed."""
    text = 'pipeline: p.conf\ncases:\n  - {name: "a\\e[31m", input: {line: "b\\e[2J"}, expect: {message: x}}\n'
    (folder / "cases" / "good.yaml").write_text(text, encoding="utf-8")
    printed, _ = run(expect=1)
    assert "\x1b" not in printed
    assert "a\\x1b[31m" in printed
    assert "\\u001b[2J" in printed

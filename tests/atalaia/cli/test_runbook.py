"""``atalaia runbook``: the pages, and what to type for them."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress

import pytest

from analyzers.alerts.runbooks import RUNBOOKS
from analyzers.language import LANGUAGES
from atalaia.cli.main import main
from atalaia.cli.runbooks import runbook_folder


@pytest.mark.parametrize(("options", "folder"), [((), ""), (("--lang", "en"), ""), (("--lang", "pt_BR"), "pt_BR")])
@pytest.mark.parametrize("name", RUNBOOKS)
def test_a_page_is_printed_as_it_is(
    name: str, options: tuple[str, ...], folder: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Into a file or a pager it is Markdown, to the last letter; in English where nothing is said."""
    assert main(["runbook", name, *options]) == 0
    assert capsys.readouterr().out == (runbook_folder() / folder / f"{name}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Slow responses", "slow queries (slow-queries)", "high CPU (high-cpu)", "atalaia runbook")),
        ("pt_BR", ("Respostas lentas", "consultas lentas (slow-queries)", "inundação (flood)", "atalaia runbook")),
    ],
)
def test_on_a_terminal_other_pages_are_named(language: str, words: tuple[str, ...]) -> None:
    """Laid out, without links that nobody can follow there: the name is what to type for the other page."""
    ours, theirs = pty.openpty()
    line = [sys.executable, "-m", "atalaia", "runbook", "slow-responses", "--lang", language]
    with subprocess.Popen(line, stdout=theirs, env={**os.environ, "NO_COLOR": "1", "COLUMNS": "200"}) as process:
        os.close(theirs)
        said = re.sub(r"\x1b\[[0-9;]*m", "", "".join(_read_all(ours)))
    assert process.returncode == 0
    assert [each for each in words if each.casefold() not in said.casefold()] == []
    assert ".md" not in said


def _read_all(terminal: int) -> Iterator[str]:
    """Yield what is written to a terminal until its last writer has closed it, which Linux tells as an error."""
    with open(terminal, encoding="utf-8", newline="") as stream, suppress(OSError):
        yield from stream


def test_the_language_of_the_surroundings(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """ATALAIA_LANG speaks for who gives no ``--lang``, as for a report; the option goes first."""
    monkeypatch.setenv("ATALAIA_LANG", "pt_BR")
    assert main(["runbook", "silence"]) == 0
    assert capsys.readouterr().out.startswith("# Silêncio repentino\n")
    assert main(["runbook", "silence", "--lang", "en"]) == 0
    assert capsys.readouterr().out.startswith("# Sudden silence\n")


def test_a_language_we_do_not_have(capsys: pytest.CaptureFixture[str]) -> None:
    """Status 2, and those there are."""
    assert main(["runbook", "silence", "--lang", "fr"]) == 2
    assert "pt_BR" in capsys.readouterr().err


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_are_listed(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Every page with what it is about, within 80 columns."""
    assert main(["runbook", "--lang", language]) == 0
    out = capsys.readouterr().out
    assert ("Um cliente, ou uma rede," in out) == (language == "pt_BR")
    lines = out.splitlines()
    assert [line.split()[0] for line in lines if not line.startswith(" ")] == list(RUNBOOKS)
    assert max(map(len, lines)) <= 80


def test_a_page_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    """Status 2, and the names there are; no path leads out of the folder."""
    for name in ("high-cpus", "../alerts"):
        assert main(["runbook", name]) == 2
        assert "high-cpu" in capsys.readouterr().err

"""``atalaia runbook``: the pages, and what to type for them."""

from __future__ import annotations

import pytest

from analyzers.alerts.runbooks import RUNBOOKS
from atalaia.cli.main import main
from atalaia.cli.runbooks import runbook_folder


@pytest.mark.parametrize("name", RUNBOOKS)
def test_a_page_is_printed_as_it_is(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Into a file or a pager it is Markdown, to the last letter."""
    assert main(["runbook", name]) == 0
    assert capsys.readouterr().out == (runbook_folder() / f"{name}.md").read_text(encoding="utf-8")


def test_the_pages_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    """Every page with what it is about, within 80 columns."""
    assert main(["runbook"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines if not line.startswith(" ")] == list(RUNBOOKS)
    assert max(map(len, lines)) <= 80


def test_a_page_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    """Status 2, and the names there are; no path leads out of the folder."""
    for name in ("high-cpus", "../alerts"):
        assert main(["runbook", name]) == 2
        assert "high-cpu" in capsys.readouterr().err

"""``atalaia store expire``: which days go, by which rule, and that it asks."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from analyzers.store.embedded.store import EmbeddedStore
from tests.atalaia.cli.stores import CHECKOUT, STREAM, fill, request, run

OTHER = "logs-web.request-other"


def days(root: Path) -> list[tuple[str, str]]:
    """Return stream and day of what the store still has."""
    with EmbeddedStore(root) as store:
        return sorted({(segment.stream, segment.path.split("date=")[1][:10]) for segment in store.segments})


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Events of 15 and 16 January of one stream, of the 15th of another, written on the 17th."""
    fill(
        tmp_path,
        [request(0), request(1), request(2, day=1), request(3, stream=OTHER)],
        at=datetime(2024, 1, 17, 6, tzinfo=UTC),
    )
    return tmp_path


ALL = [(OTHER, "2024-01-15"), (STREAM, "2024-01-15"), (STREAM, "2024-01-16")]
# Both days were written at 06:00 on 17 January; 30 days later is 06:00 on 16 February.
JUST_BEFORE = datetime(2024, 2, 16, 5, 59, 59, tzinfo=UTC)
THEN = datetime(2024, 2, 16, 6, tzinfo=UTC)


def test_the_templates_rule(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Thirty days after the last write nothing is asked and all goes; a second before, nothing does."""
    assert run("store", "expire", str(store), now=JUST_BEFORE) == 0
    assert capsys.readouterr().out == "nothing is old enough to go\n"
    assert days(store) == ALL
    assert run("store", "expire", str(store), "--stream", STREAM, now=THEN) == 0
    out = capsys.readouterr().out
    assert f"2024-01-15          2 events  {STREAM}" in out
    assert "deleted: 3 events of 2 days" in out
    assert days(store) == ALL[:1]


def test_older_than_goes_by_the_events_day(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """On 21 January at midnight the 15th ended five days ago; that it was written later does not count."""
    now = datetime(2024, 1, 21, tzinfo=UTC)
    assert run("store", "expire", str(store), "--older-than", "5d", "--yes", now=now) == 0
    assert days(store) == ALL[2:]
    assert "deleted: 3 events of 2 days" in capsys.readouterr().out
    assert run("store", "expire", str(store), "--older-than", "5d", "--yes", now=now) == 0
    assert days(store) == ALL[2:]


def test_a_dry_run_changes_nothing(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It lists what would go, without asking, and needs no right to write."""
    before = sorted((path, path.stat().st_mtime_ns) for path in store.rglob("*"))
    with EmbeddedStore(store, writable=True):
        assert run("store", "expire", str(store), "--older-than", "1d", "--dry-run", now=THEN) == 0
    assert capsys.readouterr().out.count("\n") == 3
    assert [path for path, _ in before] == sorted(store.rglob("*"))
    assert days(store) == ALL


def test_it_does_not_delete_what_the_templates_keep_unasked(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a terminal and without --yes it is refused; --yes, or the templates' own rule, is enough."""
    words = ("store", "expire", str(store), "--older-than", "1d")
    assert run(*words, now=JUST_BEFORE) == 2
    assert "the templates would keep these days; give --yes" in capsys.readouterr().err
    assert days(store) == ALL
    assert run(*words, now=THEN) == 0
    assert days(store) == []


@pytest.mark.parametrize(("answer", "status", "left"), [("y\n", 0, []), ("n\n", 130, ALL)])
def test_at_a_terminal_it_asks(store: Path, answer: str, status: int, left: list[tuple[str, str]]) -> None:
    """Yes deletes, no does not; the templates would keep these days, for they are written now."""
    fill(store, [request(9), request(9, day=1), request(9, stream=OTHER)], at=datetime.now(tz=UTC))
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "atalaia", "store", "expire", str(store), "--older-than", "1d"]
    with subprocess.Popen(
        command, cwd=CHECKOUT, stdin=theirs, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        os.write(ours, answer.encode())
        _, error = process.communicate(timeout=60)
    os.close(ours)
    os.close(theirs)
    assert "Delete them all the same?" in error
    assert process.returncode == status
    assert days(store) == left


@pytest.mark.parametrize("age", ["soon", "30", "1w", "-1d"])
def test_an_age_is_written_in_elasticsearchs_units(store: Path, age: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Anything else is refused."""
    assert run("store", "expire", str(store), f"--older-than={age}") == 2
    assert "write 30d, 12h or 90m" in capsys.readouterr().err
    assert days(store) == ALL

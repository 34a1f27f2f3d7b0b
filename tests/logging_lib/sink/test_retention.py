"""Old files go, and nothing else does, whatever the clock says and however many processes clear away."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import logging_lib
from logging_lib.errors import AtalaiaError
from logging_lib.record import Identity
from logging_lib.sink.dated_file import DatedFile, FileOptions
from logging_lib.sink.retention import expired

APP = Identity("app", "test")
NOON = datetime(2024, 1, 15, 12, tzinfo=UTC)


class Hands:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        """Return the time that was set."""
        return self.now


def make(directory: Path, names: Iterable[str], changed: datetime | None = None) -> None:
    """Make files; each was last changed at the noon of the date in its name, or when ``changed`` says."""
    for name in names:
        path = directory / name
        path.write_bytes(b"{}\n")
        instant = changed or datetime.fromisoformat(path.name.removesuffix(".ndjson")[-10:] + "T12:00:00+00:00")
        os.utime(path, (instant.timestamp(), instant.timestamp()))


def days(directory: Path) -> list[str]:
    """Return the names of a directory's files, without what they have in common."""
    return sorted(path.name.removesuffix(".ndjson") for path in directory.iterdir())


def test_files_of_more_than_n_days_back_go_at_the_start(tmp_path: Path) -> None:
    """With three days kept, the fourth day back is deleted and the third is not."""
    make(tmp_path, (f"app-2024-01-{day:02d}.ndjson" for day in range(8, 15)))
    DatedFile(tmp_path, APP, Hands(), FileOptions(retention_days=3)).probe()
    assert days(tmp_path) == [f"app-2024-01-{day}" for day in range(12, 16)]


def test_two_weeks_are_kept_unless_told_otherwise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``configure`` keeps fourteen days; the variable and the argument change that, and nonsense is refused."""
    make(tmp_path, ["app-2023-12-31.ndjson", "app-2024-01-01.ndjson", "app-2024-01-10.ndjson", "app-2024-01-14.ndjson"])
    logging_lib.configure(clock=Hands(), service="app", directory=tmp_path)
    assert days(tmp_path) == ["app-2024-01-01", "app-2024-01-10", "app-2024-01-14", "app-2024-01-15"]
    monkeypatch.setenv("ATALAIA_LOG_RETENTION_DAYS", "5")
    logging_lib.configure(clock=Hands(), service="app", directory=tmp_path)
    assert days(tmp_path) == ["app-2024-01-10", "app-2024-01-14", "app-2024-01-15"]
    logging_lib.configure(clock=Hands(), service="app", directory=tmp_path, retention_days=1)
    assert days(tmp_path) == ["app-2024-01-14", "app-2024-01-15"]
    monkeypatch.setenv("ATALAIA_LOG_RETENTION_DAYS", "-1")
    with pytest.raises(AtalaiaError, match="number of days"):
        logging_lib.configure(service="app", directory=tmp_path)


def test_zero_days_keeps_everything(tmp_path: Path) -> None:
    """0 stands for: for ever."""
    make(tmp_path, ["app-1999-01-01.ndjson", "app-2024-01-14.ndjson"])
    DatedFile(tmp_path, APP, Hands(), FileOptions(retention_days=0)).probe()
    assert days(tmp_path) == ["app-1999-01-01", "app-2024-01-14", "app-2024-01-15"]


def test_only_this_services_own_files_go(tmp_path: Path) -> None:
    """Another service's file, a file of nearly that name, a link and a directory of that name stay."""
    others = [
        "app-api-2023-01-01.ndjson",
        "myapp-2023-01-01.ndjson",
        "app-2023-01-01.ndjson.1",
        "app-2023-13-01.ndjson",
        "app-2023-1-1.ndjson",
        "app_2023-01-01.ndjson",
        "APP-2023-01-01.ndjson",
    ]
    make(tmp_path, others, changed=NOON - timedelta(days=400))
    make(tmp_path, ["app-2023-01-01.ndjson", "app-2024-01-14.ndjson"])
    (tmp_path / "app-2023-01-02.ndjson").mkdir()
    (tmp_path / "app-2023-01-03.ndjson").symlink_to(tmp_path / "app-2023-01-01.ndjson.1")
    for name in ("app-2023-01-02.ndjson", "app-2023-01-03.ndjson"):
        os.utime(tmp_path / name, (0, 0), follow_symlinks=False)
    told: list[str] = []
    DatedFile(tmp_path, APP, Hands(), FileOptions(retention_days=1, complain=told.append)).probe()
    assert told == []
    kept = {path.name for path in tmp_path.iterdir()}
    assert kept == {
        *others,
        "app-2023-01-02.ndjson",
        "app-2023-01-03.ndjson",
        "app-2024-01-14.ndjson",
        "app-2024-01-15.ndjson",
    }


def test_files_go_when_the_day_changes(tmp_path: Path) -> None:
    """The first line of a new day has the files deleted, soon after and not within the write."""
    clock = Hands()
    make(tmp_path, ["app-2024-01-13.ndjson", "app-2024-01-14.ndjson"])
    file = DatedFile(tmp_path, APP, clock, FileOptions(retention_days=2))
    file.write(b"{}\n")
    clock.now += timedelta(days=1)
    file.write(b"{}\n")
    deadline = time.monotonic() + 60
    while (tmp_path / "app-2024-01-13.ndjson").exists() and time.monotonic() < deadline:
        time.sleep(0.005)
    assert days(tmp_path) == ["app-2024-01-14", "app-2024-01-15", "app-2024-01-16"]


def test_a_file_that_was_changed_lately_stays(tmp_path: Path) -> None:
    """A file with an old date that was brought back from a backup yesterday is not deleted at once."""
    make(tmp_path, ["app-2024-01-14.ndjson"])
    make(tmp_path, ["app-2023-01-01.ndjson"], changed=NOON - timedelta(days=1))
    DatedFile(tmp_path, APP, Hands(), FileOptions(retention_days=3)).probe()
    assert days(tmp_path) == ["app-2023-01-01", "app-2024-01-14", "app-2024-01-15"]


def test_a_clock_in_the_far_future_deletes_no_more_than_the_right_one(tmp_path: Path) -> None:
    """A machine that starts in 2036 counts back from its newest file, and so loses one day more at most."""
    make(tmp_path, (f"app-2024-01-{day:02d}.ndjson" for day in range(10, 16)))
    clock = Hands()
    clock.now = datetime(2036, 1, 1, tzinfo=UTC)
    for _ in range(2):  # a restart on the same wrong day changes nothing
        DatedFile(tmp_path, APP, clock, FileOptions(retention_days=3)).probe()
    assert days(tmp_path) == [*(f"app-2024-01-{day}" for day in range(13, 16)), "app-2036-01-01"]


def test_a_file_that_cannot_be_deleted_is_told_once() -> None:
    """Where the directory forbids it to the process's user, one message says so and logging goes on."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        make(place, (f"app-2024-01-{day}.ndjson" for day in range(10, 16)))
        for path in place.iterdir():
            path.chmod(0o666)
        place.chmod(0o555)
        child = os.fork()
        if child == 0:
            if os.geteuid() == 0:
                os.setuid(65534)  # the superuser may delete everywhere
            told: list[str] = []
            file = DatedFile(place, APP, Hands(), FileOptions(retention_days=1, complain=told.append))
            file.probe()
            file.write(b"{}\n")
            well = len(told) == 1 and "cannot delete old log files" in told[0] and not file.unreported
            os._exit(0 if well else 1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        place.chmod(0o755)
        assert len(days(place)) == 6
        assert (place / "app-2024-01-15.ndjson").read_bytes() == b"{}\n{}\n"


def test_four_processes_clear_away_at_once(tmp_path: Path) -> None:
    """Four processes that start together delete each file once, and none complains or fails."""
    make(tmp_path, ((date(2020, 1, 1) + timedelta(days=day)).strftime("app-%Y-%m-%d.ndjson") for day in range(1000)))
    program = (
        "import sys; from pathlib import Path; from logging_lib.record import Identity\n"
        "from logging_lib.sink.dated_file import DatedFile, FileOptions\n"
        "DatedFile(Path(sys.argv[1]), Identity('app', 'test'), options=FileOptions(retention_days=14)).probe()\n"
    )
    processes = [
        subprocess.Popen([sys.executable, "-c", program, tmp_path], stderr=subprocess.PIPE, text=True) for _ in range(4)
    ]
    assert [(process.communicate(timeout=60)[1], process.returncode) for process in processes] == [("", 0)] * 4
    assert len(list(tmp_path.iterdir())) == 14 + 1  # counted back from the newest file of 2022, and today's


@given(
    st.sets(st.dates(date(2024, 1, 1), date(2024, 3, 1))),
    st.dates(date(2024, 1, 1), date(2024, 4, 1)),
    st.integers(1, 40),
)
def test_what_expires_is_older_than_n_days_and_never_all(found: set[date], today: date, days_kept: int) -> None:
    """Whatever the dates are, nothing of the last N days expires, nor of the N days up to the newest earlier file."""
    dated = {Path(str(day)): day for day in found}
    gone = {dated[path] for path in expired(dated, today, days_kept)}
    assert all((today - day).days > days_kept for day in gone)
    earlier = {day for day in found if day < today}
    assert not earlier or max(earlier) not in gone
    # A service that has written yesterday has just its last N days.
    if today - timedelta(days=1) in found:
        assert gone == {day for day in found if (today - day).days > days_kept}

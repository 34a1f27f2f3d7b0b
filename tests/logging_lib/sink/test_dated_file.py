"""The dated file: whole lines from many processes, the change of day, and a disk that refuses."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import stat
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from logging_lib.record import Identity
from logging_lib.sink.dated_file import DatedFile, FileOptions
from logging_lib.sink.losses import LOST_EVENT

PROCESSES = 4
LINES_EACH = 10_000
TI_OSN = Identity("ti-osn", "test")

WRITER = """
import sys
from pathlib import Path
from logging_lib.record import Identity
from logging_lib.sink.dated_file import DatedFile
from logging_lib.values import encode_line
file = DatedFile(Path(sys.argv[1]), Identity("ti-osn", "test"))
for number in range(int(sys.argv[3])):
    file.write(encode_line({"writer": int(sys.argv[2]), "number": number, "padding": "x" * (number % 700)}))
assert file.unreported == 0
"""


class Hands:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = datetime(2024, 1, 15, 23, 59, 59, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Return the time that was set."""
        return self.now


@contextmanager
def file_size_limit(size: int) -> Iterator[None]:
    """Have the kernel refuse writes beyond a size, as a full disk does: first a short write, then an error."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


def test_no_line_is_torn_between_processes(tmp_path: Path) -> None:
    """Four processes append 10,000 lines each: all 40,000 arrive whole, those of each writer in order."""
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path), str(number), str(LINES_EACH)])
        for number in range(PROCESSES)
    ]
    assert [writer.wait(timeout=120) for writer in writers] == [0] * PROCESSES
    read = [json.loads(line) for path in sorted(tmp_path.iterdir()) for line in path.read_bytes().splitlines()]
    assert Counter(line["writer"] for line in read) == dict.fromkeys(range(PROCESSES), LINES_EACH)
    for writer in range(PROCESSES):
        assert [line["number"] for line in read if line["writer"] == writer] == list(range(LINES_EACH))
    assert all(line["padding"] == "x" * (line["number"] % 700) for line in read)


def test_the_day_changes_at_midnight_utc(tmp_path: Path) -> None:
    """A line written after midnight goes to the next day's file."""
    clock = Hands()
    file = DatedFile(tmp_path, TI_OSN, clock)
    file.write(b'{"n":1}\n')
    clock.now += timedelta(seconds=1)
    file.write(b'{"n":2}\n')
    file.close()
    assert (tmp_path / "ti-osn-2024-01-15.ndjson").read_bytes() == b'{"n":1}\n'
    assert (tmp_path / "ti-osn-2024-01-16.ndjson").read_bytes() == b'{"n":2}\n'


def test_a_deleted_file_is_made_again(tmp_path: Path) -> None:
    """A tenth of a second after somebody has deleted the file, lines no longer vanish into it."""
    clock = Hands()
    file = DatedFile(tmp_path, TI_OSN, clock)
    file.write(b'{"n":1}\n')
    (tmp_path / "ti-osn-2024-01-15.ndjson").unlink()
    clock.now += timedelta(milliseconds=100)
    file.write(b'{"n":2}\n')
    file.close()
    assert (tmp_path / "ti-osn-2024-01-15.ndjson").read_bytes() == b'{"n":2}\n'


def test_a_renamed_file_is_left_alone(tmp_path: Path) -> None:
    """A file that logrotate has renamed gets no more lines after a tenth of a second; they go to a new one."""
    clock = Hands()
    file = DatedFile(tmp_path, TI_OSN, clock)
    file.write(b'{"n":1}\n')
    (tmp_path / "ti-osn-2024-01-15.ndjson").rename(tmp_path / "ti-osn-2024-01-15.ndjson.1")
    file.write(b'{"n":2}\n')
    clock.now += timedelta(milliseconds=100)
    file.write(b'{"n":3}\n')
    file.close()
    assert (tmp_path / "ti-osn-2024-01-15.ndjson.1").read_bytes() == b'{"n":1}\n{"n":2}\n'
    assert (tmp_path / "ti-osn-2024-01-15.ndjson").read_bytes() == b'{"n":3}\n'


def test_a_file_cut_by_copytruncate_goes_on(tmp_path: Path) -> None:
    """After logrotate's copytruncate the file goes on from its beginning, without a hole."""
    file = DatedFile(tmp_path, TI_OSN, Hands())
    file.write(b'{"n":1}\n')
    os.truncate(tmp_path / "ti-osn-2024-01-15.ndjson", 0)
    file.write(b'{"n":2}\n')
    file.close()
    assert (tmp_path / "ti-osn-2024-01-15.ndjson").read_bytes() == b'{"n":2}\n'


def test_a_removed_directory_is_made_again(tmp_path: Path) -> None:
    """A directory removed while the program runs is there again for the next line, closed to strangers."""
    clock = Hands()
    place = tmp_path / "logs"
    file = DatedFile(place, TI_OSN, clock)
    file.write(b'{"n":1}\n')
    shutil.rmtree(place)
    clock.now += timedelta(milliseconds=100)
    before = os.umask(0o022)
    file.write(b'{"n":2}\n')
    os.umask(before)
    file.close()
    path = place / "ti-osn-2024-01-15.ndjson"
    assert path.read_bytes() == b'{"n":2}\n'
    assert [stat.S_IMODE(each.stat().st_mode) for each in (place, path)] == [0o750, 0o640]


def test_the_umask_may_close_a_file_further(tmp_path: Path) -> None:
    """A process with umask 077 makes a file that only its user can read."""
    before = os.umask(0o077)
    DatedFile(tmp_path, TI_OSN, Hands()).write(b'{"n":1}\n')
    os.umask(before)
    assert stat.S_IMODE((tmp_path / "ti-osn-2024-01-15.ndjson").stat().st_mode) == 0o600


def test_a_pipe_in_the_files_place_blocks_nobody(tmp_path: Path) -> None:
    """A pipe nobody reads would stop who writes to it; lines are dropped in its stead."""
    told: list[str] = []
    os.mkfifo(tmp_path / "ti-osn-2024-01-15.ndjson")
    file = DatedFile(tmp_path, TI_OSN, Hands(), FileOptions(complain=told.append))
    file.write(b'{"n":1}\n')
    assert file.unreported == 1
    assert "not a regular file" in told[0]


@pytest.mark.parametrize("fragment", [b"{", b'{"timestamp":"2024-01-15T23:59:59.000Z","ev'])
def test_anothers_fragment_spoils_no_line(tmp_path: Path, fragment: bytes) -> None:
    """What a killed process left of its line ends before the next line of another, whatever has been written before."""
    path = tmp_path / "ti-osn-2024-01-15.ndjson"
    first, second = (DatedFile(tmp_path, TI_OSN, Hands()) for _ in range(2))
    first.write(b'{"n":1}\n')
    second.write(b'{"n":2}\n')
    with path.open("ab") as killed:
        killed.write(fragment)
    first.write(b'{"n":3}\n')
    second.write(b'{"n":4}\n')
    assert path.read_bytes() == b'{"n":1}\n{"n":2}\n' + fragment + b'\n{"n":3}\n{"n":4}\n'


def test_a_new_process_ends_the_fragment_it_finds(tmp_path: Path) -> None:
    """After a crash the first line of the next process stands on a line of its own."""
    path = tmp_path / "ti-osn-2024-01-15.ndjson"
    path.write_bytes(b'{"n":1}\n{"n"')
    DatedFile(tmp_path, TI_OSN, Hands()).write(b'{"n":2}\n')
    assert path.read_bytes() == b'{"n":1}\n{"n"\n{"n":2}\n'


def test_a_full_disk_drops_counts_and_tells_once(tmp_path: Path) -> None:
    """Writes beyond the limit are dropped without an exception; the first and the recovery are told."""
    told: list[str] = []
    file = DatedFile(tmp_path, TI_OSN, Hands(), FileOptions(complain=told.append))
    file.write(b'{"n":1}\n')
    with file_size_limit(12):
        file.write(b'{"n":"does not fit"}\n')
        file.write(b'{"n":3}\n')
        file.write(b'{"n":4}\n')
    assert file.unreported == 3
    assert len(told) == 1
    file.write(b'{"n":5}\n')
    file.write(b'{"n":6}\n')
    file.close()
    # The write that broke off left four bytes; they end in a line of their own and spoil no other.
    lines = (tmp_path / "ti-osn-2024-01-15.ndjson").read_bytes().splitlines()
    assert [lines[place] for place in (0, 1, 3, 4)] == [b'{"n":1}', b'{"n"', b'{"n":5}', b'{"n":6}']
    notice = json.loads(lines[2])
    assert {key: notice[key] for key in ("level", "event", "service", "environment", "dropped", "since", "until")} == {
        "level": "WARNING",
        "event": LOST_EVENT,
        "service": "ti-osn",
        "environment": "test",
        "dropped": 3,
        "since": "2024-01-15T23:59:59.000Z",
        "until": "2024-01-15T23:59:59.000Z",
    }
    assert len(lines) == 5
    assert len(told) == 2
    assert "3 lines were dropped" in told[1]


def test_a_line_that_lacks_only_its_newline_counts_as_written(tmp_path: Path) -> None:
    """A disk that takes all of a line but its end has the line: the next one brings the newline."""
    file = DatedFile(tmp_path, TI_OSN, Hands())
    with file_size_limit(15):
        file.write(b'{"n":1}\n')
        file.write(b'{"n":2}\n')
    assert file.unreported == 0
    file.write(b'{"n":3}\n')
    assert (tmp_path / "ti-osn-2024-01-15.ndjson").read_bytes() == b'{"n":1}\n{"n":2}\n{"n":3}\n'


def test_what_a_full_disk_cost_is_told_at_the_end(tmp_path: Path) -> None:
    """A process that ends before it writes again tells of the gap when it closes, on standard error at the worst."""
    told: list[str] = []
    file = DatedFile(tmp_path, TI_OSN, Hands(), FileOptions(complain=told.append))
    with file_size_limit(4):
        file.write(b'{"n":1}\n')
        file.write(b'{"n":2}\n')
        file.close()
    assert "2 lines were dropped" in told[-1]
    file.close()
    lines = (tmp_path / "ti-osn-2024-01-15.ndjson").read_bytes().splitlines()
    assert [json.loads(line)["dropped"] for line in lines if b"dropped" in line] == [2]


def test_a_directory_that_is_gone_does_not_break_the_writer(tmp_path: Path) -> None:
    """Where the directory's place is taken by a file, lines are dropped until it is a directory again."""
    told: list[str] = []
    place = tmp_path / "logs"
    place.write_text("in the way", encoding="utf-8")
    file = DatedFile(place, TI_OSN, Hands(), FileOptions(complain=told.append))
    file.write(b'{"n":1}\n')
    place.unlink()
    file.write(b'{"n":2}\n')
    file.close()
    notice, line = (place / "ti-osn-2024-01-15.ndjson").read_bytes().splitlines()
    assert json.loads(notice)["dropped"] == 1
    assert line == b'{"n":2}'

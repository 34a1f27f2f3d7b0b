"""The dated file: whole lines from many processes, the change of day, and a disk that refuses."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from logging_lib.sink import DatedFile

PROCESSES = 4
LINES_EACH = 10_000

WRITER = """
import sys
from pathlib import Path
from logging_lib.sink import DatedFile
from logging_lib.values import encode_line
file = DatedFile(Path(sys.argv[1]), "ti-osn")
for number in range(int(sys.argv[3])):
    file.write(encode_line({"writer": int(sys.argv[2]), "number": number, "padding": "x" * (number % 700)}))
assert file.dropped == 0
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
    file = DatedFile(tmp_path, "ti-osn", clock)
    file.write(b'{"n":1}\n')
    clock.now += timedelta(seconds=1)
    file.write(b'{"n":2}\n')
    file.close()
    assert (tmp_path / "ti-osn-2024-01-15.ndjson").read_bytes() == b'{"n":1}\n'
    assert (tmp_path / "ti-osn-2024-01-16.ndjson").read_bytes() == b'{"n":2}\n'


def test_a_deleted_file_is_made_again(tmp_path: Path) -> None:
    """Lines do not vanish into a file that somebody has deleted."""
    file = DatedFile(tmp_path, "ti-osn", Hands())
    file.write(b'{"n":1}\n')
    (tmp_path / "ti-osn-2024-01-15.ndjson").unlink()
    file.write(b'{"n":2}\n')
    file.close()
    assert (tmp_path / "ti-osn-2024-01-15.ndjson").read_bytes() == b'{"n":2}\n'


def test_a_full_disk_drops_counts_and_tells_once(tmp_path: Path) -> None:
    """Writes beyond the limit are dropped without an exception; the first and the recovery are told."""
    told: list[str] = []
    file = DatedFile(tmp_path, "ti-osn", Hands(), complain=told.append)
    file.write(b'{"n":1}\n')
    with file_size_limit(12):
        file.write(b'{"n":"does not fit"}\n')
        file.write(b'{"n":3}\n')
        file.write(b'{"n":4}\n')
    assert file.dropped == 3
    assert len(told) == 1
    file.write(b'{"n":5}\n')
    file.write(b'{"n":6}\n')
    file.close()
    # The write that broke off left four bytes; they end in a line of their own and spoil no other.
    assert (tmp_path / "ti-osn-2024-01-15.ndjson").read_bytes() == b'{"n":1}\n{"n"\n{"n":5}\n{"n":6}\n'
    assert len(told) == 2
    assert "3 lines were dropped" in told[1]


def test_a_directory_that_is_gone_does_not_break_the_writer(tmp_path: Path) -> None:
    """Where the directory's place is taken by a file, lines are dropped until it is a directory again."""
    told: list[str] = []
    place = tmp_path / "logs"
    place.write_text("in the way", encoding="utf-8")
    file = DatedFile(place, "ti-osn", Hands(), complain=told.append)
    file.write(b'{"n":1}\n')
    place.unlink()
    file.write(b'{"n":2}\n')
    file.close()
    assert file.dropped == 1
    assert (place / "ti-osn-2024-01-15.ndjson").read_bytes() == b'{"n":2}\n'


def test_a_forked_child_writes_even_if_its_parent_was_writing(tmp_path: Path) -> None:
    """The child of a fork does not inherit a lock that a thread of the parent held."""
    file = DatedFile(tmp_path, "ti-osn", Hands())
    file.write(b'{"n":1}\n')
    with file._lock:  # noqa: SLF001 - stands for a thread in the middle of a write
        child = os.fork()
        if child == 0:
            signal.alarm(10)
            file.write(b'{"n":2}\n')
            os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    file.close()
    assert (tmp_path / "ti-osn-2024-01-15.ndjson").read_bytes() == b'{"n":1}\n{"n":2}\n'

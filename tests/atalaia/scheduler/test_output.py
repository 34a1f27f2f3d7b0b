"""What runs print: a lot of it, without an end, in lines of any length."""

from __future__ import annotations

from pathlib import Path
from typing import IO

from atalaia.scheduler.output import Output, appending

_MEBIBYTE = 1 << 20


def _printing(path: Path) -> IO[bytes]:
    return open(path, "wb", opener=appending)


def test_a_run_that_prints_without_end_leaves_time_for_other_jobs(tmp_path: Path) -> None:
    """Of 12 MiB that are there already, one look passes on 4, so that timeouts are looked after in between."""
    path = tmp_path / "out"
    with _printing(path) as file:
        for _ in range(12 * 1024):
            file.write(b"x" * 1023 + b"\n")
    output = Output(path)
    assert sum(1 for _ in output.lines()) == 4 * 1024
    assert sum(1 for _ in output.lines(all_of_it=True)) == 8 * 1024


def test_what_has_been_passed_on_does_not_fill_the_disk(tmp_path: Path) -> None:
    """A run that prints 100 MiB leaves far less on the disk, and every line of it is passed on once, in order."""
    path = tmp_path / "out"
    seen: list[str] = []
    output = Output(path)
    with _printing(path) as file:
        for number in range(100):
            file.write(b"%d " % number + b"x" * (_MEBIBYTE - 8) + b"\n")
            file.flush()
            seen += output.lines()
            seen += output.lines()
    assert path.stat().st_size < 64 * _MEBIBYTE
    seen += output.lines(all_of_it=True)
    assert [int(line.split()[0]) for line in seen if " " in line] == list(range(100))
    assert output.tail.endswith("x\n")


def test_a_line_without_an_end_is_passed_on_in_parts(tmp_path: Path) -> None:
    """A run that prints 3 MiB and no line end takes no more memory than a part of that at once."""
    path = tmp_path / "out"
    with _printing(path) as file:
        file.write(b"y" * 3 * _MEBIBYTE)
    output = Output(path)
    parts = list(output.lines(all_of_it=True))
    assert max(map(len, parts)) == 1 << 16
    assert "".join(parts) == "y" * 3 * _MEBIBYTE

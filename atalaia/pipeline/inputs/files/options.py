"""The options of the ``file`` input, and what they amount to. Source: logstash-input-file 4.4.6."""

from __future__ import annotations

import hashlib
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from atalaia.pipeline.inputs.base import InputOptions
from atalaia.pipeline.inputs.files.durations import Days, Seconds
from atalaia.pipeline.inputs.files.patterns import Patterns
from atalaia.pipeline.options import OptionError
from atalaia.pipeline.settings import Flag, Integer, Text, Texts

_DEFAULT_OPEN_FILES: Final = 4_095
_NO_SINCEDB: Final = Path("/dev/null")


class FileOptions(InputOptions):
    """Options of ``file``.

    The options after ``path`` say when and from where files are read by ``atalaia pipeline run``; ``atalaia ingest`` is
    told its files by the user and reads each of them from where it stopped.

    Attributes:
        path: Absolute patterns of the files: ``*``, ``?``, ``[a-z]``, ``{a,b}``, and ``**`` for directories at any
            depth.
        exclude: Patterns of file names (without their directory) to leave out.
        mode: ``tail`` follows files that grow; ``read`` takes files as complete.
        start_position: ``beginning`` or ``end``: where a file is begun that is there at the first start of all. Not
            used in ``read`` mode.
        sincedb_path: The file that remembers how far sources were read; ``/dev/null`` for none.
        sincedb_write_interval: How often that file is written.
        sincedb_clean_after: How long a source is remembered whose file is gone; a bare number is days.
        stat_interval: The pause between two looks at the files.
        discover_interval: How many looks pass between two searches for new files.
        ignore_older: What stands in a new file that was last changed longer ago is not read.
        close_older: A file that has brought nothing for so long is closed until it changes. Not used in ``read`` mode.
        max_open_files: How many files may be open at a time.
        file_chunk_size: How many bytes make a chunk.
        file_chunk_count: How many chunks of a file are read before the next file's turn.
        file_sort_by: ``last_modified`` or ``path``: the order in which files are read.
        file_sort_direction: ``asc`` or ``desc``.
        file_completed_action: ``delete``, ``log`` or ``log_and_delete``: what is done with a file once it was read
            completely and is durable. Only in ``read`` mode.
        file_completed_log_path: The file that takes the paths of completed files.
        exit_after_read: End once the files of the start are read. Only in ``read`` mode.
        check_archive_validity: Read a compressed file only after a first pass has found it sound.
        delimiter: What ends a line; in compressed files it is always the newline.
    """

    path: Texts
    exclude: Texts = ()
    mode: Text = "tail"
    start_position: Text = "end"
    sincedb_path: Text | None = None
    sincedb_write_interval: Seconds = 15.0
    sincedb_clean_after: Days = 14 * 86_400.0
    stat_interval: Seconds = 1.0
    discover_interval: Integer = 15
    ignore_older: Seconds | None = None
    close_older: Seconds = 3_600.0
    max_open_files: Integer = _DEFAULT_OPEN_FILES
    file_chunk_size: Integer = 32_768
    file_chunk_count: Integer = sys.maxsize
    file_sort_by: Text = "last_modified"
    file_sort_direction: Text = "asc"
    file_completed_action: Text = "delete"
    file_completed_log_path: Text | None = None
    exit_after_read: Flag = False
    check_archive_validity: Flag = False
    delimiter: Text = "\n"


@dataclass(frozen=True, slots=True)
class Plan:
    """What the options amount to; durations are in seconds.

    Attributes:
        patterns: Finds the files.
        tail: Whether files are followed; otherwise they are taken as complete.
        from_end: Whether files of the very first look are begun at their end.
        sincedb: The sincedb file; ``None`` for one below the data directory named :attr:`sincedb_name`.
        keeps_sincedb: False for ``/dev/null``.
        band: How many bytes of a file are read before the next file's turn.
        delete_completed: Whether completed files are deleted.
        completed_log: The file that takes their paths.
        delimiter: What ends a line of a plain file.

    The others are options as they stand.
    """

    patterns: Patterns
    tail: bool
    from_end: bool
    sincedb: Path | None
    keeps_sincedb: bool
    sincedb_write_interval: float
    sincedb_clean_after: float
    stat_interval: float
    discover_interval: int
    ignore_older: float | None
    close_older: float
    max_open_files: int
    band: int
    sort_by_path: bool
    descending: bool
    delete_completed: bool
    completed_log: Path | None
    exit_after_read: bool
    check_archive_validity: bool
    delimiter: bytes

    @property
    def sincedb_name(self) -> str:
        """A file name that is the same for the same patterns."""
        joined = ",".join(self.patterns.paths).encode("utf-8", "surrogateescape")
        return f".sincedb_{hashlib.blake2b(joined, digest_size=16).hexdigest()}"


def plan(options: FileOptions, directory: Path) -> Plan:
    """Check what the types cannot, and return the plan.

    Args:
        options: As they were written.
        directory: Where relative paths of the sincedb and of the log start.

    Raises:
        OptionError: When an option cannot be honoured.
    """
    _check_words(options)
    tail = options.mode == "tail"
    if tail and options.exit_after_read:
        raise OptionError("exit_after_read", 'it needs mode => "read": a followed file has no end')
    sincedb = None if options.sincedb_path is None else _file("sincedb_path", options.sincedb_path, directory)
    action = options.file_completed_action
    return Plan(
        patterns=Patterns(options.path, options.exclude),
        tail=tail,
        from_end=tail and options.start_position == "end",
        sincedb=sincedb,
        keeps_sincedb=sincedb != _NO_SINCEDB,
        sincedb_write_interval=options.sincedb_write_interval,
        sincedb_clean_after=options.sincedb_clean_after,
        stat_interval=options.stat_interval,
        discover_interval=_at_least_one("discover_interval", options.discover_interval),
        ignore_older=options.ignore_older,
        close_older=options.close_older,
        max_open_files=options.max_open_files if options.max_open_files > 0 else _DEFAULT_OPEN_FILES,
        band=_at_least_one("file_chunk_size", options.file_chunk_size)
        * _at_least_one("file_chunk_count", options.file_chunk_count),
        sort_by_path=options.file_sort_by == "path",
        descending=options.file_sort_direction == "desc",
        delete_completed=not tail and action != "log",
        completed_log=None if tail or action == "delete" else _completed_log(options, directory),
        exit_after_read=options.exit_after_read,
        check_archive_validity=options.check_archive_validity,
        delimiter=_delimiter(options.delimiter),
    )


def _check_words(options: FileOptions) -> None:
    _one_of("mode", options.mode, ("tail", "read"))
    _one_of("start_position", options.start_position, ("beginning", "end"))
    _one_of("file_sort_by", options.file_sort_by, ("last_modified", "path"))
    _one_of("file_sort_direction", options.file_sort_direction, ("asc", "desc"))
    _one_of("file_completed_action", options.file_completed_action, ("delete", "log", "log_and_delete"))


def _one_of(option: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise OptionError(option, f"{value!r} is none of {', '.join(allowed)}")


def _at_least_one(option: str, value: int) -> int:
    if value < 1:
        raise OptionError(option, f"{value} is less than 1")
    return value


def _delimiter(text: str) -> bytes:
    if not text:
        raise OptionError("delimiter", "it is empty", "leave the option out for lines that end with a newline")
    return text.encode("utf-8", "surrogateescape")


def _completed_log(options: FileOptions, directory: Path) -> Path:
    if options.file_completed_log_path is None:
        action = options.file_completed_action
        raise OptionError("file_completed_log_path", f"file_completed_action => {action!r} needs it", "name a file")
    return _file("file_completed_log_path", options.file_completed_log_path, directory)


def _file(option: str, text: str, directory: Path) -> Path:
    path = directory / text
    if path.is_dir():
        raise OptionError(option, f"{path} is a directory", "name a file")
    return path

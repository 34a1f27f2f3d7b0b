"""Drives the file input step by step: a clock to turn, a pipeline that settles when it is told to."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from atalaia.pipeline.context import PipelineContext
from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.errors import Position
from atalaia.pipeline.event import Event
from atalaia.pipeline.inputs.base import LoadedInput
from atalaia.pipeline.inputs.file import PLUGIN
from atalaia.pipeline.inputs.files.options import FileOptions, plan
from atalaia.pipeline.inputs.files.watch import Watch
from atalaia.pipeline.inputs.running import Arrival, DeadLetter, Positions, Reading, StoppedError
from atalaia.pipeline.settings import Settings, SettingValue

QUIET = 6
"""Seconds after which a file that has not changed is taken as complete (documented: five)."""


class Clock:
    """A clock that goes only when it is turned."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        """Return the instant it shows."""
        return self.now

    def turn(self, seconds: float) -> None:
        """Go on by so many seconds."""
        self.now += timedelta(seconds=seconds)


class Receiver:
    """A pipeline that keeps what arrives.

    Attributes:
        events: What was settled, in order.
        letters: Dead letters that were settled.
        positions: Committed positions, as a store keeps them.
        waiting: Arrivals that are not settled.
        at_once: Whether arrivals are settled as they come.
        full: Refuse whatever comes.
    """

    def __init__(self, *, at_once: bool = True) -> None:
        self.events: list[Event] = []
        self.letters: list[DeadLetter] = []
        self.positions: dict[str, int] = {}
        self.waiting: list[Arrival] = []
        self.at_once = at_once
        self.full = False

    def __call__(self, arrival: Arrival) -> None:
        """Take an arrival."""
        if self.full:
            raise StoppedError("the pipeline was stopped")
        self.waiting.append(arrival)
        if self.at_once:
            self.settle()

    def settle(self, count: int | None = None) -> None:
        """Make the oldest arrivals durable: events and positions in one, then their inputs are told."""
        now = self.waiting[:count]
        del self.waiting[:count]
        for arrival in now:
            self.events += arrival.events
            self.letters += arrival.dead_letters
            self.positions.update({each.source: each.offset for each in arrival.positions})
            arrival.settled()

    def position(self, source: str) -> int:
        """Return a committed position."""
        return self.positions.get(source, 0)

    @property
    def lines(self) -> list[str]:
        """The messages of what was settled."""
        return [str(event.data["message"]) for event in self.events]

    @property
    def ids(self) -> list[str]:
        """The ids of what was settled."""
        return [str(event.source_id) for event in self.events]


def load(directory: Path, **options: SettingValue) -> LoadedInput:
    """Load the input with these options, as a configuration would."""
    place = Position("t.conf", 1, 1, "")
    context = PipelineContext("test", EcsCompatibility.V8, lambda: datetime.now(UTC), directory, "box")
    return PLUGIN.load(Settings("file", place, {**options}, {}), context)


class Driver:
    """An input on a directory, driven by hand.

    Args:
        directory: Where the log files are; what the input keeps is beside it, in ``<directory>.data``.
        receiver: Takes what is read.
        store: Whether the receiver keeps positions, as the embedded store does.
        options: Of the input; ``path`` is ``app.log*`` in the directory unless given.
    """

    def __init__(
        self,
        directory: Path,
        receiver: Receiver,
        *,
        store: bool = False,
        clock: Clock | None = None,
        **options: SettingValue,
    ) -> None:
        self.directory = directory
        self.receiver = receiver
        self.clock = clock or Clock()
        self.stop = threading.Event()
        self._store = store
        self._options: dict[str, SettingValue] = {
            "path": str(directory / "app.log*"),
            "start_position": "beginning",
            "sincedb_write_interval": 0,
            **options,
        }
        self.watch = self.begin()

    @property
    def reading(self) -> Reading:
        """What a running input is given."""
        positions: Positions | None = self.receiver if self._store else None
        data = self.directory.with_name(f"{self.directory.name}.data")
        return Reading(self.receiver, self.stop, positions, data, self.clock)

    def begin(self) -> Watch:
        """Start the input, as after a start of the process."""
        loaded = load(self.directory, **self._options)
        options = FileOptions.model_validate(dict(self._options))
        self.watch = Watch(plan(options, self.directory), loaded.feed, self.reading)
        return self.watch

    def look(self, times: int = 1, seconds: float = 1) -> None:
        """Look so many times, each so many seconds after the other, until there is nothing more to read at once."""
        for _ in range(times):
            self.clock.turn(seconds)
            while self.watch.look():
                pass

    def restart(self) -> None:
        """End the input and start it again."""
        self.watch.close()
        self.begin()

    def crash(self) -> None:
        """Lose everything that was in memory, and what waits in the pipeline, and start again."""
        vanish(self.watch)
        self.receiver.waiting.clear()
        self.begin()


def vanish(watch: Watch) -> None:
    """End an input as kill -9 does: its files and its lock are closed, nothing is written."""
    watch._sources.close()  # noqa: SLF001 - there is no polite way to be killed
    sincedb = watch._memory._sincedb  # noqa: SLF001
    if sincedb is not None:
        sincedb.release()
        watch._memory._sincedb = None  # noqa: SLF001


def identity_by_hand(path: Path) -> str:
    """Return a plain file's identity: device, inode and what ``head -n 1 | head -c 1024 | sha256sum`` says."""
    first = path.read_bytes().split(b"\n")[0][:1_024].rstrip(b"\r")
    status = path.stat()
    return f"{status.st_dev:x}-{status.st_ino:x}-{hashlib.sha256(first).hexdigest()[:16]}"


def append(path: Path, *lines: str, end: str = "\n") -> None:
    """Write lines at the end of a file, as a logger does."""
    with path.open("ab") as file:
        file.write("".join(line + end for line in lines).encode())


def compress(path: Path, target: Path) -> None:
    """Compress a file as gzip does: the archive is complete before the original goes, and keeps its time."""
    status = path.stat()
    with gzip.open(target, "wb") as archive:
        archive.write(path.read_bytes())
    os.utime(target, ns=(status.st_atime_ns, status.st_mtime_ns))
    path.unlink()


def copy_and_truncate(path: Path, target: Path) -> None:
    """Rotate as logrotate's ``copytruncate`` does."""
    shutil.copyfile(path, target)
    os.truncate(path, 0)


def descriptors() -> list[Path]:
    """Return the open descriptors of this process."""
    return [each for each in Path("/proc/self/fd").iterdir() if os.path.lexists(each)]


def is_open(path: Path) -> bool:
    """Tell whether this process has a file open, be it deleted."""
    return str(path) in {str(each.readlink()).removesuffix(" (deleted)") for each in descriptors()}


def records(driver: Driver) -> list[dict[str, object]]:
    """Return what the sincedb says of each source."""
    folder = driver.directory.with_name(f"{driver.directory.name}.data") / "plugins" / "inputs" / "file"
    (path,) = [each for each in folder.iterdir() if not each.name.endswith(".lock")]
    return [json.loads(line) for line in path.read_text(encoding="ascii").splitlines()[1:]]


def rotated(driver: Driver, *, running: bool, rotate: Callable[[], object]) -> None:
    """Rotate while the input runs, or between two runs."""
    if running:
        rotate()
    else:
        driver.watch.close()
        rotate()
        driver.begin()
    driver.look(2)

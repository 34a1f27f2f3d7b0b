"""Whatever is done to the files, in whatever order: every line that was written whole arrives once."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import Counter
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.atalaia.pipeline.inputs.files.driving import QUIET, Clock, Driver, Receiver, compress, vanish

BRIEF = 0.01
"""Seconds between two looks: a line that was begun is not given up."""


class Rotation(RuleBasedStateMachine):
    """A logger that writes ``app.log``, all ways to rotate it, and an input that comes and goes.

    The input is stopped, killed and started at any moment; only what is settled is kept. Files are deleted only once
    everything in them was seen by a running input.
    """

    store = False

    @initialize(padding=st.sampled_from([0, 300]))
    def begin(self, padding: int) -> None:
        """Start with an empty directory and a running input."""
        self.base = Path(tempfile.mkdtemp())
        self.logs = self.base / "logs"
        self.logs.mkdir()
        self.app = self.logs / "app.log"
        self.padding = "x" * padding
        self.written: list[str] = []
        self.half = ""
        self.receiver = Receiver(at_once=False)
        self.driver = Driver(self.logs, self.receiver, store=self.store, clock=Clock(), discover_interval=2)
        self.running = True
        self.copying: bytes | None = None
        self.unseen: set[int] = set()
        self.log = self.app.open("ab", buffering=0)

    def _write(self, text: str) -> None:
        self.log.write(text.encode())
        self.unseen.add(os.fstat(self.log.fileno()).st_ino)

    def _is_open(self, path: Path) -> bool:
        return path.exists() and path.stat().st_ino == os.fstat(self.log.fileno()).st_ino

    @rule(count=st.integers(1, 4))
    def write_lines(self, count: int) -> None:
        """Log some lines; the first completes one that was begun."""
        for _ in range(count):
            line = f"{self.half}{len(self.written)} {self.padding}"
            self._write(line.removeprefix(self.half) + "\n")
            self.written.append(line)
            self.half = ""

    @precondition(lambda self: not self.half and self.copying is None)
    @rule()
    def write_half_a_line(self) -> None:
        """Begin a line."""
        self.half = f"half of {len(self.written)} and "
        self._write(self.half)

    def _shift(self) -> None:
        for path in sorted(
            self.logs.iterdir(), key=lambda each: -int(each.name.split(".")[2]) if each != self.app else 0
        ):
            if path != self.app:
                _, _, number, *rest = path.name.split(".")
                path.rename(self.logs / ".".join(["app", "log", str(int(number) + 1), *rest]))

    @precondition(lambda self: self.app.exists() and self.copying is None)
    @rule()
    def rotate_by_renaming(self) -> None:
        """Rename all files; the logger goes on writing to its file until it is told to open a new one."""
        self._shift()
        self.app.rename(self.logs / "app.log.1")

    @precondition(lambda self: not self.app.exists() and not self.half)
    @rule()
    def reopen(self) -> None:
        """Tell the logger to open a new file."""
        self.log.close()
        self.log = self.app.open("ab", buffering=0)

    @precondition(lambda self: self._is_open(self.app) and not self.half and self.copying is None)
    @rule()
    def rotate_by_copying(self) -> None:
        """Copy the file and empty it, at once."""
        self._shift()
        shutil.copyfile(self.app, self.logs / "app.log.1")
        os.truncate(self.app, 0)
        self.unseen.add((self.logs / "app.log.1").stat().st_ino)

    @precondition(lambda self: self._is_open(self.app) and self.padding and not self.half and self.copying is None)
    @rule()
    def copy(self) -> None:
        """Copy the file; it is emptied later."""
        self._shift()
        self.copying = self.app.read_bytes()
        (self.logs / "app.log.1").write_bytes(self.copying)
        self.unseen.add((self.logs / "app.log.1").stat().st_ino)

    @precondition(lambda self: self.copying is not None and self.app.read_bytes() == self.copying)
    @rule()
    def truncate(self) -> None:
        """Empty the file that was copied; nothing was written in between, which copytruncate would lose."""
        os.truncate(self.app, 0)
        self.copying = None

    @rule(number=st.integers(1, 3))
    def compress(self, number: int) -> None:
        """Compress a rotated file."""
        path = self.logs / f"app.log.{number}"
        if path.exists() and not self._is_open(path):
            inode = path.stat().st_ino
            compress(path, self.logs / f"app.log.{number}.gz")
            if inode in self.unseen:
                self.unseen.discard(inode)
                self.unseen.add((self.logs / f"app.log.{number}.gz").stat().st_ino)

    @precondition(lambda self: self.running)
    @rule(which=st.integers(0, 3))
    def delete(self, which: int) -> None:
        """Delete a rotated file whose end a running input has seen."""
        rotated = sorted(path for path in self.logs.iterdir() if path != self.app and not self._is_open(path))
        if which < len(rotated) and rotated[which].stat().st_ino not in self.unseen:
            rotated[which].unlink()

    @precondition(lambda self: self.running)
    @rule()
    def look(self) -> None:
        """Let the input look once."""
        self.driver.look(1, BRIEF)

    @precondition(lambda self: self.running)
    @rule(count=st.integers(1, 3))
    def settle(self, count: int) -> None:
        """Make some of what waits durable."""
        self.receiver.settle(count)

    @precondition(lambda self: self.running)
    @rule()
    def look_and_settle(self) -> None:
        """Let the input find everything, and make it durable."""
        self._catch_up()

    def _catch_up(self) -> None:
        for _ in range(4):
            self.driver.look(1, BRIEF)
            self.receiver.settle()
        self.unseen.clear()

    @precondition(lambda self: self.running and self.copying is None and not self.half)
    @rule()
    def wait(self) -> None:
        """Let nothing happen for a while."""
        self.driver.look(2, QUIET)

    @precondition(lambda self: self.running)
    @rule()
    def stop(self) -> None:
        """End the input; what waits in the pipeline becomes durable."""
        self.driver.watch.close()
        self.receiver.settle()
        self.running = False

    @precondition(lambda self: self.running)
    @rule()
    def kill(self) -> None:
        """Kill the input: what waits in the pipeline is lost."""
        vanish(self.driver.watch)
        self.receiver.waiting.clear()
        self.running = False

    @precondition(lambda self: not self.running)
    @rule()
    def start(self) -> None:
        """Start the input again."""
        self.driver.begin()
        self.running = True

    @invariant()
    def nothing_is_doubled_or_invented(self) -> None:
        """What has arrived so far was written, and is there once."""
        if hasattr(self, "receiver"):
            self._check(set(self.written))

    def _check(self, allowed: set[str]) -> None:
        lines = self._arrived()
        assert not [line for line, count in Counter(lines).items() if count > 1]
        assert set(lines) <= allowed

    def _arrived(self) -> list[str]:
        return self.receiver.lines

    def teardown(self) -> None:
        """Let the input find the rest; then everything has arrived."""
        if not hasattr(self, "receiver"):
            return
        try:
            if not self.running:
                self.driver.begin()
            if self.half:
                self.write_lines(1)
            if self.copying is not None and self.app.read_bytes() == self.copying:
                os.truncate(self.app, 0)
            self._catch_up()
            self.driver.look(3, QUIET)
            self._catch_up()
            self._check(set(self.written))
            assert sorted(self._arrived()) == sorted(self.written)
        finally:
            self.log.close()
            self.driver.watch.close()
            shutil.rmtree(self.base)


class RotationWithStore(Rotation):
    """The same with a store that keeps positions: no line arrives twice, whatever is killed when."""

    store = True


class RotationWithSincedb(Rotation):
    """The same with a sincedb: after a kill lines may come again, with the same ids."""

    def _arrived(self) -> list[str]:
        return list(dict(zip(self.receiver.ids, self.receiver.lines, strict=True)).values())


SETTINGS = settings(max_examples=40, stateful_step_count=40, deadline=None)
TestWithStore = RotationWithStore.TestCase
TestWithStore.settings = SETTINGS
TestWithSincedb = RotationWithSincedb.TestCase
TestWithSincedb.settings = SETTINGS

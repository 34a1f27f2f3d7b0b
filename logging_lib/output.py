"""Where records go: the one logging configuration of the process, and the single way into it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from logging_lib.clock import Clock, system_clock
from logging_lib.errors import AtalaiaError
from logging_lib.rate_limit import RepeatLimit
from logging_lib.record import EventRecord, Identity, RequestRecord
from logging_lib.redaction import Redactor
from logging_lib.reminder import Reminder
from logging_lib.sampling import Sampler
from logging_lib.sink.dated_file import DatedFile
from logging_lib.stream import JsonStream
from logging_lib.values import Record, encode_line


class Destination(Protocol):
    """Takes finished records."""

    def write(self, record: Record) -> None:
        """Take one record; must not raise."""

    def close(self) -> None:
        """Give back what it holds."""


class FileDestination:
    """Writes each record as one line of a dated file."""

    def __init__(self, file: DatedFile) -> None:
        self._file = file

    def write(self, record: Record) -> None:
        """Append the record as one line."""
        self._file.write(encode_line(record))

    def close(self) -> None:
        """Close the file."""
        self._file.close()


@dataclass(frozen=True, slots=True)
class Output:
    """A configuration at work: who logs, from which level on, where to, and what is kept out."""

    identity: Identity
    level: int
    destinations: tuple[Destination, ...]
    clock: Clock
    sampler: Sampler | None = None
    repeats: RepeatLimit | None = None
    redactor: Redactor = field(default_factory=Redactor)
    reminder: Reminder = field(default_factory=Reminder)

    def emit(self, source: RequestRecord | EventRecord) -> None:
        """Hand one record, without its secrets, to every destination, unless it is sampled or repeats too often."""
        repeats = self.repeats
        if isinstance(source, RequestRecord):
            if repeats is not None and repeats.holding:
                self._write_all(repeats.due(self.clock()))
            if self.sampler is not None:
                taken = self.sampler.take(source)
                self._write_all(taken)
                if not taken:  # it is held back
                    self._remind()
                return
        elif repeats is not None:
            self._write_all(repeats.take(source))
            if repeats.holding:
                self._remind()
            return
        self._write(source)

    def write_due(self) -> None:
        """Write what was held back for a time that is over now."""
        now = self.clock()
        if self.sampler is not None:
            self._write_all(self.sampler.due(now))
        if self.repeats is not None:
            self._write_all(self.repeats.due(now))
        self._remind()

    def _remind(self) -> None:
        """Have what is still held back written when its time is over, should nothing come before."""
        if self.reminder.is_set:
            return
        now = self.clock()
        waits = [each.wait(now) for each in (self.sampler, self.repeats) if each is not None and each.holding]
        if waits:
            self.reminder.within(min(*waits, _LONGEST_WAIT), self.write_due)

    def _write(self, source: RequestRecord | EventRecord) -> None:
        record = self.redactor.redact(source.record(self.identity))
        for destination in self.destinations:
            destination.write(record)

    def _write_all(self, sources: Sequence[RequestRecord | EventRecord]) -> None:
        for source in sources:
            self._write(source)

    def close(self) -> None:
        """Write what is held back, and close every destination."""
        self.reminder.stop()
        if self.sampler is not None:
            self._write_all(self.sampler.flush())
        if self.repeats is not None:
            self._write_all(self.repeats.flush())
        for destination in self.destinations:
            destination.close()


_LONGEST_WAIT: Final = 60.0
"""Seconds after which is looked again: what is held back meanwhile may be due sooner."""

_UNCONFIGURED = Output(Identity("unconfigured", "production"), 0, (JsonStream("stderr"),), system_clock)
_current = _UNCONFIGURED


def current() -> Output:
    """Return the output in force; before ``configure`` and after ``shutdown`` it prints to standard error."""
    return _current


def replace(output: Output | None) -> Output:
    """Put an output in force, or none, and return the one before; the caller closes that."""
    global _current
    before, _current = _current, output or _UNCONFIGURED
    return before


def close_at_exit() -> None:
    """Write what the output in force holds back, at the process's end; what is logged later is written too."""
    _current.close()


def is_configured() -> bool:
    """Tell whether ``configure`` has been called, and not ``shutdown`` since."""
    return _current is not _UNCONFIGURED


def require_configured() -> None:
    """Refuse to go on without a configuration.

    Raises:
        AtalaiaError: ``configure`` has not been called.
    """
    if not is_configured():
        raise AtalaiaError("logging is not configured", "call logging_lib.configure(service=...) first")

"""What the alert state gives back, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar

from pydantic import TypeAdapter, ValidationError

from analyzers.alerts.model import Notice
from analyzers.alerts.schema import NOTICE
from logging_lib.errors import AtalaiaError

REMEDY: Final = "name another file, or remove this one to start afresh"
_Kind = TypeVar("_Kind")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A notice that a channel has not taken.

    Attributes:
        sequence: Its place in the queue.
        channel: The channel's name.
        notice: What is to be told.
        created: When it came up.
        attempts: How often it has been tried.
        next_attempt: Not to be tried before; ``None`` before the first attempt.
        reason: Why the last attempt failed.
        given_up: When it was given up.
    """

    sequence: int
    channel: str
    notice: Notice
    created: datetime
    attempts: int
    next_attempt: datetime | None
    reason: str | None
    given_up: datetime | None


@dataclass(frozen=True, slots=True)
class Told:
    """A notice and a channel, as they stand.

    Attributes:
        notice: What was to be told.
        channel: The channel's name.
        created: When it was made.
        delivered: When the channel took it; ``None`` while it has not.
        given_up: When it was given up; ``None`` when it was not.
    """

    notice: Notice
    channel: str
    created: datetime
    delivered: datetime | None
    given_up: datetime | None


@dataclass(frozen=True, slots=True)
class LastCheck:
    """The last check: as of which instant, and whether it measured anything."""

    at: datetime
    judged: bool


def read(kind: TypeAdapter[_Kind], record: str) -> _Kind:
    """Return what a record says.

    Raises:
        AtalaiaError: When it is no such record.
    """
    try:
        return kind.validate_json(record)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]["msg"]
        raise AtalaiaError(f"the alert state is damaged: a record of it cannot be read ({first})", REMEDY) from error


def told_of(row: tuple[str, str, str, str | None, str | None]) -> Told:
    """Return a row of what was told or is to be told."""
    channel, notice, created, delivered, given_up = row
    ends = [None if each is None else datetime.fromisoformat(each) for each in (delivered, given_up)]
    return Told(read(NOTICE, notice), channel, datetime.fromisoformat(created), *ends)


def waiting_of(row: tuple[int, str, str, str, int, str | None, str | None, str | None]) -> Waiting:
    """Return a row of the queue."""
    sequence, channel, notice, created, attempts, next_attempt, reason, given_up = row
    return Waiting(
        sequence,
        channel,
        read(NOTICE, notice),
        datetime.fromisoformat(created),
        attempts,
        None if next_attempt is None else datetime.fromisoformat(next_attempt),
        reason,
        None if given_up is None else datetime.fromisoformat(given_up),
    )

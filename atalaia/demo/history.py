"""Weeks of invented help-desk history: exactly the records the library would have written, with an incident inside.

Every hour draws from a generator of its own, seeded by the seed and the hour. So the same seed gives the same records,
byte for byte, and a shorter stretch gives the same ones as the longer stretch around it.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Final

from analyzers.store.query import Window
from atalaia.demo.helpdesk.application import SERVICE
from atalaia.demo.helpdesk.incident import DatabaseUnavailableError
from atalaia.demo.helpdesk.tickets import USERS
from atalaia.demo.profile import USAGE, Usage, expected_requests
from atalaia.demo.visitors import Visitor, visitors
from logging_lib.error_info import ErrorInfo
from logging_lib.identifiers import event_id
from logging_lib.record import UNMATCHED, Identity, RequestRecord
from logging_lib.sink.dated_file import spool_path
from logging_lib.values import Record, encode_line

ERROR_SHARE: Final = 0.0005
"""Share of requests that fail on an ordinary day: inside the objective of 99.9 %."""
INCIDENT_ERROR_SHARE: Final = 0.25
INCIDENT_SLOWNESS: Final = 9.0
"""Factor on every response time while the incident lasts."""
NOT_FOUND_SHARE: Final = 0.012
"""Share of the requests for one ticket that name a ticket which does not exist."""
REFUSED_LOGIN_SHARE: Final = 0.06
SCANNER_SHARE: Final = 0.004
"""Share of requests for paths that no route matches."""

IDENTITY: Final = Identity(SERVICE, "production", "2.3.1", "osn-app-01")

_HOUR: Final = timedelta(hours=1)
_TICKETS: Final = 900
_WEIGHTS: Final = [usage.weight for usage in USAGE]
_SCANNED: Final = ("/wp-login.php", "/.env", "/favicon.ico", "/admin", "/phpmyadmin/index.php")
_ERROR: Final = ErrorInfo(
    error_type=f"{DatabaseUnavailableError.__module__}.{DatabaseUnavailableError.__qualname__}",
    error_message="connection to server at 10.0.0.12, port 5432 failed: timeout expired",
    stack_trace="Traceback (most recent call last):\n  (not kept in the demonstration's history)",
)


@dataclass(frozen=True, slots=True)
class HistorySettings:
    """What a history is like beside its stretch of time.

    Attributes:
        seed: The same seed gives the same records.
        incident: When the application was ill; ``None`` for a history without an incident.
        working_day: Requests of a whole working day; a day of the weekend has about an eighth.
        identity: Service, environment and version of the records.
    """

    seed: int = 1
    incident: Window | None = None
    working_day: int = 2500
    identity: Identity = IDENTITY


def history(start: datetime, end: datetime, settings: HistorySettings) -> Iterator[Record]:
    """Yield the request records of ``[start, end)`` in the order of their timestamps.

    Args:
        start: The first instant, aware.
        end: The first instant after the history, aware.
        settings: Seed, incident, volume and identity.
    """
    people = visitors(USERS, settings.seed)
    hour = start.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    while hour < end:
        for request in _requests_of(hour, settings, people):
            if start <= request.timestamp < end:
                yield request.record(settings.identity)
        hour += _HOUR


def write_history(directory: Path, start: datetime, end: datetime, settings: HistorySettings) -> list[Path]:
    """Write a history as the library lays it out, ``<directory>/<service>-YYYY-MM-DD.ndjson`` by UTC day.

    Files of the same days are replaced, each at once: give it a directory of its own, not the one a running application
    writes to.

    Returns:
        The files, oldest first; a day without requests has none.

    Raises:
        OSError: The directory cannot be written.
    """
    directory.mkdir(parents=True, exist_ok=True)
    days = groupby(history(start, end, settings), key=_day)
    return [_write_day(spool_path(directory, settings.identity.service, day), records) for day, records in days]


def _day(record: Record) -> date:
    return date.fromisoformat(str(record["timestamp"])[:10])


def _write_day(path: Path, records: Iterator[Record]) -> Path:
    unfinished = path.with_suffix(".unfinished")
    with unfinished.open("wb") as file:
        file.writelines(encode_line(record) for record in records)
    return unfinished.replace(path)


def _requests_of(hour: datetime, settings: HistorySettings, people: tuple[Visitor, ...]) -> Iterator[RequestRecord]:
    chance = random.Random(f"{settings.seed} {hour.isoformat()}")  # noqa: S311 - invented history
    mean = expected_requests(hour, settings.working_day)
    # A Poisson count by its normal approximation, which is close enough for a rhythm.
    count = max(0, round(chance.gauss(mean, mean**0.5)))
    for second in sorted(chance.uniform(0, 3600) for _ in range(count)):
        yield _request(hour + timedelta(seconds=second), settings, chance, people)


def _request(
    instant: datetime,
    settings: HistorySettings,
    chance: random.Random,
    people: tuple[Visitor, ...],
) -> RequestRecord:
    usage = chance.choices(USAGE, weights=_WEIGHTS)[0]
    visitor = chance.choice(people)
    ill = settings.incident is not None and settings.incident.start <= instant < settings.incident.end
    seconds = usage.median * chance.lognormvariate(0.0, usage.spread) * (INCIDENT_SLOWNESS if ill else 1.0)
    failed = chance.random() < (INCIDENT_ERROR_SHARE if ill else ERROR_SHARE)
    answer = _failure(usage, chance) if failed else _answer(usage, chance)
    identifier = event_id(instant, chance.getrandbits)
    request_id = f"{chance.getrandbits(128):032x}"
    return RequestRecord(
        timestamp=instant,
        event_id=identifier,
        endpoint=answer.endpoint,
        user_id=visitor.user_id if answer.signed_in else None,
        response_time=max(seconds, 0.001),
        status_code=answer.status,
        user_agent=visitor.user_agent,
        ip_address=visitor.ip_address,
        request_id=request_id,
        trace_id=request_id[::-1],  # as good as new dice, which would change every later request of the history
        span_id=request_id[:16],
        method=answer.method,
        path=answer.path,
        response_bytes=answer.size,
        error=_ERROR if failed else None,
    )


@dataclass(frozen=True, slots=True)
class _Answer:
    """What was asked for and what came back."""

    method: str
    endpoint: str
    path: str
    status: int
    size: int
    signed_in: bool


def _answer(usage: Usage, chance: random.Random) -> _Answer:
    """Return how a healthy application answers: mostly well, now and then with a 401 or a 404."""
    draw = chance.random()
    if draw < SCANNER_SHARE:
        return _Answer("GET", UNMATCHED, chance.choice(_SCANNED), 404, 207, signed_in=False)
    if usage.names_ticket and draw < SCANNER_SHARE + NOT_FOUND_SHARE:
        missing = usage.path(_TICKETS + chance.randint(1, _TICKETS))
        return _Answer(usage.method, usage.template, missing, 404, 207, signed_in=True)
    if usage.signs_in and draw < SCANNER_SHARE + REFUSED_LOGIN_SHARE:
        return _Answer(usage.method, usage.template, usage.template, 401, 317, signed_in=False)
    size = max(16, round(usage.size * chance.uniform(0.9, 1.1)))
    signed_in = usage.signs_in or not usage.anonymous
    return _Answer(usage.method, usage.template, usage.path(_ticket(chance)), usage.status, size, signed_in)


def _failure(usage: Usage, chance: random.Random) -> _Answer:
    """Return the answer to a request that the database's absence has broken."""
    return _Answer(usage.method, usage.template, usage.path(_ticket(chance)), 500, 265, not usage.anonymous)


def _ticket(chance: random.Random) -> int:
    return chance.randint(1, _TICKETS)

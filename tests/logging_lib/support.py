"""Helpers of the library's tests."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypeAlias

from logging_lib.error_info import ErrorInfo
from logging_lib.record import Outcome, RequestRecord
from logging_lib.values import Record

START: Final = datetime(2024, 1, 15, 10, 30, tzinfo=UTC)
_ids = itertools.count()

Lines: TypeAlias = Callable[[], list[Record]]


def read_lines(directory: Path) -> list[Record]:
    """Return what the NDJSON files of a directory hold; each line must be JSON. One just being written waits."""
    texts = [path.read_bytes().rpartition(b"\n")[0] for path in sorted(directory.glob("*.ndjson"))]
    return [json.loads(line) for text in texts for line in text.split(b"\n") if line]


def requests_of(records: list[Record]) -> list[Record]:
    """Return the request records among others."""
    return [record for record in records if "endpoint" in record]


def awaited(read: Lines, count: int) -> list[Record]:
    """Return the request records once there are ``count``: a server writes them after the client has its answer."""
    deadline = time.monotonic() + 60
    while len(requests_of(read())) < count and time.monotonic() < deadline:
        time.sleep(0.005)
    found = requests_of(read())
    assert len(found) == count, found
    return found


def served(
    endpoint: str = "/a",
    status_code: int = 200,
    seconds: float = 0.1,
    at: datetime = START,
    *,
    outcome: Outcome = "completed",
    error: ErrorInfo | None = None,
) -> RequestRecord:
    """Return the record of a request."""
    return RequestRecord(
        timestamp=at,
        event_id=str(next(_ids)),
        endpoint=endpoint,
        user_id=None,
        response_time=seconds,
        status_code=status_code,
        user_agent=None,
        ip_address=None,
        outcome=outcome,
        error=error,
        method="GET",
    )

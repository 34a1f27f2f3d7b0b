"""Records as an application writes them, made up but always the same: a day of a small help desk."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

import orjson

_START: Final = datetime(2024, 1, 15, tzinfo=UTC)
_STEP: Final = timedelta(milliseconds=86)
_STATUSES: Final = ((200, 90), (201, 4), (302, 3), (404, 2), (500, 1))
_FIRST_ERROR: Final = 500
_ENDPOINTS: Final = (
    "/api/chamados",
    "/api/chamados/<int:id>",
    "/login",
    "/painel",
    "/api/usuarios/<int:id>",
    "/static/<path:filename>",
)
AGENTS: Final = tuple(
    agent
    for version in range(100, 140)
    for agent in (
        f"Mozilla/5.0 (X11; Linux x86_64; rv:{version}.0) Gecko/20100101 Firefox/{version}.0",
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
            f"Chrome/{version}.0.0.0 Safari/537.36"
        ),
    )
)


def request_lines(count: int, seed: int = 7) -> Iterator[bytes]:
    """Yield so many records as JSON lines, each with its end; some 630 bytes each."""
    dice = random.Random(seed)  # noqa: S311 - the same records every time, nothing secret
    statuses, weights = zip(*_STATUSES, strict=True)
    for number in range(count):
        status = dice.choices(statuses, weights)[0]
        yield orjson.dumps(_record(number, status, dice), option=orjson.OPT_APPEND_NEWLINE)


def _record(number: int, status: int, dice: random.Random) -> dict[str, str | int | float | None]:
    record: dict[str, str | int | float | None] = {
        "timestamp": (_START + _STEP * number).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "level": "ERROR" if status >= _FIRST_ERROR else "INFO",
        "service": "ti-osn",
        "endpoint": dice.choice(_ENDPOINTS),
        "user_id": dice.choice([None, *range(1, 40)]),
        "response_time": round(dice.lognormvariate(-2, 1), 6),
        "status_code": status,
        "user_agent": dice.choice(AGENTS),
        "ip_address": f"10.{dice.randrange(4)}.{dice.randrange(256)}.{dice.randrange(1, 255)}",
        "event_id": str(uuid.UUID(int=(number << 80) | dice.getrandbits(64))),
        "request_id": f"{dice.getrandbits(64):016x}",
        "trace_id": f"{dice.getrandbits(128):032x}",
        "span_id": f"{dice.getrandbits(64):016x}",
        "method": dice.choice(["GET", "POST"]),
        "path": f"/api/chamados/{number}",
        "response_bytes": dice.randrange(200, 20_000),
        "environment": "production",
        "version": "1.4.2",
        "host": "web1",
        "outcome": "completed",
        "db_time": round(dice.random() / 10, 5),
        "db_queries": dice.randrange(9),
    }
    if status >= _FIRST_ERROR:
        trace = "Traceback (most recent call last):\n" + '  File "app.py", line 7, in view\n' * 5
        record |= {"error_type": "OperationalError", "error_message": "connection refused", "stack_trace": trace}
    return record

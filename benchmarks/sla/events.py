"""A month of requests, as small as a request can be: what an objective needs of it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from analyzers.store.document import Document
from analyzers.store.instants import canonical_text, to_millis
from analyzers.store.query import Window

ENVIRONMENT: Final = "production"
SERVICE: Final = "ti-osn"
STREAM: Final = f"logs-web.request-{ENVIRONMENT}"
MONTH: Final = Window(datetime(2025, 3, 1, tzinfo=UTC), datetime(2025, 4, 1, tzinfo=UTC))
BLOCK: Final = 20_000
"""Events that are made at a time."""

_ROUTES: Final = (
    "/",
    "/login",
    "/api/chamados",
    "/api/chamados/<int:id>",
    "/relatorios",
    "/busca",
    "/static",
    "/admin",
)
_STATUSES: Final = (*(200,) * 480, *(302,) * 12, *(404,) * 6, 500, 503)
_FIRST: Final = to_millis(MONTH.start)
_SPAN: Final = (MONTH.end - MONTH.start) // timedelta(milliseconds=1)
_BODY: Final = (
    b'{"@timestamp":"%b","service":{"name":"ti-osn"},"http":{"route":"%b","response":{"status_code":%d}},'
    b'"response_time":%b}'
)


class Event(NamedTuple):
    """One request."""

    number: int
    instant: int
    route: str
    status: int
    seconds: float

    def document(self) -> Document:
        """Return it as the pipeline hands it to a store."""
        instant, route = canonical_text(self.instant).encode(), self.route.encode()
        body = _BODY % (instant, route, self.status, repr(self.seconds).encode())
        return Document.encoded(STREAM, f"{self.number:012x}", body)


def blocks(events: int) -> Iterator[list[Event]]:
    """Yield all requests of the month, a block at a time, the same every time."""
    for first in range(0, events, BLOCK):
        dice = random.Random(first)  # noqa: S311 - the same events every time, nothing secret
        yield [_event(dice, number, events) for number in range(first, min(first + BLOCK, events))]


def _event(dice: random.Random, number: int, events: int) -> Event:
    share = (number + dice.random()) / events if number else 0.0  # the month begins with the first one
    instant = _FIRST + int(_SPAN * share)
    millis = int(20 * dice.paretovariate(1.1))
    return Event(number, instant, dice.choice(_ROUTES), dice.choice(_STATUSES), millis / 1_000)

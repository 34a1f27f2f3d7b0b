"""Traffic for the ledger's tests, and its numbers by plain Python."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import count

from analyzers.sla.contract.model import Contract, Kind, Objective
from analyzers.sla.evidence import Counts, Evidence, Minute
from analyzers.store.document import Document, JsonValue
from analyzers.store.query import Window
from tests.analyzers.events import at

START = at("2024-01-15T10:00:00Z")
MINUTE = timedelta(minutes=1)
LATENESS = timedelta(minutes=5)
SERVICE = "ti-osn"
THRESHOLDS = (10, 100, 2_000, 120_000)

_NUMBERS = count()


@dataclass(frozen=True)
class Request:
    """A request as the application saw it.

    Attributes:
        when: Its instant.
        status: Of its response.
        millis: How long it took; ``None`` when nobody knows.
        route: Its route, if any.
        weight: How many requests it stands for.
        service: Whose it is.
    """

    when: datetime
    status: int = 200
    millis: int | None = 100
    route: str | None = "/a"
    weight: int = 1
    service: str = SERVICE
    number: int = field(default_factory=lambda: next(_NUMBERS))

    def document(self, environment: str = "production") -> Document:
        """Return it as it is stored."""
        body: dict[str, JsonValue] = {
            "@timestamp": stamp(self.when),
            "service": {"name": self.service},
            "http": {"response": {"status_code": self.status}},
        }
        if self.route is not None:
            body["http"] = {"response": {"status_code": self.status}, "route": self.route}
        if self.millis is not None:
            body["response_time"] = self.millis / 1000
        if self.weight > 1:
            body |= {"sample_weight": self.weight, "_doc_count": self.weight}
        return Document(f"logs-web.request-{environment}", f"request-{self.number}", body)


def message(when: datetime, action: str | None = None, name: str = "", environment: str = "production") -> Document:
    """Return something the application said: with an action, perhaps that a backup is complete."""
    body: dict[str, JsonValue] = {"@timestamp": stamp(when), "service": {"name": SERVICE}, "message": "said"}
    if action is not None:
        body["event"] = {"action": action}
    return Document(f"logs-app.event-{environment}", name or f"message-{next(_NUMBERS)}", body)


def sample(when: datetime, environment: str = "production") -> Document:
    """Return a sample of the machine."""
    body: dict[str, JsonValue] = {"@timestamp": stamp(when), "service": {"name": SERVICE}}
    return Document(f"metrics-host.system-{environment}", f"sample-{next(_NUMBERS)}", body)


def stamp(when: datetime) -> str:
    """Return an instant as a record says it."""
    return when.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def contract(
    environment: str = "production", zone: str = "America/Sao_Paulo", lateness: timedelta = LATENESS
) -> Contract:
    """Return a contract with an objective that backups count for."""
    rpo = Objective("backups", Kind.RPO, (), limit=timedelta(hours=1))
    return Contract(SERVICE, environment, zone, (rpo,), lateness, Fraction(9, 10))


def counted(requests: Iterable[Request], window: Window, route: str | None = None) -> Counts:
    """Count requests by their definition."""
    chosen = [
        each
        for each in requests
        if window.start <= each.when < window.end and each.service == SERVICE and route in {None, each.route}
    ]
    timed = [each for each in chosen if each.millis is not None]
    return Counts(
        sum(each.weight for each in chosen),
        sum(each.weight for each in chosen if each.status >= 500),
        sum(each.weight for each in timed),
        {limit: sum(each.weight for each in timed if (each.millis or 0) < limit) for limit in THRESHOLDS},
    )


def by_minute(requests: Iterable[Request], window: Window, route: str | None = None) -> Sequence[Minute]:
    """Return the minutes with a request of the service by their definition."""
    every = [each for each in requests if window.start <= each.when < window.end and each.service == SERVICE]
    starts = sorted({each.when.replace(second=0, microsecond=0) for each in every})
    minutes = []
    for start in starts:
        found = counted(every, Window(start, start + MINUTE), route)
        minutes.append(Minute(start, found.total, found.errors))
    return minutes


def answers(evidence: Evidence, window: Window, routes: Sequence[str | None] = (None, "/a", "/b")) -> str:
    """Return everything that evidence says of a window, as text."""
    hours = [Window(start, min(start + timedelta(hours=1), window.end)) for start in _steps(window, timedelta(hours=1))]
    said: list[object] = [evidence.provenance(window), evidence.backups(window, "backup.completed")]
    for route in routes:
        said += [
            evidence.counts([window], route, THRESHOLDS),
            evidence.series(hours, route, THRESHOLDS),
            evidence.minutes(window, route),
        ]
    return repr(said)


def _steps(window: Window, step: timedelta) -> Iterable[datetime]:
    start = window.start
    while start < window.end:
        yield start
        start += step

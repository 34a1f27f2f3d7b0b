"""A store that holds the traffic of a scene, its ledger, and what was sealed on the way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from analyzers.sla.contract.model import (
    CalendarPeriod,
    Contract,
    Exclusion,
    Kind,
    Objective,
    Outage,
    Period,
    RollingPeriod,
)
from analyzers.sla.evidence import Evidence
from analyzers.sla.ledger import evidence_of, seal
from analyzers.sla.ledger.summary import SealSummary
from analyzers.sla.report import SlaReport, sla_report
from analyzers.store.interface import Store
from analyzers.store.memory.store import MemoryStore
from analyzers.store.query import CalendarUnit, Window
from tests.store_conformance.backends import BackendTest
from tests.store_conformance.traffic import DAY, HOUR, MINUTE, Hit, Scene, Statement, beside, hits, statements


@dataclass(frozen=True)
class Place:
    """A store with the traffic of a scene.

    Attributes:
        backend: The kind of store.
        error: The stated relative error of its percentiles.
        store: The raw events.
        ledger: Its ledger, sealed twice: before and after the late requests came.
        scene: The scene.
        environment: The last part of the names of the streams, and the service.
        hits: All requests.
        statements: All slow statements.
        seals: What the two sealings said.
        first: The SLA report between them.
    """

    backend: str
    error: float
    store: Store
    ledger: Store
    scene: Scene
    environment: str
    hits: Sequence[Hit]
    statements: Sequence[Statement]
    seals: tuple[SealSummary, SealSummary]
    first: SlaReport

    @property
    def stream(self) -> str:
        """The stream of the requests."""
        return f"logs-web.request-{self.environment}"

    @property
    def contract(self) -> Contract:
        """The contract of the service."""
        return contract(self.scene, self.environment)

    @property
    def evidences(self) -> Mapping[str, Evidence]:
        """What is known: by raw events; with the ledger, before and after the late ones were sealed; by it alone."""
        now, before = self.scene.now, sealed_first(self.scene)
        return {
            "raw": evidence_of(self.store, None, self.contract, now),
            "before restating": evidence_of(self.store, self.ledger, self.contract, before),
            "restated": evidence_of(self.store, self.ledger, self.contract, now),
            "ledger": evidence_of(MemoryStore(), self.ledger, self.contract, now),
        }

    def instant(self, name: str) -> datetime:
        """Return the instant that evidence is of."""
        return sealed_first(self.scene) if name == "before restating" else self.scene.now


def sealed_first(scene: Scene) -> datetime:
    """Return when minutes are sealed for the first time; for the second time an hour later."""
    return scene.now - 3 * HOUR


@contextmanager
def placed(backend: BackendTest, scene: Scene, environment: str) -> Iterator[Place]:
    """Open a store, ingest, seal, ingest what is late, seal again."""
    on_time, late = hits(scene)
    slow, promise, early = statements(scene), contract(scene, environment), sealed_first(scene)
    documents = [each.document(environment) for each in on_time] + beside(scene, environment)
    documents += [each.document(environment) for each in slow]
    with backend.fresh() as store, backend.fresh() as ledger:
        assert store.append(documents).stored == len(documents)
        first = seal(store, ledger, promise, lambda: early)
        report = sla_report(promise, evidence_of(store, ledger, promise, early), early)
        assert store.append([each.document(environment) for each in late]).stored == len(late)
        second = seal(store, ledger, promise, lambda: early + HOUR)
        name = type(backend).__name__.removesuffix("Backend").lower().replace("elastic", "elasticsearch")
        yield Place(
            name,
            backend.percentile_error,
            store,
            ledger,
            scene,
            environment,
            (*on_time, *late),
            slow,
            (first, second),
            report,
        )


def contract(scene: Scene, environment: str) -> Contract:
    """Return a contract with every kind of objective and period, maintenance over the change, and an outage."""
    month, week, day, quarter, year = (
        CalendarPeriod(unit)
        for unit in (
            CalendarUnit.MONTH,
            CalendarUnit.WEEK,
            CalendarUnit.DAY,
            CalendarUnit.QUARTER,
            CalendarUnit.YEAR,
        )
    )

    def share(name: str, kind: Kind, periods: tuple[Period, ...], percent: int, route: str | None = None) -> Objective:
        limit = timedelta(seconds=2) if kind is Kind.LATENCY else None
        return Objective(name, kind, periods, Fraction(percent, 100), limit, route)

    return Contract(
        environment,
        environment,
        scene.zone,
        (
            share("availability", Kind.AVAILABILITY, (month, RollingPeriod(7)), 90),
            share("tickets", Kind.AVAILABILITY, (month,), 99, "/api/chamados"),
            share("latency", Kind.LATENCY, (quarter, day), 80),
            share("reports", Kind.LATENCY, (RollingPeriod(5),), 95, "/relatorios"),
            share("errors", Kind.ERROR_RATE, (year,), 95),
            share("up", Kind.UPTIME, (week,), 90),
            Objective("backups", Kind.RPO, (week,), limit=timedelta(hours=26)),
            Objective("outages", Kind.RTO, (month,), limit=timedelta(minutes=30)),
        ),
        lateness=5 * MINUTE,
        coverage=Fraction(0),
        exclusions=(
            Exclusion(Window(scene.change - HOUR, scene.change + 90 * MINUTE), "move", "ana"),
            Exclusion(Window(scene.change + DAY, scene.change + DAY + HOUR), "disk", "rui", ("availability", "up")),
        ),
        outages=(Outage(Window(scene.change + 2 * DAY, scene.change + 2 * DAY + 20 * MINUTE), "power", "ana"),),
    )

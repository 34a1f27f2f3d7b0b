"""Months whose raw logs have expired are answered from the ledger."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from analyzers.fields import REQUEST_STREAM
from analyzers.sla.ledger import evidence_of, ledger_place, open_ledger, seal
from analyzers.store.embedded.store import EmbeddedStore
from analyzers.store.lifecycle import retention_of
from analyzers.store.query import Window
from tests.analyzers.events import at
from tests.analyzers.sla.ledger.traffic import Request, answers, contract, message, sample

JANUARY = Window(at("2024-01-01T00:00:00Z"), at("2024-02-01T00:00:00Z"))
BEGUN = at("2024-01-01T03:00:00Z")
SEALED = at("2024-02-01T00:10:00Z")
LATER = at("2026-03-05T12:00:00Z")


def test_a_month_is_answered_after_its_logs_have_expired(tmp_path: Path) -> None:
    """Two years later the store has let all of January go by itself; the ledger has not, and says the same."""
    place = str(tmp_path / "data")
    requests = [
        Request(
            BEGUN + number * timedelta(minutes=47), (200, 500)[number % 9 == 0], number, ("/a", "/b", None)[number % 3]
        )
        for number in range(900)
    ]
    others = [message(BEGUN + timedelta(days=each), "backup.completed", f"b-{each}") for each in range(30)]
    others += [sample(BEGUN + timedelta(hours=each)) for each in range(700)]
    with EmbeddedStore(Path(place), writable=True, clock=lambda: SEALED) as store:
        store.append([*(each.document() for each in requests), *others])
        ledger = open_ledger(place, writable=True, clock=lambda: SEALED)
        assert ledger is not None
        with ledger:
            seal(store, ledger, contract(), lambda: SEALED)
            before = answers(evidence_of(store, ledger, contract(), SEALED), JANUARY)
    with EmbeddedStore(Path(place), writable=True, clock=lambda: LATER) as store:
        store.append([Request(LATER - timedelta(hours=1)).document()])
        extent = store.extent(REQUEST_STREAM)
        assert extent is not None
        assert extent.start == LATER - timedelta(hours=1)
    written = open_ledger(place, writable=True, clock=lambda: LATER)
    assert written is not None
    with EmbeddedStore(Path(place)) as store, written:
        summary = seal(store, written, contract(), lambda: LATER).environments[0]
        assert (summary.shortfalls, summary.restated) == ((), ())
        assert answers(evidence_of(store, written, contract(), SEALED), JANUARY) == before
        now = evidence_of(store, written, contract(), LATER)
        assert answers(now, JANUARY) == before
        years = Window(JANUARY.end, at("2026-03-05T00:00:00Z"))
        assert now.provenance(years).missing == (Window(at("2024-02-01T00:05:00Z"), years.end),)


def test_the_ledger_is_kept_for_years() -> None:
    """Its template keeps slices for five years, where requests are kept for a month."""
    assert retention_of("metrics-sla.slice-production") == timedelta(days=1825)
    assert retention_of("logs-web.request-production") == timedelta(days=30)
    assert ledger_place("data") == "data-ledger"

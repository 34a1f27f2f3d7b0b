"""What a report says about its numbers: what is missing of them, what was lost, and what was agreed or declared."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from analyzers.language import english
from analyzers.reports.answer import base
from analyzers.reports.building import build_report
from analyzers.reports.document import Kind
from analyzers.reports.notes import notes as said
from analyzers.reports.periods import parse_period
from analyzers.reports.question import Question, Sources, built_in
from analyzers.sla.contract.model import Contract, Outage
from analyzers.store.document import Document
from analyzers.store.interface import LostEvents
from analyzers.store.memory.store import MemoryStore
from analyzers.store.query import Window
from tests.analyzers.events import request

UTC_ZONE = ZoneInfo("UTC")
MIDNIGHT = datetime(2024, 1, 15, tzinfo=UTC)
HOUR = timedelta(hours=1)
MADE = MIDNIGHT + 32 * HOUR
CONTRACT = built_in(UTC_ZONE)
QUESTION = Question(parse_period(Kind.DAILY, "2024-01-15"), UTC_ZONE, CONTRACT, MADE)


class Damaged(MemoryStore):
    """A store that has lost seven events of this day, as came to light an hour before the report, and two later."""

    def lost(self, stream: str, window: Window) -> tuple[LostEvents, ...]:
        """Return both losses, of requests only."""
        if not stream.startswith("logs-web.request"):
            return ()
        first, last = window.start + HOUR, window.start + 2 * HOUR
        return tuple(LostEvents(stream, events, first, last, MADE + late) for events, late in ((7, -HOUR), (2, HOUR)))


def notes(store: MemoryStore, contract: Contract = CONTRACT) -> list[str]:
    """Return the notes of the daily report of 15 January 2024."""
    return [english(each) for each in build_report(Sources(store), replace(QUESTION, contract=contract)).report.notes]


def at(*hours: float) -> list[Document]:
    """Return a request at each hour of the day."""
    return [request(MIDNIGHT + hour * HOUR) for hour in hours]


def test_what_was_lost_by_then_is_told() -> None:
    """Seven events; the two that were missed after the report was made do not change it when it is made again."""
    told = [each for each in notes(Damaged(at(*range(24)))) if "lost" in each]
    assert told == ["7 events were lost of 2024-01-15 (UTC) to disk damage and not counted"]


@pytest.mark.parametrize(("parts", "more"), [(3, []), (4, ["And 1 more such span."]), (5, ["And 2 more such spans."])])
def test_many_gaps_are_counted(parts: int, more: list[str]) -> None:
    """The first three spans of which nothing is known are named, whoever lacks them, and the rest are counted."""
    found = base(Sources(MemoryStore(at(*range(24)))), QUESTION)
    gaps = tuple(Window(MIDNIGHT + 2 * n * HOUR, MIDNIGHT + (2 * n + 1) * HOUR) for n in range(parts))
    first, *others = found.agreement.entries
    assert first.provenance is not None
    holed = replace(first, provenance=replace(first.provenance, missing=gaps))
    agreement = replace(found.agreement, entries=(*others, holed, holed))
    told = [english(each) for each in said(MemoryStore(), QUESTION, found.now, found.before, agreement)]
    named = [each for each in told if each.endswith("neither requests nor sealed slices are there.")]
    assert [each.split(" to ")[0] for each in named] == [f"Of 2024-01-15 0{2 * n}:00 UTC" for n in range(3)]
    assert [each for each in told if "more such" in each] == more


def test_a_declared_outage_is_told_where_it_touches_the_day() -> None:
    """One that ends at midnight does not."""
    outages = tuple(
        Outage(Window(MIDNIGHT + start * HOUR, MIDNIGHT + end * HOUR), reason, "bia")
        for start, end, reason in ((-2, 0, "fire"), (22, 26, "flood"))
    )
    told = [each for each in notes(MemoryStore(at(1)), replace(CONTRACT, outages=outages)) if "outage" in each]
    assert told == ["An outage was declared: 2024-01-15 22:00 UTC to 2024-01-16 02:00 UTC, flood (by bia)."]


def test_the_agreements_own_calendar_is_told() -> None:
    """Where its zone is not that of the report."""
    told = notes(MemoryStore(at(1)), replace(CONTRACT, zone="America/Sao_Paulo"))
    assert "The agreement counts by the calendar of America/Sao_Paulo." in told
    assert not any("calendar" in each for each in notes(MemoryStore(at(1))))

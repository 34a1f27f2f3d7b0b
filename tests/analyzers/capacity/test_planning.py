"""What the plan says of requests, and of nothing at all."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from analyzers.analysis import State
from analyzers.blocks import Figures, Prose, Table
from analyzers.capacity import Kind, Outlook, capacity_plan
from analyzers.capacity.blocks import capacity_section
from analyzers.capacity.forecast import Forecast
from analyzers.capacity.model import CapacityPlan, Planned, Resource
from analyzers.capacity.planning import plan_of
from analyzers.language import Message, language_of
from analyzers.store.document import Document, JsonValue
from analyzers.store.memory.store import MemoryStore
from analyzers.store.query import Window

UTC_ZONE = ZoneInfo("UTC")
START = datetime(2026, 5, 4, tzinfo=UTC)


def request(day: int, hour: int, number: int, weight: int = 1) -> Document:
    """Return a request."""
    at = START + timedelta(days=day, hours=hour, seconds=number)
    name = f"{day} {hour} {number}"
    body: dict[str, JsonValue] = {
        "@timestamp": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "event": {"id": name},
        "sample_weight": weight,
        "_doc_count": weight,
    }
    return Document("logs-web.request-production", name, body)


def test_requests_are_those_of_the_busiest_hour() -> None:
    """Three in the morning and one that stands for ten in the evening: ten, and no limit."""
    store = MemoryStore()
    for place in range(20):
        written = [*(request(place, 9, number) for number in range(3)), request(place, 20, 0, 10 + place)]
        assert store.append(written).stored == 4
    plan = capacity_plan(store, Window(START, START + timedelta(days=20)), UTC_ZONE)
    (requests,) = plan.of(Kind.REQUESTS)
    day, peak = requests.resource.peak
    assert day == date(2026, 5, 23)
    assert peak == 29
    assert requests.trend is not None
    assert requests.trend.slope == 1
    assert requests.forecast == Forecast(Outlook.NO_LIMIT)
    assert plan.state(1_000) is State.UNMEASURED


def test_nothing_is_not_health() -> None:
    """A store without samples: the chapter says that nothing is measured, and no figure is zero."""
    plan = capacity_plan(MemoryStore(), Window(START, START + timedelta(days=20)), UTC_ZONE)
    assert plan.state(30) is State.UNMEASURED
    figures, told, *_ = capacity_section(plan).blocks
    assert isinstance(figures, Figures)
    assert [figure.value for figure in figures.figures] == [None, None]
    assert isinstance(told, Prose)
    assert "not measured" in told.sentences[0].text


def planned(values: list[float], limit: float | None) -> Planned:
    """Return the plan of a disk with values of consecutive days."""
    days = {START.date() + timedelta(days=day): value for day, value in enumerate(values)}
    return plan_of(Resource(Kind.DISK, ("web-1", "/"), days, limit))


def test_every_outlook_is_said_in_both_languages() -> None:
    """Each has a sentence of its own, with its dates, in English and Portuguese."""
    made = [
        planned([100.0 + day for day in range(30)], 129),
        planned([100.0 + day for day in range(30)], 140),
        planned([100.0] * 30, 140),
        planned([200.0 - day for day in range(30)], 240),
        planned([100.0 + day for day in range(3)], 240),
        planned([100.0 + 13 * day % 31 for day in range(20)], 165),
        planned([100.0 + day for day in range(30)], None),
    ]
    plan = CapacityPlan(Window(START, START + timedelta(days=30)), "UTC", tuple(made))
    assert {each.forecast.outlook for each in made} == set(Outlook)
    table = next(each for each in capacity_section(plan).blocks if isinstance(each, Table))
    outlooks = [row[-1] for row in table.rows if isinstance(row[-1], Message)]
    for name, full in (("en", "is full"), ("pt_BR", "está no limite")):
        language = language_of(name, UTC_ZONE)
        told = [language.say(outlook) for outlook in outlooks]
        assert told[0] == full
        assert len(set(told)) == len(Outlook)
        assert told[1].endswith("certain to the day" if name == "en" else "com precisão de um dia")
    assert "June 13, 2026" in language_of("en", UTC_ZONE).say(outlooks[1])

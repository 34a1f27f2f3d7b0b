"""Peaks and bottlenecks in every store, by hand: a repeated hour, weights, and requests that do not tell."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from analyzers.language import Message
from analyzers.reports.bottlenecks import bottlenecks
from analyzers.reports.peaks import busiest, heat_map, recorded_hours
from analyzers.store.document import Document, JsonValue
from analyzers.store.interface import Store
from analyzers.store.query import Equals, Window

BERLIN = ZoneInfo("Europe/Berlin")
BACK = datetime(2037, 10, 25, tzinfo=UTC)
"""02:00 in Berlin of the Sunday on which its clock goes back an hour later."""


@pytest.fixture
def where(stream: str) -> Equals:
    """Return the condition that leaves this test's requests."""
    return Equals("service.name", stream)


def request(stream: str, at: datetime, route: str | None, **fields: JsonValue) -> Document:
    """Return a request as the pipeline makes it."""
    http: dict[str, JsonValue] = {"response": {"status_code": fields.pop("status", 200)}}
    if route is not None:
        http["route"] = route
    name = f"{at.isoformat()} {route} {fields}"
    body: dict[str, JsonValue] = {
        "@timestamp": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "event": {"id": name},
        "service": {"name": stream},
        "http": http,
        **fields,
    }
    return Document(stream, name, body)


def hours(stream: str) -> Iterator[Document]:
    """Yield two requests in the first hour named two, four in the second, one an hour later and one a week before."""
    for minutes in (0, 30, 60, 70, 80, 90, 120, -7 * 24 * 60):
        status = 500 if minutes == 60 else 200
        yield request(stream, BACK + timedelta(minutes=minutes), "/a", response_time=0.5, status=status)


def test_an_hour_that_comes_twice_is_two_hours(store: Store, stream: str, where: Equals) -> None:
    """Two and four requests at two o'clock of one Sunday, one of another: 7/3 an hour; the busiest has an error."""
    assert store.append(list(hours(stream))).stored == 8
    window = Window(BACK - timedelta(days=8), BACK + timedelta(days=1))
    found = recorded_hours(store, window, BERLIN, where)
    assert [hour.requests for hour in found] == [1, 2, 4, 1]
    values = heat_map(found).values
    assert values[6][2] == pytest.approx(7 / 3)
    assert values[6][3] == 1
    assert sum(value is not None for day in values for value in day) == 2
    first = busiest(found).rows[0]
    assert first[0] == Window(BACK + timedelta(hours=1), BACK + timedelta(hours=2))
    assert first[1] == 4
    assert first[2:4] == pytest.approx((4 / 3600, 0.25))


def timed(stream: str) -> Iterator[Document]:
    """Yield 20 slow reports (half of it templates), 40 quick lists that query, one that stands for 100, and two odd."""
    for number in range(20):
        yield request(stream, BACK + timedelta(seconds=number), "/reports", response_time=2.0, template_time=1.0)
    for number in range(40):
        at = BACK + timedelta(seconds=100 + number)
        yield request(stream, at, "/lists", response_time=0.5, db_time=0.25, db_queries=4)
    weight: dict[str, JsonValue] = {"sample_weight": 100, "_doc_count": 100}
    yield request(stream, BACK, "/heavy", response_time=1.0, db_time=0.125, **weight)
    yield request(stream, BACK, None, response_time=50.0)
    yield request(stream, BACK, "/untimed")


def test_endpoints_rank_by_what_they_cost(store: Store, stream: str, where: Equals) -> None:
    """100 s of 210 for one that stands for a hundred; shares only of requests that tell; a single slow one is none."""
    assert store.append(list(timed(stream))).stored == 63
    total, slow, database, templates = bottlenecks(store, Window(BACK, BACK + timedelta(hours=1)), where)
    names = [row[0].text if isinstance(row[0], Message) else row[0] for row in total.rows]
    assert names == ["/heavy", "(no endpoint)", "/reports", "/lists"]
    assert [row[1] for row in total.rows] == [100, 1, 20, 40]
    assert [row[2] for row in total.rows] == [100, 50, 40, 20]
    assert [row[3] for row in total.rows] == pytest.approx([10 / 21, 5 / 21, 4 / 21, 2 / 21])
    assert [row[0] for row in slow.rows] == ["/reports", "/heavy", "/lists"]
    assert [row[3] for row in slow.rows] == pytest.approx([2, 1, 0.5], rel=0.01)
    assert templates.rows == (("/reports", 20, 40, 20, 0.5),)
    assert database.rows == (("/heavy", 100, 100, 12.5, 0.125), ("/lists", 40, 20, 10, 0.5))

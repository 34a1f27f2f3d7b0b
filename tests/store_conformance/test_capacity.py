"""Capacity from samples, in every store: days by the zone's calendar, maxima, a grown disk, and what has no day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from analyzers.analysis import State
from analyzers.blocks import Figures, Picture, Prose, Table
from analyzers.capacity import CapacityPlan, Kind, Outlook, capacity_plan
from analyzers.capacity.blocks import capacity_section
from analyzers.charts.definition import TimeChart
from analyzers.store.document import Document, JsonValue
from analyzers.store.interface import Store
from analyzers.store.query import Window

BERLIN = ZoneInfo("Europe/Berlin")
FIRST = date(2037, 3, 1)
"""No other test has samples of these weeks; the clock goes forward on 29 March."""
GIB = 2**30


@pytest.fixture
def environment(stream: str) -> str:
    """Return the name of an environment that no other test uses."""
    return stream.removeprefix("logs-web.request-")


def sample(environment: str, dataset: str, at: datetime, metricset: str, fields: dict[str, JsonValue]) -> Document:
    """Return a document as the pipeline makes it of a sample of the machine ``app-7``."""
    name = f"{dataset} {metricset} {at.isoformat()}"
    body: dict[str, JsonValue] = {
        "@timestamp": at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "event": {"id": name, "kind": "metric", "dataset": dataset},
        "metricset": {"name": metricset},
        "host": {"name": "app-7"},
        **fields,
    }
    return Document(f"metrics-{dataset}-{environment}", name, body)


def disk(environment: str, at: datetime, used: int, size: int) -> Document:
    """Return a sample of a disk of so many GiB, 5 of which are kept for root."""
    filesystem: JsonValue = {
        "mount_point": "/srv",
        "used": {"bytes": used * GIB},
        "available": (size - 5 - used) * GIB,
        "total": size * GIB,
    }
    return sample(environment, "host.system", at, "filesystem", {"system": {"filesystem": filesystem}})


def connections(environment: str, at: datetime, used: int) -> Document:
    """Return a sample of a server with 97 connections to give."""
    server: JsonValue = {"connections": {"used": {"count": used}, "limit": 97}}
    fields: dict[str, JsonValue] = {"postgresql": {"address": "pg:5432/tickets", "server": server}}
    return sample(environment, "postgresql.server", at, "server", fields)


def written(environment: str) -> Iterator[Document]:
    """Yield 40 days: 2 GiB more a day at half past eleven in the evening, 9 days missing, the disk enlarged on day 20.

    Connections reach the limit at noon of the last day, and are few before and after.
    """
    for day in range(40):
        noon = datetime(FIRST.year, FIRST.month, FIRST.day, 12, tzinfo=BERLIN) + timedelta(days=day)
        late = noon.replace(hour=23, minute=30)
        if not 9 < day < 19:
            yield disk(environment, noon, 10 + 2 * day, 80 if day < 20 else 130)
            yield disk(environment, late, 12 + 2 * day, 80 if day < 20 else 130)
        yield connections(environment, noon, 97 if day == 39 else 20)
        yield connections(environment, late, 20)
    yield disk(environment, datetime(2037, 4, 10, 1, tzinfo=BERLIN), 124, 130)  # of a day that is not over


def plan(store: Store) -> CapacityPlan:
    """Return what runs out by the forty days and a part of the next."""
    start, end = datetime(2037, 3, 1, tzinfo=BERLIN), datetime(2037, 4, 10, 2, tzinfo=BERLIN)
    return capacity_plan(store, Window(start.astimezone(UTC), end.astimezone(UTC)), BERLIN)


def test_a_disk_that_was_enlarged_runs_out_on_its_day(store: Store, environment: str) -> None:
    """90 GiB on 9 April, 2 more a day, 125 for users: day 18 from then, 27 April, without doubt."""
    documents = list(written(environment))
    assert store.append(documents).stored == len(documents)
    found = plan(store)
    (grown,) = found.of(Kind.DISK)
    assert (grown.resource.place, len(grown.resource.days)) == (("app-7", "/srv"), 31)
    assert (grown.resource.last, grown.resource.used, grown.resource.limit) == (date(2037, 4, 9), 90 * GIB, 125 * GIB)
    assert (grown.earliest, grown.runs_out, grown.latest) == (date(2037, 4, 27),) * 3
    assert found.left(grown) == 17  # from 10 April, on which the window ends
    (full,) = found.of(Kind.CONNECTIONS)
    assert full.forecast.outlook is Outlook.FULL
    assert found.planned[0] is full
    assert found.state(0) is State.MISSED


def test_the_chapter_says_it(store: Store, environment: str) -> None:
    """Days left as figures, one sentence each in order of the day, and a picture with a gap of nine days."""
    assert store.append(list(written(environment))).stored
    days, told, table, _, picture = capacity_section(plan(store)).blocks
    assert isinstance(days, Figures)
    assert [figure.value for figure in days.figures] == [17, 0]
    assert isinstance(told, Prose)
    assert len(told.sentences) == 2
    assert isinstance(table, Table)
    assert len(table.rows) == 2
    assert isinstance(picture, Picture)
    assert isinstance(picture.chart, TimeChart)
    points = picture.chart.series[0].points
    assert [point.value is None for point in points].count(True) == 9 + 1

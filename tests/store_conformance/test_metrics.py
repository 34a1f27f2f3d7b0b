"""What samplers read, in every store: averages, maxima and groups over nested numbers, and gaps that stay gaps."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from analyzers.store.document import Document, JsonValue
from analyzers.store.interface import Store
from analyzers.store.query import Avg, Count, Equals, Field, Max, Min, NamedMeasure, Query, Window

HOUR = Window(datetime(2026, 3, 14, 9, tzinfo=UTC), datetime(2026, 3, 14, 10, tzinfo=UTC))


@pytest.fixture
def host(stream: str) -> str:
    """Return the name of an empty stream of the machine's numbers."""
    return stream.replace("logs-web.request", "metrics-host.system")


def sample(stream: str, number: int, metricset: str, host: str, system: JsonValue) -> Document:
    """Return a document as the pipeline makes it of a sample, a quarter of a minute after the one before."""
    body: dict[str, JsonValue] = {
        "@timestamp": f"2026-03-14T09:{number // 4:02d}:{number % 4 * 15:02d}.000Z",
        "event": {"id": f"{number}", "kind": "metric", "dataset": "host.system"},
        "metricset": {"name": metricset},
        "host": {"name": host},
        "system": system,
    }
    return Document(stream, f"{number}", body)


def cpu(share: float | None, free: int) -> JsonValue:
    """Return the numbers of the machine; a first reading has no share."""
    shares: JsonValue = {"cores": 2} if share is None else {"cores": 2, "total": {"norm": {"pct": share}}}
    return {"cpu": shares, "memory": {"actual": {"free": free}}, "load": {"1": 0.5}}


def test_numbers_are_averaged_and_bounded_by_host(store: Store, host: str) -> None:
    """Three readings of one host and two of another; one without a share counts as a reading, and not as zero."""
    written = [
        sample(host, 0, "system", "web-1", cpu(None, 2**40)),
        sample(host, 1, "system", "web-1", cpu(0.25, 2**40 + 1)),
        sample(host, 2, "system", "web-1", cpu(0.75, 2**40 - 1)),
        sample(host, 3, "system", "web-2", cpu(1, 7)),
        sample(host, 4, "system", "web-2", cpu(0, 9)),
        sample(host, 5, "filesystem", "web-2", {"filesystem": {"mount_point": "/", "used": {"pct": 0.5}}}),
    ]
    assert store.append(written).stored == len(written)
    measures = (
        NamedMeasure("busy", Avg("system.cpu.total.norm.pct")),
        NamedMeasure("peak", Max("system.cpu.total.norm.pct")),
        NamedMeasure("free", Min("system.memory.actual.free")),
        NamedMeasure("load", Avg("system.load.1")),
        NamedMeasure("readings", Count()),
    )
    query = Query(host, HOUR, measures, (Field("host.name"),), Equals("metricset.name", "system"))
    assert [dict(row) for row in store.query(query).rows] == [
        {"host.name": "web-1", "busy": 0.5, "peak": 0.75, "free": 2**40 - 1, "load": 0.5, "readings": 3},
        {"host.name": "web-2", "busy": 0.5, "peak": 1.0, "free": 7, "load": 0.5, "readings": 2},
    ]


def test_each_file_system_is_a_group(store: Store, host: str) -> None:
    """The fullest moment of each mount point, whatever other kinds of samples lie between."""
    shares = (("/", 0.5), ("/data", 0.9), ("/", 0.6), ("/data", 0.8))
    written = [
        sample(host, number, "filesystem", "web-1", {"filesystem": {"mount_point": point, "used": {"pct": share}}})
        for number, (point, share) in enumerate(shares)
    ]
    assert store.append([*written, sample(host, 9, "system", "web-1", cpu(0.1, 1))]).stored == len(written) + 1
    query = Query(
        host,
        HOUR,
        (NamedMeasure("fullest", Max("system.filesystem.used.pct")),),
        (Field("system.filesystem.mount_point"),),
        Equals("metricset.name", "filesystem"),
    )
    assert [tuple(row.values()) for row in store.query(query).rows] == [("/", 0.6), ("/data", 0.9)]


def test_text_for_a_number_is_refused(store: Store, host: str) -> None:
    """The mapping holds the types: a share that is text is rejected with its name, its neighbour is stored."""
    wrong: JsonValue = {"cpu": {"total": {"norm": {"pct": "0.5"}}}}
    result = store.append([sample(host, 0, "system", "web-1", wrong), sample(host, 1, "system", "web-1", cpu(0.5, 1))])
    assert result.stored == 1
    assert ["system.cpu.total.norm.pct" in each.reason for each in result.rejected] == [True]

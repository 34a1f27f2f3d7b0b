"""What there is of a thing, from a few samples of one day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from analyzers.capacity import Kind
from analyzers.capacity.resources import resources
from analyzers.store.document import Document, JsonValue
from analyzers.store.memory.store import MemoryStore
from analyzers.store.query import Window

DAY = datetime(2024, 1, 15, tzinfo=UTC)
UTC_ZONE = ZoneInfo("UTC")


def sample(hour: int, metricset: str, system: JsonValue) -> Document:
    """Return a sample of the machine ``web-1``."""
    body: dict[str, JsonValue] = {
        "@timestamp": (DAY + timedelta(hours=hour)).isoformat(),
        "metricset": {"name": metricset},
        "host": {"name": "web-1"},
        "system": system,
    }
    return Document("metrics-host.system-production", f"{metricset} {hour}", body)


def memory(hour: int, used: int, total: int) -> Document:
    """Return a sample of memory, in bytes."""
    return sample(hour, "system", {"memory": {"actual": {"used": {"bytes": used}}, "total": total}})


def disk(hour: int, used: int, available: int) -> Document:
    """Return a sample of a file system, in bytes."""
    filesystem: JsonValue = {"mount_point": "/", "used": {"bytes": used}, "available": available}
    return sample(hour, "filesystem", {"filesystem": filesystem})


def test_memory_that_was_added_counts_at_once() -> None:
    """4,000 bytes in the morning, 8,000 after a restart: the most that was used of the most there was."""
    store = MemoryStore([memory(8, 3000, 4000), memory(12, 5000, 8000), memory(20, 2000, 8000)])
    [found] = resources(store, Window(DAY, DAY + timedelta(days=1)), UTC_ZONE)
    assert (found.kind, found.place, found.limit) == (Kind.MEMORY, ("web-1",), 8000)
    assert found.days == {date(2024, 1, 15): 5000}


def test_a_disk_is_as_large_as_was_used_and_free_at_its_fullest() -> None:
    """700 used and 200 free at worst are 900; what is kept for root is in neither. A day that is not whole is none."""
    store = MemoryStore([disk(8, 500, 400), disk(12, 700, 200), disk(20, 600, 300), disk(25, 900, 0)])
    [found] = resources(store, Window(DAY, DAY + timedelta(hours=36)), UTC_ZONE)
    assert (found.kind, found.limit) == (Kind.DISK, 900)
    assert found.days == {date(2024, 1, 15): 700}

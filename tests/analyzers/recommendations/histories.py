"""Histories in which every rule about PostgreSQL's settings has something to advise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from analyzers.blocks import Advice
from analyzers.store.document import Document, JsonValue
from tests.analyzers.recommendations.told import MIB, START, advised, samples

GIB = 1024 * MIB
SETTINGS = ("shared-buffers", "work-mem", "max-connections", "checkpoints", "deadlocks", "idle-in-transaction")


def memory(gib: int, **more: JsonValue) -> Iterator[Document]:
    """Yield a sample of the machine's memory."""
    yield from samples("host.system", "system", 1, system__memory__total=gib * GIB, **more)


def server(number: int = 20, /, **fields: JsonValue) -> Iterator[Document]:
    """Yield samples of the server."""
    named = {f"postgresql__server__{name}": value for name, value in fields.items()}
    yield from samples("postgresql.server", "server", number, **named)


def connections(peak: int, **more: JsonValue) -> Iterator[Document]:
    """Yield samples of its connections: 20, with a limit of 97 and 3 in reserve."""
    fields = {"used__count": peak, "limit": 97, "reserved": 3, **more}
    yield from server(**{f"connections__{name}": value for name, value in fields.items()})


def database(number: int = 20, name: str = "tickets", /, **fields: JsonValue) -> Iterator[Document]:
    """Yield samples of a database."""
    named = {f"postgresql__database__{each}": value for each, value in {"name": name, "oid": 5, **fields}.items()}
    yield from samples("postgresql.server", "database", number, **named)


def blocks(hit: int, read: int, **more: JsonValue) -> Iterator[Document]:
    """Yield a sample of a database's counters."""
    yield from database(1, blocks__hit=hit, blocks__read=read, **more)


def moved(event: Document, minutes: int) -> Document:
    """Return an event some minutes later."""
    at = START + timedelta(minutes=minutes)
    return Document(event.stream, event.id, {**event.body, "@timestamp": at.isoformat(timespec="milliseconds")})


def temporary(files: int, mib: int) -> Iterator[Document]:
    """Yield samples with so many temporary files in each, of so many MiB together."""
    place = "interval__temporary"
    yield from database(**{f"{place}__files": files, f"{place}__bytes": mib * MIB})


def checkpoints(scheduled: int, requested: int) -> Iterator[Document]:
    """Yield a sample of the counters of checkpoints."""
    place = "postgresql__bgwriter__checkpoints"
    counters = {f"{place}__scheduled": scheduled, f"{place}__requested": requested}
    yield from samples("postgresql.server", "server", 1, postgresql__bgwriter__buffers__checkpoints=7, **counters)


def every_setting_events() -> list[Document]:
    """Return a history in which each rule about settings has something to say."""
    events = [*memory(16), *blocks(0, 0), *blocks(100_000, 50_000), *temporary(20, 100), *connections(78, idle=15)]
    events += [*checkpoints(100, 10), *checkpoints(105, 17), *database(2, interval__deadlocks=1)]
    return [*events, *server(3, transactions__longest__sec=300.0, connections__idle_in_transaction=2)]


def every_setting() -> Sequence[Advice]:
    """Return the advice of each rule about settings: one of every rule."""
    found = advised(every_setting_events(), *SETTINGS).advice
    assert sorted(each.rule for each in found) == sorted(SETTINGS)
    return found

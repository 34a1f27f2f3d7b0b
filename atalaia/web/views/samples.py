"""The samples behind a figure of a machine or a database: when, of which place, and what was measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from types import MappingProxyType
from typing import Final

from analyzers.analysis import Unit
from analyzers.blocks import Cell, Heading, Table
from analyzers.jobs.job import count
from analyzers.language import Message, message, plural
from analyzers.logs.line import value_at
from analyzers.reports.metric_sources import (
    CONNECTIONS,
    CPU,
    DISK,
    MEMORY,
    POSTGRESQL_CACHE,
    REDIS_CACHE,
    Cached,
    Peaked,
)
from analyzers.selection.errors import SelectionError
from analyzers.store.document import Document
from analyzers.store.instants import from_millis
from analyzers.store.interface import Store
from analyzers.store.query import And, Exists, NamedMeasure, Query, Stored
from analyzers.store.selection import Selection, place_of
from atalaia.web.asked import Question

MOST: Final = 200
"""Samples that are shown; the latest."""
OF: Final[Mapping[str, Peaked | Cached]] = MappingProxyType(
    {
        "cpu": CPU,
        "memory": MEMORY,
        "disk": DISK,
        **{each.name: each for each in (CONNECTIONS, POSTGRESQL_CACHE, REDIS_CACHE)},
    }
)
"""What ``of=`` may name: the figures of the overview."""
_TITLES: Final[Mapping[str, Message]] = MappingProxyType(
    {
        "cpu": message("Samples of processors"),
        "memory": message("Samples of memory"),
        "disk": message("Samples of disks"),
        CONNECTIONS.name: message("Samples of database connections"),
        POSTGRESQL_CACHE.name: message("Samples of PostgreSQL's cache"),
        REDIS_CACHE.name: message("Samples of Redis's cache"),
    }
)
_PLACES: Final[Mapping[str, Message]] = MappingProxyType(
    {
        "host.name": message("Machine"),
        "system.filesystem.mount_point": message("File system"),
        "postgresql.address": message("Server"),
        "redis.address": message("Server"),
    }
)
_CACHES: Final = {POSTGRESQL_CACHE.name: "postgresql.address", REDIS_CACHE.name: "redis.address"}
_MEASURED: Final[Mapping[str, Message]] = MappingProxyType(
    {
        CPU.field: message("Busy"),
        MEMORY.field: message("Used"),
        DISK.field: message("Used"),
        CONNECTIONS.field: message("Connections"),
    }
)


@dataclass(frozen=True, slots=True)
class Samples:
    """The page.

    Attributes:
        title: Of what the samples are.
        said: How many there are.
        table: The latest.
    """

    title: Message
    said: Message
    table: Table


def samples(store: Store, question: Question) -> Samples:
    """Return the samples of what ``of=`` names, the newest first.

    Raises:
        SelectionError: When ``of=`` names nothing that is sampled, or a filter cannot be read.
        QueryError: When a filter names a field that samples do not have.
        StoreError: When the store cannot answer.
    """
    name = question.one("of") or "cpu"
    if name not in OF:
        raise SelectionError(f"of={name[:40]!r} names nothing that is sampled", f"give one of {', '.join(OF)}")
    source = OF[name]
    measured = _fields(source)
    where = And((Exists(measured[0].name), question.predicate(source.stream)))
    counted = Query(source.stream, question.window, (NamedMeasure("n", Stored()),), (), where)
    total = count(store.query(counted).rows[0], "n")
    found = store.documents(Selection(source.stream, question.window, where, newest_first=True, limit=MOST))
    headings = (
        Heading("at", message("At"), Unit.KEY),
        *(Heading(place, _PLACES[place], Unit.KEY) for place in _places(name, source)),
        *measured,
    )
    note = message("These are the latest {shown}.", shown=MOST) if total > MOST else None
    rows = tuple(_row(each, headings) for each in islice(found, MOST))
    table = Table("samples", message("Samples"), headings, rows, message("No sample was taken in this time."), note)
    return Samples(_TITLES[name], plural("{n} sample", "{n} samples", total), table)


def _fields(source: Peaked | Cached) -> tuple[Heading, ...]:
    if isinstance(source, Peaked):
        return (Heading(source.field, _MEASURED[source.field], source.unit),)
    return (
        Heading(source.hits, message("Found"), Unit.COUNT),
        Heading(source.misses, message("Not found"), Unit.COUNT),
    )


def _places(name: str, source: Peaked | Cached) -> tuple[str, ...]:
    return source.by if isinstance(source, Peaked) else (_CACHES[name],)


def _row(document: Document, headings: tuple[Heading, ...]) -> tuple[Cell, ...]:
    _at, *others = headings
    return (_instant(document), *(_value(document, each.name) for each in others))


def _instant(document: Document) -> datetime:
    return from_millis(place_of(document).instant)


def _value(document: Document, name: str) -> str | float | None:
    found = value_at(document.body, name)
    return found if isinstance(found, str | int | float) else None

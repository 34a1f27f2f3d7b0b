"""Histories that the rules are asked about, and what they say in English."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from analyzers.blocks import Advice
from analyzers.language import Message, language_of
from analyzers.recommendations import Advised, recommend, rules_named
from analyzers.store.document import Document, JsonValue
from analyzers.store.memory.store import MemoryStore
from analyzers.store.query import EVERYTHING, Predicate, Window

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = Window(START, START + timedelta(hours=1))
_NUMBERS = count()
_ENGLISH = language_of("en", ZoneInfo("UTC"))


def document(stream: str, at: datetime, fields: dict[str, JsonValue]) -> Document:
    """Return a document of dotted fields."""
    body: dict[str, JsonValue] = {"@timestamp": at.isoformat(timespec="milliseconds")}
    for name, value in fields.items():
        place: dict[str, JsonValue] = body
        *parents, last = name.split(".")
        for parent in parents:
            inner = place.setdefault(parent, {})
            assert isinstance(inner, dict)
            place = inner
        place[last] = value
    return Document(f"{stream}-production", f"e{next(_NUMBERS)}", body)


def spread(stream: str, number: int, **fields: JsonValue) -> Iterator[Document]:
    """Yield equal documents, a second apart from the start of the hour on; ``__`` in a name stands for a dot."""
    named = {name.replace("__", "."): value for name, value in fields.items()}
    for each in range(number):
        yield document(stream, START + timedelta(seconds=each), named)


def statements(number: int, text: str, seconds: float, **more: JsonValue) -> Iterator[Document]:
    """Yield slow statements of one shape on PostgreSQL."""
    fields: dict[str, JsonValue] = {"sql__system": "postgresql", "sql__operation": text.partition(" ")[0]}
    yield from spread("logs-sql.query", number, sql__text=text, sql__duration__sec=seconds, **{**fields, **more})


def requests(number: int, route: str, seconds: float, **more: JsonValue) -> Iterator[Document]:
    """Yield requests of one route."""
    yield from spread("logs-web.request", number, http__route=route, response_time=seconds, **more)


def advised(events: Sequence[Document], *rules: str, where: Predicate = EVERYTHING) -> Advised:
    """Return what rules say of the hour, asked of the store in memory."""
    return recommend(MemoryStore(events), HOUR, where=where, rules=rules_named(rules))


def said(message: Message) -> str:
    """Return a sentence in English, with plain spaces."""
    return _ENGLISH.say(message).replace("\u00a0", " ")


def titles(advice: Sequence[Advice]) -> list[str]:
    """Return what is advised, in order."""
    return [said(each.title) for each in advice]


def samples(dataset: str, metricset: str, number: int, **fields: JsonValue) -> Iterator[Document]:
    """Yield equal samples of one kind, of the machine web-1 and, of a server, of that at its loopback address."""
    name = dataset.partition(".")[0]
    address: dict[str, JsonValue] = {} if name == "host" else {f"{name}__address": ADDRESS}
    yield from spread(f"metrics-{dataset}", number, metricset__name=metricset, host__name="web-1", **address, **fields)


ADDRESS = "127.0.0.1:5432/tickets"
MIB = 1024 * 1024

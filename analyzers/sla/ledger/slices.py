"""What a slice is: its fields in the store, its key, and the documents that it is written as."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import orjson

from analyzers.fields import TIMESTAMP
from analyzers.sla.ledger.edges import EDGES
from analyzers.store.document import Document, JsonValue
from analyzers.store.instants import canonical_text

DATASET: Final = "sla.slice"

KIND: Final = "sla.slice.kind"
TOTAL: Final = "sla.slice.total"
BAD: Final = "sla.slice.bad"
MEASURED: Final = "sla.slice.measured"
EVENTS: Final = "sla.slice.events"
REVISION: Final = "sla.slice.revision"
SEAL: Final = "sla.slice.seal"
UNTIL: Final = "sla.slice.until"
EVENT_ACTION: Final = "event.action"

BUCKETS: Final = (*(f"lt_{edge}ms" for edge in EDGES), f"ge_{EDGES[-1]}ms")
"""The latency buckets of a slice, ascending: each holds what is below its edge and not below the one before."""
LATENCY: Final = tuple(f"sla.slice.latency.{bucket}" for bucket in BUCKETS)
"""Their stored fields."""


class SliceKind(StrEnum):
    """What a document of the ledger tells."""

    REQUESTS = "requests"
    """How the requests of a route fared in a minute."""
    PRESENCE = "presence"
    """That there were events of the service in a minute, of whatever stream."""
    BACKUP = "backup"
    """That the application said that a backup is complete."""
    SEAL = "seal"
    """That a run sealed everything from this document's instant up to ``sla.slice.until``."""
    WATCH = "watch"
    """That the backups of an ``event.action`` are sealed from this document's instant up to ``sla.slice.until``."""


@dataclass(frozen=True, slots=True)
class Tally:
    """The requests of one slice, weighted.

    Attributes:
        total: All of them.
        errors: Those with a status of 500 or above.
        buckets: How many of those with a response time are in each of :data:`BUCKETS`.
    """

    total: int
    errors: int
    buckets: tuple[int, ...]

    @property
    def measured(self) -> int:
        """Those with a response time."""
        return sum(self.buckets)

    def minus(self, other: Tally) -> Tally:
        """Return the difference, each number by itself."""
        buckets = tuple(own - theirs for own, theirs in zip(self.buckets, other.buckets, strict=True))
        return Tally(self.total - other.total, self.errors - other.errors, buckets)

    @property
    def numbers(self) -> tuple[int, ...]:
        """Every number that a slice is made of; where all are 0, it says nothing."""
        return (self.total, self.errors, self.total - self.errors, *self.buckets)


NO_REQUESTS: Final = Tally(0, 0, (0,) * len(BUCKETS))


def slice_stream(environment: str) -> str:
    """Return the data stream of the ledger of an environment, which may be ``*``."""
    return f"metrics-{DATASET}-{environment}"


@dataclass(frozen=True, slots=True)
class Sealing:
    """What all documents of one sealing run have in common.

    Attributes:
        environment: Of the stream.
        service: Whose.
        seal: The run's number: when it began, in milliseconds since 1970.
    """

    environment: str
    service: str
    seal: int

    def requests(self, minute: int, route: str | None, revision: int, tally: Tally) -> Document:
        """Return the slice of a minute (milliseconds since 1970) and route, or what a revision adds to it."""
        latency: dict[str, JsonValue] = {
            bucket: count for bucket, count in zip(BUCKETS, tally.buckets, strict=True) if count
        }
        numbers: dict[str, JsonValue] = {
            "total": tally.total,
            "good": tally.total - tally.errors,
            "bad": tally.errors,
            "measured": tally.measured,
        }
        if latency:
            numbers["latency"] = latency
        more: dict[str, JsonValue] = {} if route is None else {"http": {"route": route}}
        return self._document(SliceKind.REQUESTS, minute, (route, revision), {"revision": revision, **numbers}, more)

    def presence(self, minute: int, revision: int, events: int) -> Document:
        """Return how many events of the service were seen in a minute, or how many more."""
        return self._document(SliceKind.PRESENCE, minute, (revision,), {"revision": revision, "events": events}, {})

    def backup(self, instant: int, event: str, action: str, revision: int) -> Document:
        """Return that a backup was complete at an instant, by the id of the event that said so."""
        key = (event,)
        return self._document(SliceKind.BACKUP, instant, key, {"revision": revision}, {"event": {"action": action}})

    def marker(self, start: int, until: int) -> Document:
        """Return that this run sealed a span, in milliseconds since 1970."""
        return self._document(SliceKind.SEAL, start, (until, self.seal), {"revision": 1, "until": until}, {})

    def watch(self, start: int, until: int, action: str) -> Document:
        """Return that the backups of an action are sealed in a span, in milliseconds since 1970."""
        numbers: dict[str, JsonValue] = {"revision": 1, "until": until}
        key = (action, until, self.seal)
        return self._document(SliceKind.WATCH, start, key, numbers, {"event": {"action": action}})

    def _document(
        self,
        kind: SliceKind,
        instant: int,
        key: Sequence[str | int | None],
        numbers: dict[str, JsonValue],
        more: dict[str, JsonValue],
    ) -> Document:
        """Return a document whose id is made of its key alone: written twice, it is there once."""
        identity = hashlib.sha256(orjson.dumps([kind, instant, self.service, *key])).hexdigest()[:32]
        body: dict[str, JsonValue] = {
            TIMESTAMP: canonical_text(instant),
            "service": {"name": self.service, "environment": self.environment},
            "sla": {"slice": {"kind": kind.value, "seal": self.seal, **numbers}},
            **more,
        }
        return Document(slice_stream(self.environment), identity, body)

"""What the ledger lacks of a span of raw events."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from analyzers.sla.evidence import Restatement
from analyzers.sla.ledger.raw import RawEvents, instant_of
from analyzers.sla.ledger.reading import SliceKey
from analyzers.sla.ledger.sealed import SealedSlices
from analyzers.sla.ledger.slices import EVENT_ACTION, NO_REQUESTS, Sealing, Tally
from analyzers.sla.ledger.spans import Spans
from analyzers.store.document import Document, JsonValue
from analyzers.store.instants import from_millis, to_millis
from analyzers.store.query import Window


@dataclass(slots=True)
class Changes:
    """What is to be written of a span, and what is there no longer.

    Attributes:
        documents: What the ledger lacks.
        restated: Minute to what late events add to it: revision, requests, failed ones.
        requests: How many sealed requests have no raw events any more, at least.
        events: How many sealed events of all streams have not.
    """

    documents: list[Document] = field(default_factory=list)
    restated: dict[datetime, tuple[int, int, int]] = field(default_factory=dict)
    requests: int = 0
    events: int = 0

    def note(self, minute: datetime, revision: int, total: int, errors: int) -> None:
        """Note what is added to a minute; the first revision restates nothing."""
        if revision > 1:
            before = self.restated.get(minute, (0, 0, 0))
            self.restated[minute] = (max(before[0], revision), before[1] + total, before[2] + errors)

    def restatements(self, seal: int) -> Iterator[Restatement]:
        """Yield what late events add, by minute."""
        for minute, (revision, total, errors) in sorted(self.restated.items()):
            yield Restatement(minute, revision, total, errors, from_millis(seal))


class Comparison:
    """Compares raw events with the ledger, key by key.

    Args:
        raw: The raw events.
        ledger: All that is sealed of the service; ``None`` where there is no ledger yet.
        sealing: The run.
        actions: By which ``event.action`` backups are reported.
    """

    def __init__(self, raw: RawEvents, ledger: SealedSlices | None, sealing: Sealing, actions: Sequence[str]) -> None:
        self._raw = raw
        self._ledger = ledger
        self._sealing = sealing
        self._actions = actions

    def changes(self, window: Window, *, fresh: bool) -> Changes:
        """Return what the ledger lacks of a window.

        Args:
            window: Of whole minutes, a day at most.
            fresh: Whether none of it was sealed before: what a minute has now is its first revision.
        """
        found = Changes()
        slices = self._raw.slices(window)
        self._requests(found, window, slices, 1 if fresh else 2)
        self._presence(found, window, slices, 1 if fresh else 2)
        if self._actions:
            self._backups(found, window, fresh=fresh)
        return found

    def _requests(self, found: Changes, window: Window, slices: Mapping[SliceKey, Tally], first: int) -> None:
        held = {} if self._ledger is None else self._ledger.slices(window)
        for minute, route in sorted({*slices, *held}, key=_order):
            before = held.get((minute, route))
            lacking = slices.get((minute, route), NO_REQUESTS)
            if before is not None:
                lacking = lacking.minus(before.value)
            if (least := min(lacking.numbers)) < 0:
                found.requests -= least
            elif any(lacking.numbers):
                revision = first if before is None else before.revision + 1
                found.documents.append(self._sealing.requests(to_millis(minute), route, revision, lacking))
                found.note(minute, revision, lacking.total, lacking.errors)

    def _presence(self, found: Changes, window: Window, slices: Mapping[SliceKey, Tally], first: int) -> None:
        seen = Counter(self._raw.beside([window]))
        for (minute, _), tally in slices.items():
            seen[minute] += tally.total
        held = {} if self._ledger is None else self._ledger.presence(window)
        for minute in sorted({*seen, *held}):
            before = held.get(minute)
            lacking = seen[minute] - (0 if before is None else before.value)
            if lacking > 0:
                revision = first if before is None else before.revision + 1
                found.documents.append(self._sealing.presence(to_millis(minute), revision, lacking))
                if before is None:  # only then is anything known that was not before
                    found.note(minute, revision, 0, 0)
            else:
                found.events -= lacking

    def _backups(self, found: Changes, window: Window, *, fresh: bool) -> None:
        held = frozenset[str]() if self._ledger is None else self._ledger.backup_ids(window)
        watched = {} if fresh else {each: self._watched(window, each) for each in self._actions}
        for event in self._raw.backup_events(window, self._actions):
            instant = instant_of(event)
            action = _text(event, EVENT_ACTION)
            late = any(span.start <= instant < span.end for span in watched.get(action, ()))
            revision = 2 if late else 1  # an action that was not sealed yet is no late event
            document = self._sealing.backup(to_millis(instant), event.id, action, revision)
            if document.id not in held:
                found.documents.append(document)
                found.note(instant.replace(second=0, microsecond=0), revision, 0, 0)

    def _watched(self, window: Window, action: str) -> Spans:
        return () if self._ledger is None else self._ledger.watched(window, action)


def _order(key: SliceKey) -> tuple[datetime, bool, str]:
    minute, route = key
    return minute, route is None, route or ""


def _text(event: Document, name: str) -> str:
    """Return a keyword of an event that a query has found by it."""
    value: JsonValue = dict(event.body)
    for part in name.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value if isinstance(value, str) else ""

"""Why a value differs, as far as the store can tell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from analyzers.fields import TIMESTAMP
from analyzers.losses import losses_in
from analyzers.numbers import counted
from analyzers.question import instant_text
from analyzers.store.instants import from_millis, parse_millis
from analyzers.store.interface import Store
from analyzers.store.query import NamedMeasure, Query, Stored, Window
from analyzers.store.selection import Selection
from analyzers.verification.kinds import Derivation, Events

MOST: Final = 1_000_000
"""Among so many events late ones are looked for; each has to be read."""
_INSTANT: Final = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a value differs.

    Attributes:
        why: In words.
        expired: Whether events that it rests on have expired, so that nothing about it can be derived again.
    """

    why: str
    expired: bool


@dataclass(frozen=True, slots=True)
class _Reasons:
    """What happened to the events of a stream since a report was made.

    Attributes:
        events: Which events.
        late: The instants of those that were ingested since; ``None`` when there were too many to look at.
        lost: The windows of those that the disk took since.
        otherwise: Why a value differs where none of this tells.
    """

    events: Events
    late: tuple[datetime, ...] | None
    lost: tuple[Window, ...]
    otherwise: str

    def expired(self, window: Window) -> bool:
        """Tell whether events of a window have expired."""
        return any(_meet(each, window) for each in self.events.gone)

    def told(self, window: Window) -> bool:
        """Tell whether anything happened to the events of a window, as far as is known."""
        late = self.late is None or any(window.start <= each < window.end for each in self.late)
        return late or any(_meet(each, window) for each in self.lost)

    def why(self, window: Window) -> str:
        """Return in words what happened to the events of a window."""
        if self.expired(window):
            first, last = self.events.gone[0].start, self.events.gone[-1].end
            return f"{self.events.name} of {_shown(first)} to {_shown(last)} have expired"
        said = [self._lateness(window)]
        if any(_meet(each, window) for each in self.lost):
            said.append("the disk has damaged events of this time since")
        return "; ".join(said)

    def _lateness(self, window: Window) -> str:
        since = f"since {_shown(self.events.made)}"
        if self.late is None:
            return f"not looked for events that were ingested {since}: they are more than {MOST:,}"
        late = sum(window.start <= each < window.end for each in self.late)
        if late:
            return f"{counted(late, 'event')} of this time {'was' if late == 1 else 'were'} ingested {since}"
        return f"no event of this time was ingested {since}: {self.otherwise}"


def reason_teller(store: Store, derivation: Derivation) -> Callable[[str], Reason]:
    """Return what tells why the value at a place differs; a stream is asked about when a place first rests on it.

    What is returned raises a StoreError when the store cannot answer.
    """
    known: dict[str, _Reasons] = {}

    def reasons(events: Events) -> _Reasons:
        if events.stream not in known:
            known[events.stream] = _reasons_for(store, events, derivation.otherwise)
        return known[events.stream]

    def tell(path: str) -> Reason:
        window, found = derivation.time_of(path), [reasons(each) for each in derivation.events_of(path)]
        expired = [each for each in found if each.expired(window)]
        said = expired or [each for each in found if each.told(window)] or found[:1]
        return Reason("; ".join(each.why(window) for each in said), bool(expired))

    return tell


def _meet(one: Window, other: Window) -> bool:
    return one.start < other.end and other.start < one.end


def _shown(instant: datetime) -> str:
    return instant_text(instant.replace(microsecond=0))


def _reasons_for(store: Store, events: Events, otherwise: str) -> _Reasons:
    lost = [each for each in losses_in(store, events.window, events.stream) if each.noticed > events.made]
    windows = tuple(Window(each.first, max(each.last, each.first + _INSTANT)) for each in lost)
    return _Reasons(events, _late(store, events), windows, otherwise)


def _late(store: Store, events: Events) -> tuple[datetime, ...] | None:
    stored = NamedMeasure("stored", Stored())
    row = store.query(Query(events.stream, events.window, (stored,), (), events.where)).rows[0]
    if not isinstance(row["stored"], int) or row["stored"] > MOST:
        return None
    found: list[datetime] = []
    for document in store.documents(Selection(events.stream, events.window, events.where)):
        event, when = document.body.get("event"), document.body.get(TIMESTAMP)
        ingested = event.get("ingested") if isinstance(event, dict) else None
        if _after(ingested, events.made) and isinstance(when, str) and (millis := parse_millis(when)) is not None:
            found.append(from_millis(millis))
    return tuple(found)


def _after(text: object, instant: datetime) -> bool:
    millis = parse_millis(text) if isinstance(text, str) else None
    return millis is not None and from_millis(millis) > instant

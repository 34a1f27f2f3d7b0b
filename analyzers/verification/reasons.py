"""Why a value differs, as far as the store can tell."""

from __future__ import annotations

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
class Reasons:
    """What happened to the events of a report since it was made.

    Attributes:
        made: When that was.
        late: The instants of the events that were ingested since; ``None`` when there were too many to look at.
        lost: The windows of those that the disk took since.
        gone: The time whose events have expired since.
        otherwise: Why a value differs where none of this tells.
    """

    made: datetime
    late: tuple[datetime, ...] | None
    lost: tuple[Window, ...]
    gone: tuple[Window, ...]
    otherwise: str

    def expired(self, window: Window) -> bool:
        """Tell whether events of a window have expired, so that nothing about it can be derived again."""
        return any(each.start < window.end and window.start < each.end for each in self.gone)

    def why(self, window: Window) -> str:
        """Return in words what happened to the events of a window."""
        if self.expired(window):
            first, last = self.gone[0].start, self.gone[-1].end
            return f"raw events of {_shown(first)} to {_shown(last)} have expired"
        said = [self._lateness(window)]
        if any(each.start < window.end and window.start < each.end for each in self.lost):
            said.append("the disk has damaged events of this time since")
        return "; ".join(said)

    def _lateness(self, window: Window) -> str:
        since = f"since {_shown(self.made)}"
        if self.late is None:
            return f"not looked for events that were ingested {since}: they are more than {MOST:,}"
        late = sum(window.start <= each < window.end for each in self.late)
        if late:
            return f"{counted(late, 'event')} of this time {'was' if late == 1 else 'were'} ingested {since}"
        return f"no event of this time was ingested {since}: {self.otherwise}"


def _shown(instant: datetime) -> str:
    return instant_text(instant.replace(microsecond=0))


def reasons_for(store: Store, derivation: Derivation) -> Reasons:
    """Return what happened to the events of a report since it was made.

    Raises:
        StoreError: When the store cannot answer.
    """
    events = derivation.events
    lost = [each for each in losses_in(store, events.window, events.stream) if each.noticed > events.made]
    windows = tuple(Window(each.first, max(each.last, each.first + _INSTANT)) for each in lost)
    return Reasons(events.made, _late(store, events), windows, derivation.gone, derivation.otherwise)


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

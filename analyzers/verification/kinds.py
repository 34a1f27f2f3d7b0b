"""What is needed to derive a kind of report again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias

from analyzers.sla.contract.model import Contract
from analyzers.store.interface import Store
from analyzers.store.query import Predicate, Window
from analyzers.verification.leaves import Difference, JsonObject, Near

UNTOLD: Final = "the report was edited, or made of other events"
"""Why a value differs whose events are as they were."""


@dataclass(frozen=True, slots=True)
class Sources:
    """What a report is derived from.

    Attributes:
        store: The raw events.
        ledger: The sealed slices; ``None`` where there are none.
        contract: The contract that an SLA report must be of; ``None``: the one it carries.
        now: The present.
    """

    store: Store
    ledger: Store | None
    contract: Contract | None
    now: datetime


@dataclass(frozen=True, slots=True)
class Events:
    """The raw events of one data stream that a report rests on.

    Attributes:
        stream: Their data stream.
        window: When they happened, all of them.
        where: Which of them.
        made: When the report was made: what was ingested later is late.
        gone: The time of which there were such events when the report was made, and are none now.
        name: What they are called where they have expired.
    """

    stream: str
    window: Window
    where: Predicate
    made: datetime
    gone: tuple[Window, ...] = ()
    name: str = "raw events"


@dataclass(frozen=True, slots=True)
class Derivation:
    """A report made again.

    Attributes:
        document: What the report should say.
        events_of: The events that a place of the report rests on, those that matter most first.
        time_of: What time a place of the report is about.
        near: Which places need not be the same to the last digit.
        notes: What there is to say beside the comparison.
        differences: What differs beside the values: another contract than the one that was named.
        otherwise: Why a value differs where the events do not tell.
    """

    document: JsonObject
    events_of: Callable[[str], Sequence[Events]]
    time_of: Callable[[str], Window]
    near: Near
    notes: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = ()
    otherwise: str = UNTOLD


Derive: TypeAlias = Callable[[JsonObject, Sources], Derivation]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of report.

    Attributes:
        name: For people.
        form: The form that is read.
        question: Where the keys stand that say what was asked: an object of the report, by the path to it.
        keys: Which they are; ``None``: all but the hash.
        hashed: The key of their hash.
        derive: Makes the report again.
    """

    name: str
    form: int
    question: tuple[str, ...]
    keys: tuple[str, ...] | None
    hashed: str
    derive: Derive

    def asked(self, document: JsonObject) -> JsonObject:
        """Return the object in which the question stands."""
        for step in self.question:
            inner = document[step]
            document = inner if isinstance(inner, dict) else {}
        return document

    def question_of(self, document: JsonObject) -> JsonObject:
        """Return what was asked: what the hash is of."""
        asked = self.asked(document)
        return {key: asked[key] for key in self.keys or asked if key in asked and key != self.hashed}


def exactly(_path: str, _reported: object, _derived: object) -> bool:
    """Take nothing for equal that is not."""
    return False


def around(windows: tuple[Window, ...]) -> Window:
    """Return the least window around some."""
    return Window(min(each.start for each in windows), max(each.end for each in windows))


def gone_since(held_since: datetime | None, store: Store, stream: str, window: Window) -> tuple[Window, ...]:
    """Return the part of a window whose events a store held when a report was made, and holds no longer.

    Retention takes away what is oldest: what is gone lies between the first event that was held then and the first one
    that is held now.
    """
    if held_since is None:
        return ()
    extent = store.extent(stream)
    start = max(held_since, window.start)
    end = window.end if extent is None else min(extent.start, window.end)
    return (Window(start, end),) if start < end else ()

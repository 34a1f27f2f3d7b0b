"""Which events a place of a daily, weekly or monthly report rests on: each kind has a retention of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from analyzers.reports.held import DATASETS, SAMPLES_OF
from analyzers.reports.measuring import REQUESTS_OF
from analyzers.reports.metric_sources import CONNECTIONS, CPU, DISK, MEMORY, POSTGRESQL_CACHE, REDIS_CACHE
from analyzers.reports.question import Question
from analyzers.reports.statements import STATEMENTS_OF
from analyzers.store.interface import Store
from analyzers.store.query import EVERYTHING, Window
from analyzers.verification.kinds import Events, gone_since
from analyzers.verification.leaves import JsonObject, tokens
from analyzers.verification.reading import optional_instant, part

_FIGURES: Final = {
    each.name: (each.stream.removesuffix("-*"),)
    for each in (CONNECTIONS, CPU, MEMORY, DISK, POSTGRESQL_CACHE, REDIS_CACHE)
}
"""The figures that are made of samples."""
_PARTS: Final = {
    "statements": (STATEMENTS_OF,),
    "unmeasured": SAMPLES_OF,
    "capacity": (REQUESTS_OF, *SAMPLES_OF),
    "recommendations": DATASETS,
    "not_judged": DATASETS,
}
"""The chapters and blocks that are made of other events than requests."""


def held_since(document: JsonObject) -> dict[str, datetime | None]:
    """Return since when the store held each data set when a report was made, as far as the report says.

    Raises:
        ReportError: When what it says is no instant.
    """
    others = part(document, "held_since_of") if "held_since_of" in document else {}
    return {
        REQUESTS_OF: optional_instant(document, "held_since"),
        **{name: optional_instant(others, name) for name in others if name in DATASETS},
    }


def events_teller(
    document: JsonObject, store: Store, question: Question, whole: Window
) -> Callable[[str], Sequence[Events]]:
    """Return what tells the events that a place rests on.

    Args:
        document: The report.
        store: Where they are now.
        question: The report's question.
        whole: All time that it is about.
    """
    held = held_since(document)
    events = {name: _events(name, held.get(name), store, question, whole) for name in DATASETS}

    def events_of(path: str) -> Sequence[Events]:
        return tuple(events[name] for name in datasets_of(path))

    return events_of


def datasets_of(path: str) -> tuple[str, ...]:
    """Return the data sets that a place of a report rests on; requests, where it is made of nothing else."""
    steps = tokens(path)
    chapter, block, figure = (*steps[1:4], "", "", "")[:3]
    if block == "figures" and figure in _FIGURES:
        return _FIGURES[figure]
    return _PARTS.get(chapter) or _PARTS.get(block) or (REQUESTS_OF,)


def _events(dataset: str, held: datetime | None, store: Store, question: Question, whole: Window) -> Events:
    stream = question.stream(dataset)
    where = EVERYTHING if dataset in SAMPLES_OF else question.service
    gone = gone_since(held, store, stream, whole)
    name = "raw events" if dataset == REQUESTS_OF else f"events of {dataset}"
    return Events(stream, whole, where, question.made, gone, name)

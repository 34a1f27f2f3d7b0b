"""The evidence of several environments as that of one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from analyzers.sampling import Sampling
from analyzers.sla.evidence import Counts, Evidence, Minute, Provenance, Restatement
from analyzers.sla.ledger.reading import added
from analyzers.sla.ledger.spans import united, without
from analyzers.store.query import Window


class CombinedEvidence:
    """Adds up evidence; satisfies :class:`analyzers.sla.evidence.Evidence`.

    Args:
        parts: What is added up; a minute is known where any of them knows it.
        as_of: The moment that all of them are of.
        sampling: Tells what the requests of all of them together were sampled from.
    """

    def __init__(
        self, parts: Sequence[Evidence], as_of: datetime, sampling: Callable[[Window], Sampling | None]
    ) -> None:
        self._parts = parts
        self._as_of = as_of
        self._sampling = sampling

    def counts(self, windows: Sequence[Window], route: str | None, thresholds: Sequence[int]) -> Counts:
        """Sum the requests of several disjoint windows."""
        found = _none(thresholds)
        for part in self._parts:
            found = added(found, part.counts(windows, route, thresholds))
        return found

    def series(
        self, windows: Sequence[Window], route: str | None, thresholds: Sequence[int]
    ) -> Sequence[tuple[Window, Counts]]:
        """Return the requests of each window, in their order."""
        found = [_none(thresholds) for _ in windows]
        for part in self._parts:
            counted = part.series(windows, route, thresholds)
            found = [added(one, other) for one, (_, other) in zip(found, counted, strict=True)]
        return list(zip(windows, found, strict=True))

    def minutes(self, window: Window, route: str | None) -> Sequence[Minute]:
        """Return the minutes of which something is known, ascending."""
        found: dict[datetime, Minute] = {}
        for part in self._parts:
            for each in part.minutes(window, route):
                before = found.get(each.start, Minute(each.start, 0, 0))
                found[each.start] = Minute(each.start, before.total + each.total, before.errors + each.errors)
        return [found[start] for start in sorted(found)]

    def backups(self, window: Window, action: str) -> Sequence[datetime]:
        """Return when backups were completed, ascending; of the time before the window only the last one."""
        every = sorted({instant for part in self._parts for instant in part.backups(window, action)})
        before = [instant for instant in every if instant < window.start]
        return [*before[-1:], *every[len(before) :]]

    def unwatched(self, window: Window, action: str) -> Sequence[Window]:
        """Return where any part cannot know of backups: one of its may be missing."""
        return united(span for part in self._parts for span in part.unwatched(window, action))

    def provenance(self, window: Window) -> Provenance:
        """Return where the numbers of a window come from: from raw events where any part of them does."""
        if window.start >= self._as_of:
            return Provenance((), (), (), ())
        window = Window(window.start, min(window.end, self._as_of))
        parts = [part.provenance(window) for part in self._parts]
        raw = united(span for part in parts for span in part.raw)
        sealed = tuple(
            span for each in united(span for part in parts for span in part.sealed) for span in without(each, raw)
        )
        missing = without(window, united((*sealed, *raw)))
        return Provenance(sealed, raw, missing, _merged([each for part in parts for each in part.restatements]))

    def sampling(self, window: Window) -> Sampling | None:
        """Return what the requests of a window were sampled from."""
        return self._sampling(window)


def _none(thresholds: Sequence[int]) -> Counts:
    return Counts(0, 0, 0, dict.fromkeys(thresholds, 0))


def _merged(restatements: Sequence[Restatement]) -> tuple[Restatement, ...]:
    found: dict[datetime, Restatement] = {}
    for each in restatements:
        other = found.get(each.minute)
        found[each.minute] = each if other is None else _both(each, other)
    return tuple(found[minute] for minute in sorted(found))


def _both(one: Restatement, other: Restatement) -> Restatement:
    return Restatement(
        one.minute,
        max(one.revision, other.revision),
        one.total + other.total,
        one.errors + other.errors,
        max(one.sealed, other.sealed),
    )

"""New lines as they come, while other processes write.

Lines are told in order of their own time, but do not arrive in it: a file may be read late, a machine's clock may be
ahead. So whoever follows looks back :data:`LATE` at each turn, tells what was not told before, and looks
:data:`AHEAD` of the present. What arrives later than that is in the store and in every answer, but is not told here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from analyzers.logs.line import Line
from analyzers.logs.reading import LogQuestion, count, lines, only
from analyzers.store.instants import MILLISECOND
from analyzers.store.interface import Store
from analyzers.store.query import Window

LATE: Final = timedelta(minutes=1)
"""How long after its own time a line may arrive."""
AHEAD: Final = timedelta(minutes=1)
"""How far a clock may be ahead."""


@dataclass(frozen=True, slots=True)
class News:
    """What one look found.

    Attributes:
        lines: Newest first; those told before are among them.
        passed: How many lines after ``since`` there are besides: they came too fast to be told.
    """

    lines: tuple[Line, ...]
    passed: int


def look(store: Store, question: LogQuestion, since: datetime, now: datetime, limit: int) -> News:
    """Return the lines since an instant, and those of the minute before it.

    Args:
        store: The store.
        question: Which lines; its window does not count.
        since: The instant of the last line that was told, or of the beginning.
        now: The present.
        limit: At most so many.

    Raises:
        StoreError: When the store cannot answer.
    """
    end = max(since + MILLISECOND, now + AHEAD)
    found = tuple(lines(store, only(question, Window(since - LATE, end)), limit=limit))
    if len(found) < limit:
        return News(found, 0)
    begin = since + MILLISECOND
    told = sum(line.at >= begin for line in found)
    return News(found, max(0, count(store, question, Window(begin, max(end, begin + MILLISECOND))) - told))


class Follower:
    """Follows the lines of a question, telling each once.

    Args:
        question: Which lines.
        since: From when on; what is late may be a little older.
        told: Lines that were told already.
    """

    def __init__(self, question: LogQuestion, since: datetime, told: Sequence[Line] = ()) -> None:
        self._question = question
        self._start = since - LATE
        self._since = since
        self._told = {line.place for line in told}

    def look(self, store: Store, now: datetime, limit: int) -> News:
        """Return the lines that were not told yet, in order of time.

        Raises:
            StoreError: When the store cannot answer.
        """
        news = look(store, self._question, self._since, now, limit)
        fresh = [line for line in reversed(news.lines) if line.place not in self._told]
        self._remember(fresh)
        return News(tuple(fresh), news.passed)

    def _remember(self, fresh: Sequence[Line]) -> None:
        """Keep what may be found again: the lines of the span that the next look looks back to."""
        self._told.update(line.place for line in fresh)
        self._since = max([self._since, *(line.at for line in fresh)])
        self._told = {place for place in self._told if place.instant >= _millis(self._since - LATE)}


def _millis(at: datetime) -> int:
    return int(at.timestamp() * 1000)

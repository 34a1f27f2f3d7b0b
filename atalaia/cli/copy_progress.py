"""How far a copy has come: a bar on a terminal, a line now and then elsewhere. Always on stderr."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final, TypeAlias

from analyzers.store.copying.copy import Progress
from atalaia.cli.runtime import note
from logging_lib.clock import Clock

Watch: TypeAlias = Callable[[Progress], None]

_EVERY: Final = timedelta(seconds=10)


@contextmanager
def watching(clock: Clock) -> Iterator[Watch]:
    """Yield what is told how far a copy has come."""
    if not sys.stderr.isatty():
        yield Lines(clock).tell
        return
    from rich import progress as shown  # noqa: PLC0415 - takes long to import, and only a terminal needs it

    from atalaia.cli.render.table import console_for  # noqa: PLC0415 - the same

    lines = Lines(clock)
    columns = (shown.BarColumn(), shown.TextColumn("{task.description}"), shown.TimeElapsedColumn())
    with shown.Progress(*columns, console=console_for(sys.stderr), transient=True) as bar:
        task = bar.add_task("comparing", total=None)

        def tell(progress: Progress) -> None:
            total = max(progress.all_documents, 1)
            bar.update(task, completed=progress.documents, total=total, description=lines.text(progress))

        yield tell


class Lines:
    """Says how far a copy has come, at most every ten seconds.

    Args:
        clock: Says how long it took.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._started = self._last = clock()

    def tell(self, progress: Progress) -> None:
        """Say it when it is time."""
        now = self._clock()
        if now - self._last >= _EVERY:
            self._last = now
            note(self.text(progress))

    def text(self, progress: Progress) -> str:
        """Return days done, events, events per second and the time that is left."""
        seconds = (self._clock() - self._started).total_seconds()
        rate = progress.documents / seconds if seconds > 0 else 0.0
        parts = [f"{progress.parts:,} of {progress.all_parts:,} days done (at {progress.part.day})"]
        parts.append(f"{progress.documents:,} of {progress.all_documents:,} events")
        if rate >= 1:
            left = round((progress.all_documents - progress.documents) / rate)
            parts += [f"{rate:,.0f}/s", f"{timedelta(seconds=left)} left"]
        return ", ".join(parts)

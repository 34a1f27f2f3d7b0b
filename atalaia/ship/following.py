"""Follows the files: the follower of the ``file`` input, with what a shipper wants to know of it besides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from atalaia.pipeline.inputs.files.options import FileOptions, Plan, plan
from atalaia.pipeline.inputs.files.source import Source
from atalaia.pipeline.inputs.files.watch import Watch
from atalaia.pipeline.options import OptionError
from atalaia.ship.errors import ShipError

_GONE_FOR: Final = timedelta(seconds=30)
"""After so long a file that is gone will not come back compressed, as a rule."""
_BAND: Final = 4 << 20


@dataclass(frozen=True, slots=True)
class Loss:
    """A file that was deleted, or emptied, before all of it was delivered.

    Attributes:
        path: Its last name.
        size: How many bytes were not read; ``None`` when that is unknown, as of an archive.
    """

    path: str
    size: int | None


def follow_plan(patterns: Sequence[str], positions: Path, *, once: bool) -> Plan:
    """Return how the files are followed.

    Args:
        patterns: Absolute patterns.
        positions: Where positions are kept.
        once: Whether files will not be waited for: archives and renamed files are then taken as complete at once.

    Raises:
        ShipError: When a pattern is refused.
    """
    options = FileOptions.model_validate(
        {
            "path": list(patterns),
            "start_position": "beginning",
            "sincedb_path": str(positions.absolute()),
            "sincedb_write_interval": 1,
            "discover_interval": 2,
            "file_chunk_size": _BAND,
            "file_chunk_count": 1,
        }
    )
    try:
        return replace(plan(options, Path.cwd()), exit_after_read=once)
    except OptionError as error:
        option = "--positions" if error.option == "sincedb_path" else error.option
        raise ShipError(f"{option}: {error.problem}", error.remedy) from error


class Following(Watch):
    """A follower that can be asked."""

    def keep(self) -> None:
        """Note on disk what was delivered since, at most once a second; for times when nothing can be read."""
        self._memory.write_if_due(self._plan.sincedb_write_interval)

    def behind(self) -> int:
        """Return how many bytes there are of files that are not delivered yet; of archives it is not known."""
        return sum(max(0, each.length - each.settled.position) for each in self._sources if each.bound)

    def files(self) -> int:
        """Return how many files are followed."""
        return sum(each.bound for each in self._sources)

    def unfinished(self) -> list[tuple[str, int]]:
        """Return the files whose last line has no end, and how many bytes there are of it."""
        return [(each.path, each.rest) for each in self._sources if each.bound and each.drained and each.rest]

    def losses(self, now: datetime, grace: timedelta = _GONE_FOR) -> list[Loss]:
        """Return what was lost since this was asked last; each loss once.

        Args:
            now: The present instant.
            grace: How long a file must be gone.
        """
        return [
            loss
            for each in self._sources
            if not each.bound and now - each.seen_at >= grace and (loss := self._loss(each)) is not None
        ]

    def _loss(self, source: Source) -> Loss | None:
        read = source.settled.position if source.position is None else source.position
        unknown = source.archive and not source.length and not source.drained
        if source.length <= read and not unknown:
            return None
        size = None if unknown else source.length - read
        source.length, source.archive = read, False
        self._memory.touch()
        return Loss(source.path, size)

"""Follows the files: the follower of the ``file`` input, with what a shipper wants to know of it besides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from atalaia.pipeline.inputs.files.options import FileOptions, Plan, plan
from atalaia.pipeline.inputs.files.source import Seen, Source
from atalaia.pipeline.inputs.files.watch import Watch
from atalaia.pipeline.options import OptionError
from atalaia.ship.errors import ShipError

_GONE_FOR: Final = timedelta(seconds=30)
"""After so long a file that is gone will not come back compressed, as a rule."""
_BAND: Final = 4 << 20
_LOOKED_AT: Final = 1 << 20
_GZIP: Final = b"\x1f\x8b"


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

    def left(self) -> int:
        """Return how many of those bytes are of whole lines, or of what was not looked at to its end."""
        return self.behind() - sum(each.rest for each in self._sources if each.bound and each.drained)

    def unfinished(self) -> list[tuple[str, int]]:
        """Return the files whose last line has no end, and how many bytes there are of it."""
        known = [(each.path, each.rest) for each in self._sources if each.bound and each.drained and each.rest]
        return known + [(seen.path, seen.size) for seen in self._unbound() if seen.size and not _has_line(seen.path)]

    def unreadable(self) -> list[str]:
        """Return the files that were found and cannot be opened; why was said when it was noticed."""
        return [seen.path for seen in self._unbound() if not _opens(seen.path)]

    def _unbound(self) -> list[Seen]:
        """Return the files of which it is not known yet what they are, as nothing could be read of them."""
        waiting = [each for key, each in self._waiting.items() if not (self._has_source(key) or each.asleep)]
        return sorted((each.seen for each in waiting), key=lambda seen: seen.path)

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


def _opens(path: str) -> bool:
    try:
        with Path(path).open("rb"):
            return True
    except FileNotFoundError:  # it has gone meanwhile
        return True
    except OSError:
        return False


def _has_line(path: str) -> bool:
    """Tell whether a file has a whole line, or is no text to look for one in."""
    try:
        with Path(path).open("rb") as file:
            head = file.read(_LOOKED_AT)
    except OSError:
        return True
    return b"\n" in head or head.startswith(_GZIP)

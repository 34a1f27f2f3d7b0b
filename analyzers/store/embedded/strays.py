"""Files in a store's directory that no commit names: the rest of interrupted writes, and what is not the store's."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from analyzers.store.embedded.commits import CommitLog
from analyzers.store.embedded.disk import TEMPORARY
from analyzers.store.embedded.layout import SEGMENT_NAME, STREAMS
from analyzers.store.embedded.lock import writing_process


def is_segment_name(name: str) -> bool:
    """Tell whether a file has the name of a segment, finished or not."""
    return SEGMENT_NAME.fullmatch(name.removesuffix(TEMPORARY)) is not None


def segment_files(root: Path) -> Iterator[Path]:
    """Yield all files below the folder of the segments.

    A folder that a writer removes meanwhile has none, nor has one that cannot be read: each of its segments is found to
    be unreadable anyway.
    """
    for folder, _, names in os.walk(root / STREAMS):
        yield from (Path(folder, name) for name in names)


def strangers(root: Path) -> list[str]:
    """Return the files among the segments that are not the store's: a writer refuses to work beside them."""
    return sorted(str(path.relative_to(root)) for path in segment_files(root) if not is_segment_name(path.name))


def leftovers(root: Path, log: CommitLog) -> tuple[str, ...]:
    """Return the files of interrupted writes, relative to the store's directory.

    While a process writes there are none: it removed them when it began, and what it is writing now, or keeps for
    queries that were running, is its own.
    """
    files = [path for path in segment_files(root) if is_segment_name(path.name)] + log.leftovers()
    named = {root / segment.path for segment in log.refresh()}
    found = sorted(str(path.relative_to(root)) for path in files if path not in named and path.exists())
    return () if writing_process(root) is not None else tuple(found)

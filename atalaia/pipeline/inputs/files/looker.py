"""Looks at the files that the patterns find: which there are, and how big."""

from __future__ import annotations

import errno
import os
import stat
from typing import Final

from atalaia.pipeline.inputs.files.contents import Key
from atalaia.pipeline.inputs.files.notices import Notices
from atalaia.pipeline.inputs.files.patterns import Patterns
from atalaia.pipeline.inputs.files.source import Seen

_GONE: Final = frozenset((errno.ENOENT, errno.ENOTDIR))


class Looker:
    """Knows the paths of the last search.

    Args:
        patterns: What is searched for.
        notices: Says what cannot be looked at.
    """

    def __init__(self, patterns: Patterns, notices: Notices) -> None:
        self._patterns = patterns
        self._notices = notices
        self._paths: list[tuple[str, str]] = []
        self._names: dict[Key, str] = {}

    def search(self) -> None:
        """Search the disk for files."""
        self._paths = sorted(self._patterns.find().items())

    def look(self) -> dict[Key, Seen]:
        """Return every file there is now, each once, under the name it had before if it still has that."""
        found: dict[Key, Seen] = {}
        for path, pattern in self._paths:
            seen = self._look_at(path, pattern)
            if seen is not None and (seen.key not in found or self._names.get(seen.key) == path):
                found[seen.key] = seen
        self._names = {key: seen.path for key, seen in found.items()}
        return found

    def _look_at(self, path: str, pattern: str) -> Seen | None:
        try:
            status = os.stat(path)  # noqa: PTH116 - called for every file in every look
        except OSError as error:
            if error.errno not in _GONE:
                self._notices.warn(path, f"cannot be read, it is tried again: {error.strerror}")
            return None
        if not stat.S_ISREG(status.st_mode):
            if not stat.S_ISDIR(status.st_mode):
                self._notices.warn(path, "is not a regular file and is left out")
            return None
        return Seen(path, (status.st_dev, status.st_ino), status.st_size, status.st_mtime_ns, pattern)

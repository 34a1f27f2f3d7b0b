"""Finds the rest of a source that was rotated to a name the patterns do not match: beside its old name."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from atalaia.pipeline.inputs.files.contents import Content, Key
from atalaia.pipeline.inputs.files.fingerprints import HEAD
from atalaia.pipeline.inputs.files.open_files import OpenFiles, key_of
from atalaia.pipeline.inputs.files.patterns import Patterns
from atalaia.pipeline.inputs.files.source import Seen, Source
from atalaia.pipeline.inputs.files.sources import Sources


@dataclass(frozen=True, slots=True)
class Siblings:
    """Searches the directory of a source's last path.

    Attributes:
        sources: All sources: a file that is another's is not taken.
        files: Opens files.
        patterns: Names that are excluded are not opened, unless the inode is the source's.
    """

    sources: Sources
    files: OpenFiles
    patterns: Patterns

    def find(self, source: Source) -> tuple[Seen, Content] | None:
        """Return the file that holds what a source's file held, whose name begins as the source's does."""
        for path in self._candidates(source):
            content = self.files.open(path)
            if content is None:
                continue
            key = key_of(content)
            try:
                if self._is_free(key, source) and self._holds(source, content):
                    status = content.status()
                    return Seen(path, key, status.st_size, status.st_mtime_ns, ""), content
            except OSError:
                content.close()
                raise
            content.close()
        return None

    def _is_free(self, key: Key, source: Source) -> bool:
        owner = self.sources.of(key)
        return owner is None or owner is source

    def _holds(self, source: Source, content: Content) -> bool:
        head = content.read_at(0, HEAD)
        return source.fingerprint.fits(head) and source.matches(content, self.sources.resume_at(source))

    def _candidates(self, source: Source) -> Iterator[str]:
        """Yield paths: the source's own inode first, then names with the same beginning, the newest first."""
        path = PurePosixPath(source.path)
        stem = path.name.split(".")[0]
        named: list[tuple[int, str]] = []
        for entry in _entries(str(path.parent)):
            if entry.inode() == source.key[1]:
                yield entry.path
            elif stem and entry.name.startswith(stem) and not self.patterns.excludes(entry.path):
                status = _status(entry)
                if status is not None and self._is_free((status.st_dev, status.st_ino), source):
                    named.append((status.st_mtime_ns, entry.path))
        yield from (path for _, path in sorted(named, reverse=True))


def _status(entry: os.DirEntry[str]) -> os.stat_result | None:
    """Return what the system knows of a file; ``None`` when it is a link or no file, or gone."""
    try:
        return entry.stat(follow_symlinks=False) if entry.is_file(follow_symlinks=False) else None
    except FileNotFoundError:
        return None


def _entries(directory: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(directory) as entries:
            return list(entries)
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return []

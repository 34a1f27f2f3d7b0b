"""The window of open files: no more than so many, the one used longest ago is closed for another."""

from __future__ import annotations

import errno
from collections import OrderedDict

from atalaia.pipeline.inputs.files.contents import Content, Key, open_content
from atalaia.pipeline.inputs.files.notices import Notices
from atalaia.pipeline.inputs.files.source import Source

_TOO_MANY = frozenset((errno.EMFILE, errno.ENFILE))


def key_of(content: Content) -> Key:
    """Return device and inode of an open file."""
    status = content.status()
    return status.st_dev, status.st_ino


class OpenFiles:
    """Opens and closes the files of sources.

    Args:
        most: How many may be open.
        notices: Says what cannot be opened.
    """

    def __init__(self, most: int, notices: Notices) -> None:
        self._most = most
        self._notices = notices
        self._used: OrderedDict[str, Source] = OrderedDict()

    def open(self, path: str) -> Content | None:
        """Open a file that is no source's yet; ``None`` when that cannot be done now, which is said once."""
        self._make_room()
        try:
            content = open_content(path)
        except FileNotFoundError:
            return None
        except OSError as error:
            if error.errno in _TOO_MANY and self._used:
                self._close_half()
                return self.open(path)
            self._notices.warn(path, f"cannot be read, it is tried again: {error.strerror or error}")
            return None
        self._notices.over(path)
        return content

    def keep(self, source: Source) -> None:
        """Count the open file of a source, as used just now."""
        self._used[source.identity] = source
        self._used.move_to_end(source.identity)

    def content(self, source: Source) -> Content | None:
        """Return the open file of a source, opened when need be; ``None`` when it cannot be, or is not its file."""
        if source.content is None:
            content = self.open(source.path)
            if content is None:
                return None
            if key_of(content) != source.key:
                content.close()
                return None
            source.content = content
        self.keep(source)
        return source.content

    def close(self, source: Source) -> None:
        """Close the file of a source until it is needed again."""
        self._used.pop(source.identity, None)
        if source.content is not None:
            source.content.close()
            source.content = None

    def reopen(self, source: Source) -> Content | None:
        """Open a compressed file again after it has changed."""
        if source.attached:
            self.close(source)
        return self.content(source)

    def _make_room(self) -> None:
        while len(self._used) >= self._most:
            self._close_one()

    def _close_half(self) -> None:
        """Leave descriptors to others: the system has no more, and the sincedb and outputs need some too."""
        self._most = max(1, len(self._used) // 2)
        self._make_room()

    def _close_one(self) -> None:
        """Close the file that was used longest ago, one that can be opened again if there is one."""
        used = self._used.values()
        source = next((each for each in used if each.attached), None) or next(iter(used))
        self._notices.warn("max_open_files", f"=> {self._most}: the files used longest ago are closed in between")
        self.close(source)

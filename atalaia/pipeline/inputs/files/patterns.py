"""Patterns of files, as Ruby's ``Dir.glob`` and ``File.fnmatch`` read them."""

from __future__ import annotations

import re
from typing import Final

from wcmatch import fnmatch, glob

from atalaia.pipeline.options import OptionError

_PATH_FLAGS: Final = glob.GLOBSTAR | glob.BRACE | glob.FORCEUNIX
_NAME_FLAGS: Final = fnmatch.FORCEUNIX
_LAST_STARS: Final = re.compile(r"(?<=/)\*\*$")
"""``**`` as the last part of a path: to Ruby it is ``*``, to wcmatch everything below."""


class Patterns:
    """Which files an input reads.

    Names that start with a dot match only where the pattern has that dot; ``**/`` does not follow links to directories.

    Args:
        paths: Absolute patterns.
        exclude: Patterns of names to leave out.

    Raises:
        OptionError: When a path is relative.
    """

    def __init__(self, paths: tuple[str, ...], exclude: tuple[str, ...] = ()) -> None:
        self.paths = paths
        for path in paths:
            if not path.startswith("/"):
                raise OptionError("path", f"{path!r} is relative", "write the path from the root")
        self._globs = [(path, _LAST_STARS.sub("*", path)) for path in paths]
        self._exclude = exclude
        self._plain = [path for path in paths if not glob.is_magic(path, flags=_PATH_FLAGS)]

    def find(self) -> dict[str, str]:
        """Search the disk; return each path found with the pattern it was found by."""
        found = {path: path for path in self._plain}
        for written, pattern in self._globs:
            for path in glob.iglob(pattern, flags=_PATH_FLAGS, limit=0):
                found.setdefault(path, written)
        return {path: pattern for path, pattern in found.items() if not self.excludes(path)}

    def excludes(self, path: str) -> bool:
        """Tell whether a file is left out because of its name."""
        name = path.rpartition("/")[2]
        return bool(self._exclude) and fnmatch.fnmatch(name, self._exclude, flags=_NAME_FLAGS, limit=0)

"""How ``make test`` spreads the tests over two processes: a file's in one of them, some folders' too."""

from __future__ import annotations

from typing import Final

from xdist.scheduler import LoadScopeScheduling

TOGETHER: Final = ("tests/store_conformance/", "tests/kibana/")
"""Folders whose files share what takes long to fill: a server of their own, with everything in it."""


def part_of(nodeid: str) -> str:
    """Return the name of what a test runs together with, in the order of a run in one process."""
    path = nodeid.partition("::")[0]
    return next((folder for folder in TOGETHER if path.startswith(folder)), path)


class Spreading(LoadScopeScheduling):  # type: ignore[misc] # pytest-xdist publishes no types
    """Gives each process a file, or a folder that belongs together, and another one as soon as it is through."""

    def _split_scope(self, nodeid: str) -> str:
        return part_of(nodeid)

"""How ``make test`` spreads the tests over two processes: a file's in one of them, some folders' too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from xdist.scheduler import LoadScopeScheduling

if TYPE_CHECKING:
    from xdist.workermanage import WorkerController

TOGETHER: Final = ("tests/store_conformance/", "tests/kibana/")
"""Folders whose files share what takes long to fill: a server of their own, with everything in it."""

FIRST: Final = (
    "tests/store_conformance/",
    "tests/atalaia/scheduler/test_kill.py",
    "tests/end_to_end/test_load.py",
    "tests/end_to_end/test_ship.py",
    "tests/kibana/",
    "tests/end_to_end/test_verify.py",
    "tests/end_to_end/test_sampled_log.py",
    "tests/end_to_end/test_two_engines.py",
    "tests/atalaia/scheduler/test_running.py",
    "tests/analyzers/store/elastic/test_hostile.py",
    "tests/atalaia/pipeline/codegen/test_shortcuts.py",
    "tests/analyzers/store/embedded/test_kill.py",
)
"""What takes longest, in this order: begun last, one process would end it while the other has nothing to do."""


def part_of(nodeid: str) -> str:
    """Return the name of what a test runs together with, in the order of a run in one process."""
    path = nodeid.partition("::")[0]
    return next((folder for folder in TOGETHER if path.startswith(folder)), path)


class Spreading(LoadScopeScheduling):  # type: ignore[misc] # pytest-xdist publishes no types
    """Gives each process a file, or a folder that belongs together, and another one as soon as it is through.

    After what goes first come those with the most tests.
    """

    def _split_scope(self, nodeid: str) -> str:
        return part_of(nodeid)

    def _assign_work_unit(self, node: WorkerController) -> None:
        longest = next((name for name in FIRST if name in self.workqueue), None)
        if longest is not None:
            self.workqueue.move_to_end(longest, last=False)
        super()._assign_work_unit(node)

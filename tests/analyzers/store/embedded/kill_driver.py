"""Kills a writer at every operation of some batches of the load: run by ``test_kill``, which looks at what is left.

Everything is imported once; each writer is a forked process. (This process never starts a thread.) For a batch, its
operations are counted first; then for each of them the batch is sent to a copy of the store, and the writer kills
itself there, by SIGKILL. What each leaves stays in a folder of its own; a line on stdout says where, and why.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pyarrow.dataset  # noqa: F401 - what pyarrow would import in each child

from tests.analyzers.store.embedded.disks import KillingDisk, Recorder
from tests.analyzers.store.embedded.load import BATCHES, SIZE, Clock, opened, send

_SAMPLE: Final = 12
"""Of so many points, one is followed by a kill at every operation of the recovery."""


def _in_child(work: Callable[[], str]) -> tuple[int, str]:
    """Run something in a forked process; return its exit code and what it returned."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.write(writer, work().encode())
            code = 0
        except BaseException:  # noqa: BLE001 - the child reports whatever went wrong, and ends here
            traceback.print_exc()
        os._exit(code)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        said = pipe.read().decode()
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), said


def _expect(code: int, work: Callable[[], str]) -> str:
    ended, said = _in_child(work)
    if ended != code:
        raise SystemExit(f"a child ended with {ended} instead of {code}; {said}")
    return said


def _record(root: Path, batch: int) -> str:
    """Send a batch and return the kinds of the operations it takes."""
    disk = Recorder()
    clock = Clock()
    with opened(root, clock, disk) as store:
        send(store, clock, batch)
    return " ".join(operation.kind for operation in disk.done)


def _die(root: Path, batch: int, disk: KillingDisk) -> str:
    clock = Clock()
    with opened(root, clock, disk) as store:
        send(store, clock, batch)
    return "survived"


def _recover(root: Path, disk: KillingDisk) -> str:
    opened(root, Clock(), disk).close()
    return ""


def _copied(source: Path, target: Path) -> Path:
    if source.exists():
        shutil.copytree(source, target)
    return target


def _tell(kind: str, acknowledged: int, root: Path) -> None:
    sys.stdout.write(f"{kind} {acknowledged} {root}\n")
    sys.stdout.flush()


def _kill_in_recovery(root: Path, acknowledged: int) -> None:
    """Kill at each operation of a recovery in turn, each of which begins where the one before died."""
    for at in range(100):
        copy = _copied(root, root.with_name(f"{root.name}-recovery-{at}"))
        code, _ = _in_child(lambda at=at, copy=copy: _recover(copy, KillingDisk(at)))  # type: ignore[misc]
        _tell("recovery", acknowledged, copy)
        if code != -signal.SIGKILL:
            return


def _kill_in_batch(folder: Path, batch: int) -> None:
    start = folder / "start"
    kinds = _expect(0, lambda: _record(_copied(start, folder / f"{batch}"), batch)).split()
    before = [(at, False) for at in range(len(kinds))]
    halfway = [(at, True) for at, kind in enumerate(kinds) if kind == "write"]
    for number, (at, half) in enumerate(before + halfway):
        root = _copied(start, folder / f"{batch}-{at}-{half}")
        disk = KillingDisk(at, halfway=half)
        _expect(-signal.SIGKILL, lambda root=root, disk=disk: _die(root, batch, disk))  # type: ignore[misc]
        if number % _SAMPLE == 0:
            _kill_in_recovery(root, batch * SIZE)
        _tell(kinds[at], batch * SIZE, root)


def main(folder: Path, share: int, shares: int) -> None:
    """Try one share of the load's batches."""
    for batch in range(BATCHES):
        if batch % shares == share:
            _kill_in_batch(folder, batch)
        _expect(0, lambda batch=batch: _record(folder / "start", batch))  # type: ignore[misc]


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))

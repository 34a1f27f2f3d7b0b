"""Samplers in the workers of a server: one of them samples, whichever it is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from logging_lib.metrics.threads import LOCK_NAME, OneProcess
from tests.logging_lib.support import read_lines

WORKER = """
import sys, time
from pathlib import Path
import logging_lib
from logging_lib.metrics import Sample, start_samplers

class Who:
    name = "who"
    def sample(self, now):
        import os
        return [Sample("host.system", "test", {"system": {"pid": os.getpid()}})]
    def close(self):
        pass

directory = Path(sys.argv[1])
logging_lib.configure(service="ti-osn", directory=directory)
start_samplers([Who()], directory, interval=0.05)
time.sleep(600)
"""


@contextmanager
def worker(directory: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run one worker while the block lasts."""
    process = subprocess.Popen([sys.executable, "-c", WORKER, str(directory)])
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def samples(directory: Path, seconds: float, *, beside: int | None = None) -> set[int]:
    """Return the processes that have sampled once one other than ``beside`` has."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        # On a busy machine a sampler may have said beside its samples that it was late.
        systems = [record.get("system") for record in read_lines(directory)]
        found = {int(str(system["pid"])) for system in systems if isinstance(system, dict)}
        if found - {beside}:
            return found
        time.sleep(0.02)
    raise AssertionError(f"nobody but {beside} has sampled")


def test_one_of_several_workers_samples_and_another_takes_over(tmp_path: Path) -> None:
    """Three workers: all lines are of one; when it is killed, of one other."""
    with ExitStack() as stack:
        workers = [stack.enter_context(worker(tmp_path)) for _ in range(3)]
        (first,) = samples(tmp_path, 60)
        time.sleep(0.5)  # ten intervals, for the others to show themselves
        assert samples(tmp_path, 60) == {first}
        os.kill(first, signal.SIGKILL)
        both = samples(tmp_path, 60, beside=first)
        assert len(both) == 2
        assert both < {each.pid for each in workers}


def test_a_forked_child_does_not_keep_its_parents_lock(tmp_path: Path) -> None:
    """A child that outlives the sampling parent leaves the lock free for others."""
    lock = OneProcess(tmp_path / LOCK_NAME)
    assert lock.acquire()
    ready, told = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(told, b"x")
        time.sleep(600)
        os._exit(0)
    try:
        os.read(ready, 1)
        assert not OneProcess(tmp_path / LOCK_NAME).acquire()
        lock.release()
        assert OneProcess(tmp_path / LOCK_NAME).acquire()
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(ready)
        os.close(told)

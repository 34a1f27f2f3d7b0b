"""The end of a process, which no thread that is left behind can spoil."""

from __future__ import annotations

import atexit
import os
import sys
import threading
from collections.abc import Callable
from typing import NoReturn


def run_and_exit(main: Callable[[], int]) -> NoReturn:
    """Run a program and end the process with the status that it returns.

    A daemon thread that comes back from C++ (DuckDB, Arrow) while the interpreter ends is ended by ``pthread_exit``,
    which C++ answers by aborting the process: https://github.com/python/cpython/issues/87135, until Python 3.14. Where
    such threads are left, the process is cut off as the last of its ``atexit`` handlers instead.

    Args:
        main: The program; called first of all, so that handlers which it registers have run before the cut.
    """
    end = _End()
    atexit.register(end.cut)
    end.status = main()
    sys.exit(end.status)


class _End:
    def __init__(self) -> None:
        self.status: int | None = None

    def cut(self) -> None:
        if self.status is None or not _left_behind():
            return
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(self.status)


def _left_behind() -> bool:
    return any(thread.daemon for thread in threading.enumerate() if thread is not threading.main_thread())

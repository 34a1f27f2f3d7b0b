"""Ports for the servers of tests: of a range from which the system gives none to anybody who asks for any."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from random import SystemRandom
from typing import Final

_FIRST: Final = 20_000
_EACH: Final = 1_500
"""Ports of each process of ``make test``: together they stay below 32768, where Linux begins to give its own."""


def free_port() -> int:
    """Return a port of the loopback interface that nothing listens on, and that nobody else is given meanwhile.

    One that the system has just given and got back it may give again, to any other test or connection, before the
    server that it is for listens there.
    """
    return next(port for port in _candidates if _is_free(port))


def _ports() -> Iterator[int]:
    """Yield this process's ports round and round, beginning anywhere: another run may go on beside this one."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 8
    start = SystemRandom().randrange(_EACH)
    while True:
        for step in range(_EACH):
            yield _FIRST + worker * _EACH + (start + step) % _EACH


_candidates: Final = _ports()


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True

"""The names of addresses, by reverse DNS, without waiting long for any."""

from __future__ import annotations

import asyncio
import socket
from collections import OrderedDict
from typing import Final

import anyio
from anyio import to_thread

_TIMEOUT: Final = 2.0
"""Seconds a connection's first event waits for the name."""
_AT_ONCE: Final = 8
_KEPT: Final = 1024
_KEPT_SECONDS: Final = 300.0


class Names:
    """Looks addresses up and remembers them for five minutes. Used from one event loop.

    An address without a name, or whose name does not come in two seconds, is its own name, as in Java.
    """

    def __init__(self) -> None:
        self._known: OrderedDict[str, tuple[float, str]] = OrderedDict()
        self._limiter = anyio.CapacityLimiter(_AT_ONCE)

    async def name(self, ip: str) -> str:
        """Return an address's name."""
        now = asyncio.get_running_loop().time()
        known = self._known.get(ip)
        if known is not None and now - known[0] < _KEPT_SECONDS:
            return known[1]
        found = ip
        with anyio.move_on_after(_TIMEOUT):
            found = await to_thread.run_sync(_look_up, ip, abandon_on_cancel=True, limiter=self._limiter)
        self._known[ip] = (now, found)
        while len(self._known) > _KEPT:
            self._known.popitem(last=False)
        return found


def _look_up(ip: str) -> str:
    try:
        return socket.getnameinfo((ip, 0), socket.NI_NAMEREQD)[0]
    except OSError:
        return ip

"""The live page behind a real server, on a loopback address."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from waitress.server import create_server

from atalaia.web.address import DEFAULT_HOST
from atalaia.web.app import create_app
from atalaia.web.live import LiveSource
from atalaia.web.security import loopback_address
from logging_lib.errors import AtalaiaError

_THREADS: Final = 4


class LivePage:
    """A listening server; it is up, and its address known, once this is made.

    Args:
        source: Where snapshots come from, entered.
        zone: Where the page's clock times are.
        host: A loopback address.
        port: 0 takes a free one.
        counters: The directory below which pipelines keep their counters.

    Raises:
        AtalaiaError: When other machines could reach the address, or it cannot be had.
    """

    def __init__(
        self,
        source: LiveSource,
        *,
        zone: ZoneInfo,
        host: str = DEFAULT_HOST,
        port: int = 0,
        counters: Path | None = None,
    ) -> None:
        address = loopback_address(host)
        listening = _listen(address, port)
        host_name = f"[{address}]" if ":" in address else address
        self.url = f"http://{host_name}:{listening.getsockname()[1]}/"
        """Where a browser finds it."""
        app = create_app(source, zone=zone, counters=counters)
        self._server = create_server(app, sockets=[listening], threads=_THREADS, ident=None)

    def run(self) -> None:
        """Serve until Ctrl-C or :meth:`close`."""
        self._server.run()

    def close(self) -> None:
        """Stop listening."""
        self._server.close()


def _listen(address: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        return socket.create_server((address, port), family=family)
    except OSError as error:
        raise AtalaiaError(
            f"cannot listen on {address} port {port}: {error.strerror}",
            "give another --port, or --port 0 for a free one",
        ) from error

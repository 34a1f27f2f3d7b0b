"""The site behind a real server."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self

from waitress.server import create_server

from atalaia.web.address import DEFAULT_HOST
from atalaia.web.app import create_app
from atalaia.web.security.access import Access, bound_address
from atalaia.web.site import Site
from atalaia.web.warming import open_in_background, warm
from logging_lib.errors import AtalaiaError

_THREADS: Final = 4


@dataclass(frozen=True, slots=True)
class Listening:
    """Where the server listens, and who may use it.

    Attributes:
        host: An address; one that other machines can reach needs a token.
        port: 0 takes a free one.
        token: What people and programs must show; ``None`` for nothing.
        public_hosts: The names in ``Host`` that it answers to beside those of this machine.
    """

    host: str = DEFAULT_HOST
    port: int = 0
    token: str | None = None
    public_hosts: tuple[str, ...] = ()


class WebServer:
    """A listening server; it is up, and its address known, once this is made.

    Args:
        site: What is served.
        listening: Where.

    Raises:
        AtalaiaError: When other machines could reach the address without a token, or it cannot be had.
    """

    def __init__(self, site: Site, listening: Listening | None = None) -> None:
        where = listening or Listening()
        address = bound_address(where.host, where.token)
        taken = _listen(address, where.port)
        port = taken.getsockname()[1]
        host_name = f"[{address}]" if ":" in address else address
        self.url = f"http://{host_name}:{port}/"
        """Where a browser finds it."""
        names = frozenset(name.lower() for name in (*where.public_hosts, address))
        self._site = site
        self._app = create_app(site, Access(where.token, names, f"atalaia-{port}"))
        warm(self._app, site)
        self._server = create_server(self._app, sockets=[taken], threads=_THREADS, ident=None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def run(self) -> None:
        """Serve until Ctrl-C or :meth:`close`."""
        open_in_background(self._site)
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

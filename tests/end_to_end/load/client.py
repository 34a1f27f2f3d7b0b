"""A client that asks without pause over kept connections and remembers which of its requests were answered whole."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Final

CONNECTIONS: Final = 8


class Client:
    """Asks for ``/pedido/<n>`` from several connections at once.

    Attributes:
        answered: The ids of the requests whose answer arrived whole, status 200.
        broken: How many were cut short or refused.
    """

    def __init__(self, port: int) -> None:
        self._port = port
        self._numbers = count()
        self._lock = threading.Lock()
        self.answered: list[str] = []
        self.broken = 0

    def ask_until(self, enough: Callable[[], bool]) -> None:
        """Ask until ``enough`` says so."""
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            _finished(pool.map(self._ask_on_one, [enough] * CONNECTIONS))

    def _ask_on_one(self, enough: Callable[[], bool]) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
        while not enough():
            number = next(self._numbers)
            try:
                self._ask(connection, number)
            except (OSError, http.client.HTTPException):
                connection.close()
                with self._lock:
                    self.broken += 1
                time.sleep(0.01)
        connection.close()

    def _ask(self, connection: http.client.HTTPConnection, number: int) -> None:
        name = f"request-{number}"
        connection.request("GET", f"/pedido/{number}", headers={"X-Request-ID": name})
        answer = connection.getresponse()
        body = answer.read()
        if answer.status == http.client.OK and f"answer {number} ".encode() in body:
            with self._lock:
                self.answered.append(name)


def _finished(results: Iterable[None]) -> None:
    """Wait for all, and raise what one of them raised."""
    for _ in results:
        pass

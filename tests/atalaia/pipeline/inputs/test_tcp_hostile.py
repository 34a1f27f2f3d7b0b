"""The ``tcp`` input among clients that are slow, endless, many or mad: its memory is bounded, others are served."""

from __future__ import annotations

import asyncio
import random
import socket
import threading
import time
from contextlib import suppress

import pytest

from atalaia.pipeline.network.listening import Peer, Server, listen
from atalaia.pipeline.network.stopping import Stopping
from atalaia.pipeline.network.streams import abort
from tests.atalaia.pipeline.inputs.network_inputs import DEADLINE
from tests.atalaia.pipeline.inputs.serving import Peak, Served, serve_input
from tests.atalaia.pipeline.inputs.test_tcp import ended, tcp
from tests.ports import free_port

PROMPTLY = 30.0
"""Seconds in which a good client must be done, on a machine that others use too."""


def connect(served: Served) -> socket.socket:
    """Return a connection to an input."""
    return socket.create_connection(("127.0.0.1", served.port), DEADLINE)


def send_well(served: Served, lines: int = 100) -> float:
    """Send lines as a good client does; return the seconds until all of them were durable."""
    start = time.monotonic()
    with connect(served) as client:
        client.sendall(b"good\n" * lines)
        client.shutdown(socket.SHUT_WR)
        assert ended(client) == "in order"
    return time.monotonic() - start


def test_an_endless_line_takes_no_memory() -> None:
    """100 MB without a line end: a dead letter says so, 16 MB more memory at most, others are served meanwhile."""
    port = free_port()
    with serve_input(tcp(port), port) as served, Peak(served) as peak, connect(served) as endless:
        before = served.megabytes()
        chunk = b"x" * (1 << 20)
        for number in range(100):
            endless.sendall(chunk)
            if number % 25 == 0:
                assert send_well(served) < PROMPTLY
        endless.sendall(b"\nafter\n")
        endless.shutdown(socket.SHUT_WR)
        assert ended(endless) == "in order"
    assert peak.megabytes - before < 16
    assert served.events == 401
    assert served.reasons == {"the line is longer than 1,048,576 bytes": 1}


def test_two_hundred_unfinished_lines_share_their_memory() -> None:
    """200 clients hold a line of a megabyte open: together they take 64 MB, the oldest are given up, and it is said."""
    port = free_port()
    with serve_input(tcp(port), port) as served, Peak(served) as peak:
        before = served.megabytes()
        clients = [connect(served) for _ in range(200)]
        for client in clients:
            client.sendall(b"x" * 1_000_000)
        assert send_well(served) < PROMPTLY
        for client in clients:
            client.sendall(b"\nfine\n")
            client.shutdown(socket.SHUT_WR)
        assert [ended(client) for client in clients] == ["in order"] * 200
        for client in clients:
            client.close()
    assert peak.megabytes - before < 110
    (reason,) = served.reasons
    assert "not finished" in reason
    kept = 200 - served.reasons[reason]
    assert 60 <= kept < 200  # some bytes wait in the system until there is room again
    assert served.events == 100 + 200 + kept


def test_slow_and_idle_clients_hurt_nobody() -> None:
    """1,500 idle clients and 200 slow ones take little memory each, and a good client is served promptly."""
    port = free_port()
    with serve_input(tcp(port), port) as served:
        before = served.megabytes()
        idle = [connect(served) for _ in range(1_500)]
        slow = [connect(served) for _ in range(200)]
        for _ in range(20):
            for client in slow:
                client.send(b"s")
            assert send_well(served, 10) < PROMPTLY
        assert (served.megabytes() - before) / 1_700 < 0.02
        for client in (*idle, *slow):
            client.close()
    assert served.events == 200 + 200


def test_floods_do_not_starve_a_good_client() -> None:
    """While clients send garbage as fast as they can, a good one is served promptly and the memory stays bounded."""
    port = free_port()
    garbage = random.Random(7).randbytes(1 << 20) + b"\n" * 50_000  # noqa: S311 - no secret
    end = threading.Event()

    def flood() -> None:
        with connect(served) as client:
            while not end.is_set():
                client.sendall(garbage)

    with serve_input(tcp(port), port) as served, Peak(served) as peak:
        before = served.megabytes()
        threads = [threading.Thread(target=flood) for _ in range(8)]
        for thread in threads:
            thread.start()
        try:
            taken = [send_well(served, 10) for _ in range(5)]
        finally:
            end.set()
            for thread in threads:
                thread.join(DEADLINE)
        assert max(taken) < PROMPTLY
    assert peak.megabytes - before < 64


def test_connections_beyond_the_bound_are_reset(caplog: pytest.LogCaptureFixture) -> None:
    """The bound is kept: one connection more is reset at once and named in the log; when one ends another is taken."""

    async def scenario() -> list[str]:
        port = free_port()
        stop = threading.Event()

        async def hold(connection: socket.socket, _peer: Peer) -> None:
            await asyncio.get_running_loop().sock_recv(connection, 1)

        server = Server("tcp", listen("tcp", "127.0.0.1", port), hold, abort, most=2)
        serving = asyncio.create_task(server.run(stop, Stopping()))
        seen = await asyncio.to_thread(clients, port)
        stop.set()
        await serving
        return seen

    def clients(port: int) -> list[str]:
        first, second = (socket.create_connection(("127.0.0.1", port), DEADLINE) for _ in range(2))
        seen = [one_more(port)]
        first.sendall(b"x")
        seen.append(ended(first))
        seen.append(another(port))
        for client in (first, second):
            client.close()
        return seen

    def one_more(port: int) -> str:
        try:  # the reset may come before the connection is looked at
            with socket.create_connection(("127.0.0.1", port), DEADLINE) as client:
                return ended(client)
        except ConnectionResetError:
            return "reset"

    def another(port: int) -> str:
        """Connect until there is a place: that one is free again is known a moment after the client reads its end."""
        deadline = time.monotonic() + DEADLINE
        while time.monotonic() < deadline:
            with suppress(ConnectionResetError), socket.create_connection(("127.0.0.1", port), DEADLINE) as fourth:
                fourth.sendall(b"x")
                if ended(fourth) == "in order":
                    return "in order"
        return "never"

    assert asyncio.run(scenario()) == ["reset", "in order", "in order"]
    assert "there are 2 connections already, refused: 127.0.0.1:" in caplog.text

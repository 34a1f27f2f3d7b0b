"""Sockets as streams."""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress

from atalaia.pipeline.network.streams import SocketStream


def test_who_gives_up_waiting_loses_nothing() -> None:
    """Bytes that come in the very moment in which reading is given up are there for the next who reads."""

    async def scenario() -> bytes:
        loop = asyncio.get_running_loop()
        ours, theirs = socket.socketpair()
        with ours, theirs:
            stream = SocketStream(ours)
            reading = asyncio.create_task(stream.receive())
            await asyncio.sleep(0.01)
            theirs.send(b"precious")
            loop.call_at(loop.time(), reading.cancel)  # runs after the look at the socket, before the task goes on
            with suppress(asyncio.CancelledError):
                await reading
            return await asyncio.wait_for(stream.receive(), 5)

    assert asyncio.run(scenario()) == b"precious"

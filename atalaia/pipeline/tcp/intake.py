"""From connections to the pipeline: read, split, decode, hand over, and close in order once all of it is durable."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Final

from anyio import BrokenResourceError, EndOfStream

from atalaia.pipeline.event import Event
from atalaia.pipeline.inputs.feed import Feed
from atalaia.pipeline.inputs.running import Emit, StoppedError
from atalaia.pipeline.network.complaints import Complaints
from atalaia.pipeline.network.listening import GRACE, Peer
from atalaia.pipeline.network.packing import Read, pack
from atalaia.pipeline.network.settling import LoopCalls, Unsettled
from atalaia.pipeline.network.stopping import Stopping
from atalaia.pipeline.network.streams import READ, Channel
from atalaia.pipeline.network.subject import subject_name
from atalaia.pipeline.tcp.line_memory import LineMemory
from atalaia.pipeline.tcp.line_splitter import LineSplitter
from atalaia.pipeline.tcp.lines import MOST_UNSETTLED, Lines
from atalaia.pipeline.tcp.names import Names
from atalaia.pipeline.tcp.peer import DescribeOrigin, Origin
from atalaia.pipeline.tcp.proxy_header import ProxyHeaderError, read_header, split_header

_LOGGER: Final = logging.getLogger(__name__)
_HEADER_SECONDS: Final = 10.0


@dataclass(frozen=True, slots=True)
class Wiring:
    """What the connections of one input share.

    Attributes:
        feed: Makes events of lines.
        describe: Adds the connection's facts.
        separator: What ends a line.
        proxied: Whether connections begin with a header of the proxy protocol.
        look_up: Whether addresses are given their names.
    """

    feed: Feed
    describe: DescribeOrigin
    separator: bytes
    proxied: bool
    look_up: bool


class Intake:
    """Takes connections while an input runs.

    Splitting and decoding run in one thread of their own, which also waits for room in the pipeline: the event loop
    never waits, and no more than one connection's lines are decoded at a time.

    Args:
        wiring: See there.
        emit: Hands arrivals to the pipeline.
        calls: The event loop.
        stopping: The end of the input.
        thread: The one thread.

    Attributes:
        complaints: About clients.
    """

    def __init__(
        self, wiring: Wiring, emit: Emit, calls: LoopCalls, stopping: Stopping, thread: ThreadPoolExecutor
    ) -> None:
        self._wiring = wiring
        self._emit = emit
        self._calls = calls
        self._stopping = stopping
        self._thread = thread
        self._memory = LineMemory()
        self._names = Names()
        self.complaints = Complaints(_LOGGER)

    async def take(self, channel: Channel, peer: Peer) -> None:
        """Read a connection to its end; it is closed in order when all of it is durable, and reset otherwise."""
        complete = False
        try:
            origin, data = await self._origin(channel, peer)
            splitter = LineSplitter(self._memory, self._wiring.separator)
            feed = self._feed(origin)
            named = replace(feed.origin, path=str(peer))
            lines = Lines(splitter, feed.stream(str(peer)), named, Unsettled(self._calls), self._emit)
            complete = await self._read(channel, lines, data) and await self._at_most(lines, 0)
        except StoppedError:
            self._stopping.set()
        except ProxyHeaderError as error:
            self.complaints.say(f"tcp: {error}", str(peer))
        finally:
            if complete:
                await channel.close()
            else:
                channel.transport.abort()

    async def _origin(self, channel: Channel, peer: Peer) -> tuple[Origin, bytes]:
        """Return what is known of a connection, and the first bytes when they had to be read."""
        subject = None if channel.certificate is None else subject_name(channel.certificate)
        if not self._wiring.proxied:
            name = await self._names.name(peer.ip) if self._wiring.look_up else peer.ip
            return Origin(name, peer.ip, peer.port, subject=subject), b""
        header, data = await self._header(channel)
        return replace(read_header(header, peer), subject=subject), data

    async def _header(self, channel: Channel) -> tuple[bytes, bytes]:
        data = b""
        try:
            async with self._stopping.within(_HEADER_SECONDS):
                while (split := split_header(data)) is None:
                    data += await channel.stream.receive(READ)
        except (EndOfStream, OSError, BrokenResourceError) as error:
            raise ProxyHeaderError("the header of the proxy protocol did not come") from error
        return split

    async def _read(self, channel: Channel, lines: Lines, data: bytes) -> bool:
        """Hand over what comes until nothing more comes; return whether all of it was handed over."""
        try:
            while await self._hand_over(lines, lines.feed(data)):
                data = await self._receive(channel, lines)
        except (EndOfStream, OSError, BrokenResourceError):  # its end, ours (a timeout), or a broken connection
            return await self._hand_over(lines, lines.end())
        return False

    async def _receive(self, channel: Channel, lines: Lines) -> bytes:
        """Return what comes next; a codec that waits for more lines does so no longer than it wants to."""
        while True:
            try:
                async with self._stopping.within(lines.flush_after):
                    return await channel.stream.receive(READ)
            except TimeoutError:
                if self._stopping.is_set:
                    raise
                await self._hand_over(lines, lines.flush())

    def _feed(self, origin: Origin) -> Feed:
        feed, describe_origin = self._wiring.feed, self._wiring.describe
        describe_others = feed.describe

        def describe(event: Event, _path: str) -> None:
            describe_origin(event, origin)
            describe_others(event, "")

        return replace(feed, describe=describe)

    async def _hand_over(self, lines: Lines, reads: Iterator[Read]) -> bool:
        """Hand over lines, a bounded amount at a time; return whether all of them were."""
        arrivals = pack(reads, lines.unsettled)
        loop = asyncio.get_running_loop()
        while await loop.run_in_executor(self._thread, lines.emit_some, arrivals):
            if not await self._at_most(lines, MOST_UNSETTLED):
                return False
        return True

    async def _at_most(self, lines: Lines, size: int) -> bool:
        """Wait until no more than so much is unsettled; return whether it came to that before the end of the input."""
        try:
            async with self._stopping.within(None, GRACE):
                await lines.unsettled.at_most(size)
        except TimeoutError:
            return False
        return True

"""The body of a request, decompressed as it comes, within what one body and all of them may take."""

from __future__ import annotations

import asyncio
import zlib
from concurrent.futures import Executor
from http import HTTPStatus
from types import TracebackType
from typing import Final, Self

from atalaia.pipeline.http_server.refusal import RefusedError

ALLOWANCE: Final = 1 << 16
"""Bytes of a body that are every request's own."""
_PIECE: Final = 1 << 18
"""Bytes that one step of decompression makes; a client's bomb must not keep others waiting."""
_GZIP: Final = zlib.MAX_WBITS | 16
_DEFLATED: Final = 8


class BodyMemory:
    """Counts what bodies take beyond their allowances.

    Args:
        shared: Bytes there are.
    """

    def __init__(self, shared: int) -> None:
        self._free = shared

    def take(self, size: int) -> None:
        """Take so many bytes.

        Raises:
            RefusedError: With status 429, when there are not so many.
        """
        if size > self._free:
            raise RefusedError(HTTPStatus.TOO_MANY_REQUESTS, "too many large bodies at once; send it again later")
        self._free -= size

    def give_back(self, size: int) -> None:
        """Give bytes back."""
        self._free += size


class Body:
    """A body as it comes; a context, at whose end its memory is given back.

    Args:
        memory: The memory of all bodies.
        most: Bytes a body may have, decompressed.
        encoding: Its content encoding.
        thread: Where it is decompressed.

    Raises:
        RefusedError: With status 415, when the encoding is unknown.
    """

    def __init__(self, memory: BodyMemory, most: int, encoding: str, thread: Executor) -> None:
        self._memory = memory
        self._most = most
        self._thread = thread
        self._decoder = _decoder(encoding)
        self._bytes = bytearray()
        self._taken = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bytes = bytearray()
        self._memory.give_back(self._taken)
        self._taken = 0

    async def add(self, data: bytes) -> None:
        """Take bytes as they came.

        Raises:
            RefusedError: 413 beyond the bound, 429 when there is no memory, 400 when they cannot be decompressed.
        """
        if self._decoder is None:
            self._append(data)
            return
        self._decoder.feed(data)
        loop = asyncio.get_running_loop()
        while piece := await loop.run_in_executor(self._thread, self._decoder.step):
            self._append(piece)

    def _append(self, piece: bytes) -> None:
        size = len(self._bytes) + len(piece)
        check_length(size, self._most)
        beyond = max(0, size - ALLOWANCE)
        self._memory.take(beyond - self._taken)
        self._taken = beyond
        self._bytes += piece

    def content(self) -> bytes:
        """Return the whole body.

        Raises:
            RefusedError: With status 400, when what is compressed is cut short.
        """
        if self._decoder is not None:
            self._decoder.check_end()
        return bytes(self._bytes)


def check_length(size: int, most: int) -> None:
    """Refuse a body that is too long.

    Raises:
        RefusedError: With status 413.
    """
    if size > most:
        raise RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"the body is longer than {most:,} bytes")


class _Decoder:
    """Decompresses gzip (one member or several) or deflate, a bounded step at a time."""

    def __init__(self, *, gzip: bool) -> None:
        self._gzip = gzip
        self._stream: zlib._Decompress | None = None
        self._data = b""

    def feed(self, data: bytes) -> None:
        self._data = data

    def step(self) -> bytes:
        """Return the next piece; empty when more bytes are needed."""
        while self._data:
            if self._stream is None or self._stream.eof:
                self._stream = zlib.decompressobj(_GZIP if self._gzip else _deflate_window(self._data))
            try:
                piece = self._stream.decompress(self._data, _PIECE)
            except zlib.error as error:
                raise RefusedError(HTTPStatus.BAD_REQUEST, f"the body cannot be decompressed: {error}") from error
            self._data = self._stream.unconsumed_tail or self._stream.unused_data
            if piece:
                return piece
        return b""

    def check_end(self) -> None:
        if self._stream is not None and not self._stream.eof:
            raise RefusedError(HTTPStatus.BAD_REQUEST, "the compressed body is cut short")


def _deflate_window(data: bytes) -> int:
    """Tell zlib's format from bare deflate by the first byte, as clients send either."""
    return zlib.MAX_WBITS if data[0] & 0x0F == _DEFLATED else -zlib.MAX_WBITS


def _decoder(encoding: str) -> _Decoder | None:
    name = encoding.strip().lower()
    if name in ("", "identity"):
        return None
    if name in ("gzip", "x-gzip", "deflate", "x-deflate"):
        return _Decoder(gzip="gzip" in name)
    raise RefusedError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"the content encoding {name!r} is not gzip or deflate")

"""Bodies of requests: decompressed whatever way they come, within bounds."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atalaia.pipeline.http_server.body import ALLOWANCE, Body, BodyMemory
from atalaia.pipeline.http_server.decoding import utf_8
from atalaia.pipeline.http_server.refusal import RefusedError

THREAD = ThreadPoolExecutor(1)


def content_of(encoding: str, chunks: list[bytes], most: int = 1 << 20) -> bytes:
    """Return what becomes of a body that comes in chunks."""

    async def read() -> bytes:
        with Body(BodyMemory(1 << 20), most, encoding, THREAD) as body:
            for chunk in chunks:
                await body.add(chunk)
            return body.content()

    return asyncio.run(read())


def cut(data: bytes, places: list[int]) -> list[bytes]:
    """Return data in pieces."""
    bounds = sorted({0, len(data), *(place % (len(data) + 1) for place in places)})
    return [data[start:end] for start, end in pairwise(bounds)]


@settings(deadline=None, max_examples=60)
@given(st.lists(st.binary(max_size=3_000), min_size=1, max_size=3), st.lists(st.integers(0), max_size=5))
def test_compressed_bodies_are_what_was_compressed(parts: list[bytes], places: list[int]) -> None:
    """Gzip with several members, zlib and bare deflate give the data back however they are cut."""
    whole = b"".join(parts)
    assert content_of("gzip", cut(b"".join(map(gzip.compress, parts)), places)) == whole
    assert content_of("deflate", cut(zlib.compress(whole), places)) == whole
    assert content_of("", cut(whole, places)) == whole


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(["gzip", "deflate"]), st.lists(st.binary(max_size=100), max_size=4))
def test_garbage_is_refused_or_decompressed(encoding: str, chunks: list[bytes]) -> None:
    """Bytes that are no compression are refused with 400, never anything else."""
    status = HTTPStatus.BAD_REQUEST
    try:
        content_of(encoding, chunks)
    except RefusedError as refusal:
        status = refusal.status
    assert status is HTTPStatus.BAD_REQUEST


def test_a_bomb_is_refused_at_the_bound() -> None:
    """What grows beyond the bound is refused before it is held."""
    with pytest.raises(RefusedError) as caught:
        content_of("gzip", [gzip.compress(b"\0" * 10_000_000)], most=100_000)
    assert caught.value.status is HTTPStatus.REQUEST_ENTITY_TOO_LARGE


def test_bodies_share_their_memory_and_give_it_back() -> None:
    """Beyond its allowance a body takes of what all share, is refused when there is no more, and gives it back."""

    async def scenario() -> None:
        memory = BodyMemory(1_000)
        size = ALLOWANCE + 600
        with Body(memory, 1 << 20, "", THREAD) as first:
            await first.add(b"x" * size)
            with Body(memory, 1 << 20, "", THREAD) as second:
                await second.add(b"x" * ALLOWANCE)
                with pytest.raises(RefusedError) as caught:
                    await second.add(b"x" * 600)
                assert caught.value.status is HTTPStatus.TOO_MANY_REQUESTS
        with Body(memory, 1 << 20, "", THREAD) as third:
            await third.add(b"x" * (ALLOWANCE + 1_000))
            assert len(third.content()) == ALLOWANCE + 1_000

    asyncio.run(scenario())


@settings(deadline=None)
@given(st.text(max_size=50), st.sampled_from(["utf-8", "UTF-16", "utf-16-le"]))
def test_charsets_are_decoded(text: str, charset: str) -> None:
    """A body in a charset becomes the same text in UTF-8."""
    assert utf_8(text.encode(charset), charset) == text.encode()


@settings(deadline=None)
@given(st.binary(max_size=60), st.none() | st.text("abcdefu0123456789_-.:", max_size=12))
def test_any_bytes_in_any_charset_become_utf_8(body: bytes, charset: str | None) -> None:
    """Whatever a client says of whatever bytes, the result is UTF-8."""
    utf_8(body, charset).decode("utf-8")

"""Lines out of bytes, however they come, with bounded memory."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from atalaia.pipeline.read_lines import KEPT_OF_LONG, Line
from atalaia.pipeline.tcp.line_memory import ALLOWANCE, LineMemory
from atalaia.pipeline.tcp.line_splitter import GivenUp, LineSplitter, Piece


def split(chunks: list[bytes], separator: bytes = b"\n", longest: int = 1 << 20) -> list[Piece]:
    """Return the pieces of a whole connection."""
    splitter = LineSplitter(LineMemory(), separator, longest)
    pieces = [piece for chunk in chunks for piece in splitter.feed(chunk)]
    return [*pieces, *splitter.end()]


def lines(pieces: list[Piece]) -> list[Line]:
    """Return pieces, all of which are lines."""
    found = [piece for piece in pieces if isinstance(piece, Line)]
    assert len(found) == len(pieces)
    return found


SEPARATORS = st.sampled_from([b"\n", b"\0", b"ab", b"aab", b"||"])


@settings(deadline=None)
@given(st.lists(st.text("ab|\n\r\0", max_size=12).map(str.encode), max_size=12), SEPARATORS)
def test_chunks_do_not_matter(chunks: list[bytes], separator: bytes) -> None:
    """However the bytes are cut, the lines are those of the whole, and their places are right."""
    whole = b"".join(chunks)
    expected = whole.split(separator)
    if not expected[-1]:
        expected.pop()
    found = lines(split(chunks, separator))
    assert [line.content for line in found] == expected
    assert [line.offset for line in found] == [0, *(line.end for line in found)][:-1]
    assert all(whole[line.offset :].startswith(line.content) for line in found)


@settings(deadline=None)
@given(st.lists(st.text("ab|\n", max_size=9).map(str.encode), max_size=12), SEPARATORS, st.integers(3, 7))
def test_long_lines_are_reported_once_and_skipped(chunks: list[bytes], separator: bytes, longest: int) -> None:
    """Each line beyond the longest is one report with its first bytes; its neighbours are as they were."""
    whole = b"".join(chunks)
    expected = whole.split(separator)
    if not expected[-1]:
        expected.pop()
    found = lines(split(chunks, separator, longest))
    assert [line.too_long for line in found] == [len(content) > longest for content in expected]
    assert all(
        content.startswith(line.content) if line.too_long else line.content == content
        for line, content in zip(found, expected, strict=True)
    )


def test_an_endless_line_is_reported_before_it_ends() -> None:
    """The report comes as soon as the line is too long, keeps its first kilobyte, and nothing of the rest."""
    splitter = LineSplitter(LineMemory(), longest=5_000)
    (report,) = [piece for _ in range(3) for piece in splitter.feed(b"x" * 2_000)]
    assert isinstance(report, Line)
    assert (report.too_long, report.content) == (True, b"x" * KEPT_OF_LONG)
    assert list(splitter.feed(b"y" * 1_000_000)) == []
    (after,) = lines(list(splitter.feed(b"end of it\nnext\n")))
    assert (after.content, after.offset) == (b"next", 6_000 + 1_000_000 + 10)


def test_the_oldest_unfinished_line_gives_way() -> None:
    """When the shared memory is used up, the line held longest is given up and reported; the newest is kept."""
    size = ALLOWANCE + 1_000
    memory = LineMemory(shared=2_500)
    splitters = [LineSplitter(memory) for _ in range(3)]
    for name, splitter in zip(b"abc", splitters, strict=True):
        assert list(splitter.feed(bytes([name]) * size)) == []
    (given_up,) = splitters[0].feed(b"more")
    assert given_up == GivenUp(b"a" * KEPT_OF_LONG)
    assert lines(list(splitters[0].feed(b" of it\nnext\n")))[0].content == b"next"
    for name, splitter in zip(b"bc", splitters[1:], strict=True):
        assert lines(list(splitter.feed(b"\n")))[0].content == bytes([name]) * size


def test_a_line_given_up_is_reported_at_the_end_too() -> None:
    """A connection that ends after its line was given up still says so."""
    memory = LineMemory(shared=500)
    first, second = LineSplitter(memory), LineSplitter(memory)
    assert list(first.feed(b"a" * (ALLOWANCE + 400))) == []
    assert list(second.feed(b"b" * (ALLOWANCE + 400))) == []
    assert list(first.end()) == [GivenUp(b"a" * KEPT_OF_LONG)]


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 9_000), st.booleans()), max_size=30))
def test_the_memory_is_all_free_again(steps: list[tuple[int, int, bool]]) -> None:
    """Whatever connections did, once their lines are finished as much can be held as at first."""
    memory = LineMemory(shared=20_000)
    splitters = [LineSplitter(memory, longest=15_000) for _ in range(4)]
    for index, size, ended in steps:
        list(splitters[index].feed(b"x" * size + b"\n" * ended))
    for splitter in splitters:
        list(splitter.feed(b"\n"))
    holders = [LineSplitter(memory) for _ in range(2)]
    for holder in holders:
        list(holder.feed(b"y" * (ALLOWANCE + 10_000)))
    assert [len(lines(list(holder.feed(b"\n")))[0].content) for holder in holders] == [ALLOWANCE + 10_000] * 2

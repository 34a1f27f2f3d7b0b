"""Lines of a stream, whatever the pieces it comes in."""

from __future__ import annotations

import io

from hypothesis import given
from hypothesis import strategies as st

from atalaia.pipeline.inputs.line_buffer import LineBuffer
from atalaia.pipeline.read_lines import KEPT_OF_LONG, Line, read_lines

PIECES = st.lists(st.lists(st.sampled_from([b"\n", b"a", b"\xff", b"xyz"]), max_size=8).map(b"".join), max_size=8)


@given(pieces=PIECES)
def test_lines_do_not_depend_on_the_pieces(pieces: list[bytes]) -> None:
    """Contents, offsets and ends are those that reading the whole as a file gives; the last line needs no end."""
    buffer = LineBuffer()
    lines = [line for piece in pieces for line in buffer.add(piece)] + buffer.end()
    assert lines == list(read_lines(io.BytesIO(b"".join(pieces))))


@given(lengths=st.lists(st.integers(0, 5_000), max_size=6), piece=st.integers(1, 4_000))
def test_long_lines_are_cut(lengths: list[int], piece: int) -> None:
    """Of a line that is too long the first KiB is kept, and the lines around it are whole, whatever the pieces."""
    whole = b"".join(b"%d" % (length % 10) * length + b"\n" for length in lengths)
    buffer = LineBuffer(longest=2_000)
    lines = [line for at in range(0, len(whole), piece) for line in buffer.add(whole[at : at + piece])]
    offset = 0
    for length, line in zip(lengths, lines, strict=True):
        content = b"%d" % (length % 10) * length
        long = length > 2_000
        assert line == Line(offset, offset + length + 1, content[:KEPT_OF_LONG] if long else content, too_long=long)
        offset += length + 1
    assert buffer.end() == []


def test_an_endless_line_takes_no_memory() -> None:
    """A hundred megabytes without a newline: what is held stays small."""
    buffer = LineBuffer()
    piece = b"x" * (1 << 20)
    for _ in range(100):
        assert buffer.add(piece) == []
    (line,) = buffer.end()
    assert (line.content, line.end, line.too_long) == (b"x" * KEPT_OF_LONG, 100 << 20, True)

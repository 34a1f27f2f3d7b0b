"""Bytes to lines: whatever the bytes, the sizes of blocks and the looks, the lines are the same."""

from __future__ import annotations

import gzip
import io
import tempfile
from itertools import pairwise
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from atalaia.pipeline.inputs.files.contents import open_content
from atalaia.pipeline.inputs.files.fingerprints import HEAD, fingerprint, identity, line_start
from atalaia.pipeline.read_lines import read_lines
from tests.atalaia.pipeline.inputs.files.driving import Driver, Receiver, identity_by_hand, load

LINES = st.lists(
    st.binary(max_size=40).map(lambda line: line.replace(b"\n", b"").replace(b"\x1f\x8b", b"")), max_size=30
)
"""Lines of any bytes, but for those by which archives are known."""


def events_of(content: bytes, path: Path) -> list[tuple[object, object]]:
    """Return message and place of each line, read by the way of ``atalaia ingest``."""
    stream = load(path.parent, path=str(path)).feed.stream(str(path), "known")
    events = [event for line in read_lines(io.BytesIO(content)) for event in stream.read(line)[0]]
    return [(event.data["message"], event.source_id) for event in events]


@settings(max_examples=60, deadline=None)
@given(LINES, st.lists(st.integers(1, 200), max_size=6), st.integers(1, 64), st.booleans())
def test_as_if_read_at_once(lines: list[bytes], cuts: list[int], chunk: int, compressed: bool) -> None:  # noqa: FBT001
    """A file written in parts of any size, read in chunks of any size: the lines and ids that ingest finds."""
    content = b"".join(line + b"\n" for line in lines)
    with tempfile.TemporaryDirectory() as name:
        logs = Path(name) / "logs"
        logs.mkdir()
        path = logs / "app.log"
        driver = Driver(logs, Receiver(), file_chunk_size=chunk, file_chunk_count=2)
        written = 0
        for cut in [*cuts, len(content)]:
            part = content[written : written + cut]
            written += len(part)
            with path.open("ab") as file:
                file.write(gzip.compress(part) if compressed else part)
            driver.look()
        driver.watch.close()
        mine = identity_by_hand(path)
        expected = events_of(content.replace(b"\r\n", b"\n") if compressed else content, path)
    assert driver.receiver.lines == [message for message, _ in expected]
    assert len(set(driver.receiver.ids)) == len(lines)
    assert compressed or not lines or identity_of(driver) == mine


def identity_of(driver: Driver) -> str:
    """Return the one identity whose position was committed."""
    (name,) = driver.receiver.positions
    return name


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=1_200).map(lambda content: content.replace(b"\x1f\x8b", b"")))
@example(b"x" * (HEAD - 1) + b"\n")
@example(b"x" * HEAD + b"\n")
@example(b"x" * (HEAD - 1) + b"\r\n")
@example(b"\n")
@example(b"")
@example(b"a\r\r\n")
def test_identities_are_as_documented(content: bytes) -> None:
    """Whatever the first line, complete or all there is: device, inode and a digest that sha256sum gives too."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        expected = identity_by_hand(Path(file.name))
        opened = open_content(file.name)
        status = opened.status()
        first_line = fingerprint(opened.read_at(0, HEAD), whole=True)
        opened.close()
    assert first_line is not None
    assert identity((status.st_dev, status.st_ino), first_line) == expected
    assert (fingerprint(content[:HEAD]) is None) is (b"\n" not in content[:HEAD] and len(content) < HEAD)


@settings(max_examples=100, deadline=None)
@given(
    st.binary(min_size=1, max_size=3_000),
    st.lists(st.tuples(st.integers(0, 3_100), st.integers(0, 400)), min_size=1, max_size=8),
    st.lists(st.integers(0, 3_000), max_size=3),
)
def test_reading_an_archive_anywhere(content: bytes, places: list[tuple[int, int]], cuts: list[int]) -> None:
    """Forwards and backwards, across members: the bytes that were put in."""
    edges = [0, *sorted(cuts), len(content)]
    members = b"".join(gzip.compress(content[start:end]) for start, end in pairwise(edges))
    with tempfile.NamedTemporaryFile() as file:
        file.write(members)
        file.flush()
        opened = open_content(file.name)
        for offset, size in places:
            assert opened.read_at(offset, size) == content[offset : offset + size]
        assert opened.length() == len(content)
        assert opened.read_at(0, 10) == content[:10]
        assert opened.problem is None
        opened.close()


@settings(max_examples=200, deadline=None)
@given(st.text("ab\n", max_size=30), st.integers(0, 30))
def test_the_start_of_a_line(text: str, position: int) -> None:
    """The byte after the last newline before the position, as splitting shows it."""
    content = text.encode()
    position = min(position, len(content))
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        opened = open_content(file.name)
        assert line_start(opened, position, b"\n") == position - len(content[:position].split(b"\n")[-1])
        opened.close()


def test_a_delimiter_of_several_bytes(tmp_path: Path) -> None:
    """Lines end with it and with nothing else, wherever blocks are cut."""
    logs = tmp_path / "logs"
    logs.mkdir()
    (logs / "app.log").write_bytes(b"one\ntwo--three-four--five")
    driver = Driver(logs, Receiver(), delimiter="--", file_chunk_size=1, file_chunk_count=1)
    driver.look()
    driver.watch.close()
    assert driver.receiver.lines == ["one\ntwo", "three-four"]


def test_arrivals_are_bounded(tmp_path: Path) -> None:
    """No arrival has more than five hundred lines or much more than 256 KiB; positions follow each other."""
    logs = tmp_path / "logs"
    logs.mkdir()
    (logs / "app.log").write_bytes(b"".join(b"%d %s\n" % (n, b"x" * (n % 2_000)) for n in range(3_000)))
    receiver = Receiver(at_once=False)
    driver = Driver(logs, receiver)
    driver.look()
    driver.watch.close()
    sizes = [sum(len(str(event.data["message"])) for event in arrival.events) for arrival in receiver.waiting]
    assert max(len(arrival.events) for arrival in receiver.waiting) == 500
    assert max(sizes) <= 256 << 10
    ends = [arrival.positions[0].offset for arrival in receiver.waiting]
    assert ends == sorted(set(ends))
    assert ends[-1] == (logs / "app.log").stat().st_size

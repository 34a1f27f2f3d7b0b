"""The parts of a shipper: batches, event ids, the hold, pauses, the options of a destination."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atalaia.pipeline.inputs.running import Arrival
from atalaia.ship.backoff import backoff
from atalaia.ship.batches import chunks, with_event_id
from atalaia.ship.blocks import Block, Entry
from atalaia.ship.destination import Wishes, destination
from atalaia.ship.errors import ShipError
from atalaia.ship.hold import Hold, NoRoomError
from tests.atalaia.pipeline.inputs.certificates import PASSPHRASE


def entry(content: bytes, offset: int = 7) -> Entry:
    """Return a line of a source that is known as ``src``."""
    return Entry(content, offset, Block({}, identity="src"))


@given(st.lists(st.binary(max_size=40)), st.integers(1, 8), st.integers(1, 60))
def test_chunks_are_all_lines_within_bounds(lines: list[bytes], most_lines: int, most_bytes: int) -> None:
    """Together the batches are the lines, in order; each keeps its bounds, and the next line would not have fitted."""
    made = list(chunks([entry(line) for line in lines], most_lines, most_bytes))
    assert [each.content for chunk in made for each in chunk] == lines
    sizes = [[len(each.content) + 1 for each in chunk] for chunk in made]
    for chunk in sizes:
        assert len(chunk) <= most_lines
        assert len(chunk) == 1 or sum(chunk) <= most_bytes
    for chunk, following in pairwise(sizes):
        assert len(chunk) == most_lines or sum(chunk) + following[0] > most_bytes


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=8) | st.just("event_id"), json_values), st.sampled_from(["", " ", "\t\r"]))
def test_an_object_without_an_event_id_gets_one_and_keeps_the_rest(record: dict[str, object], end: str) -> None:
    """Read as JSON, the line has the id of its file and place where it had none, and is unchanged otherwise."""
    line = (json.dumps(record) + end).encode()
    made = with_event_id(entry(line)).content
    if record.get("event_id"):
        assert made == line
    else:
        assert json.loads(made) == {**record, "event_id": "src:7"}


@pytest.mark.parametrize("line", [b"", b"text", b"[1]", b'"a"', b"{", b'{"a":1', b"1", b"\xff{}"])
def test_what_is_no_object_is_left_alone(line: bytes) -> None:
    """Anything but a JSON object is delivered as it is."""
    assert with_event_id(entry(line)).content == line


def test_the_hold_is_bounded_and_gives_out_in_order() -> None:
    """Beyond its bound nothing is taken until something is done; a single arrival that is larger is taken."""
    arrivals = [Arrival([Block({}, lines=[b"x"] * 3)], 40) for _ in range(3)]
    hold = Hold(100)
    hold.put(arrivals[0])
    hold.put(arrivals[1])
    with pytest.raises(NoRoomError):
        hold.put(arrivals[2])
    assert hold.take(5, 1_000, 0) == [arrivals[0]]  # a second has three lines more than the five
    with pytest.raises(NoRoomError):
        hold.put(arrivals[2])
    hold.done([arrivals[0]])
    hold.put(arrivals[2])
    assert hold.take(6, 1_000, 0) == arrivals[1:]
    hold.done(arrivals[1:])
    hold.put(Arrival([], 1_000))
    hold.close()
    assert len(hold.take(1, 1, 0) or ()) == 1
    assert hold.take(1, 1, 0) is None


def test_pauses_double_up_to_a_minute() -> None:
    """Half a second, doubled with each attempt, less up to half of it; never more than a minute, however many."""
    for attempt, longest in ((1, 0.5), (2, 1), (3, 2), (7, 32), (8, 60), (1_000_000, 60)):
        pauses = {backoff(attempt) for _ in range(50)}
        assert all(longest / 2 <= pause <= longest for pause in pauses)
        assert len(pauses) > 1


@pytest.mark.parametrize(
    ("wishes", "said"),
    [
        (Wishes("logs.example.org"), "names no receiver"),
        (Wishes("ftp://logs.example.org/"), "begin it with http://, https://, tcp://, tls://"),
        (Wishes("https:///path"), "names no receiver"),
        (Wishes("http://host:99999/"), "cannot be read"),
        (Wishes("https://me:secret@host:80x/"), "--to 'https://…@host:80x/' cannot be read"),
        (Wishes("https://me:sec/secret@host/"), "cannot be read"),
        (Wishes("ftp://me:secret@host/"), "--to 'ftp://…@host/' names no receiver"),
        (Wishes("tcp://host"), "has no port; write tcp://host:PORT"),
        (Wishes("tls://host:1/path"), "has a path"),
        (Wishes("https://me:secret@host/"), "--to has a user in it"),
        (Wishes("tcp://host:1", user="me", password=PASSPHRASE), "--user has no effect with tcp://"),
        (Wishes("tls://host:1", compress=True), "--compress has no effect with tls://"),
        (Wishes("http://host/", ca=Path("ca.pem")), "--ca has no effect with http://"),
        (Wishes("http://host/", user="me"), "--user needs --password too"),
        (Wishes("http://host/", password=PASSPHRASE), "--password needs --user too"),
        (Wishes("http://host/", headers=("Authorization secret",)), "--header has no colon; write it as NAME: VALUE"),
        (Wishes("http://host/", headers=("A: b\r\nC: d",)), "is no value of a header"),
        (Wishes("http://host/", headers=("Content-Length: 1",)), "Content-Length is set as the message needs it"),
        (Wishes("https://host/", ca=Path("/nowhere.pem")), "--ca: /nowhere.pem cannot be read"),
        (Wishes("https://host/", key=Path("/nowhere.pem")), "--key: it needs --cert too"),
    ],
)
def test_a_destination_that_cannot_be_is_refused(wishes: Wishes, said: str) -> None:
    """What is wrong, or has no effect, is refused in words that name the option; a secret is in none of them."""
    with pytest.raises(ShipError) as refused:
        destination(wishes)
    assert said in str(refused.value)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("to", "where"),
    [
        ("http://Host/a?b=c", "http://host:80"),
        ("https://host/", "https://host:443"),
        ("tcp://[::1]:5000", "tcp://[::1]:5000"),
        ("tls://10.0.0.1:5000/", "tls://10.0.0.1:5000"),
    ],
)
def test_a_destination_is_shown_without_its_path(to: str, where: str) -> None:
    """Scheme, host and port are what messages show; the path may have a token in it."""
    assert destination(Wishes(to)).where == where

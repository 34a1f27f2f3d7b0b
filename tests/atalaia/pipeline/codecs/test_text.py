"""The codecs plain and line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atalaia.pipeline.codecs.base import TooLongError
from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.errors import ConfigurationError
from atalaia.pipeline.event import Event
from tests.atalaia.pipeline.codecs.coding import NOW, codec, decoded, fields

LINES = st.lists(st.binary(max_size=20).filter(lambda line: b"\n" not in line), max_size=5)


@pytest.mark.parametrize("name", ["plain", "line"])
@given(lines=LINES)
def test_each_line_is_an_event(name: str, lines: list[bytes]) -> None:
    """In order, an empty one too, and none is held back."""
    events = decoded(codec(name), *lines)
    assert len(events) == len(lines)
    assert [event.original for event in events] == [event.data["message"] for event in events]
    assert not codec(name).decoder().holds


def test_ecs_keeps_the_original() -> None:
    """The codec's own setting comes before the pipeline's."""
    (event,) = decoded(codec("plain", ecs=EcsCompatibility.V8), b"x")
    assert fields(event) == {"message": "x", "event": {"original": "x"}}
    (event,) = decoded(codec("plain { ecs_compatibility => disabled }", ecs=EcsCompatibility.V8), b"x")
    assert fields(event) == {"message": "x"}


def test_the_charset_is_that_of_the_source() -> None:
    """Bytes are read in it; what is no UTF-8 by default is escaped."""
    assert fields(*decoded(codec('plain { charset => "ISO-8859-1" }'), b"caf\xe9")) == {"message": "café"}
    assert fields(*decoded(codec('line { charset => "CP1252" }'), b"5 \x80")) == {"message": "5 €"}
    assert fields(*decoded(codec("plain"), b"caf\xe9")) == {"message": "caf\\xE9"}


@given(st.lists(st.text("ab\n", max_size=4), min_size=1, max_size=6))
def test_another_delimiter_cuts_the_stream_anew(texts: list[str]) -> None:
    """Whatever lines it came in: what stood between delimiters are the messages, but an empty rest is none."""
    stream = "|".join(texts)
    lines = [line.encode() for line in stream.split("\n")]
    messages = [event.data["message"] for event in decoded(codec('line { delimiter => "|" }'), *lines)]
    assert messages == (texts if texts[-1] else texts[:-1])


def test_a_delimiter_that_never_comes_is_given_up() -> None:
    """After a mebibyte what waited is handed back with the error, and the stream goes on."""
    decoder = codec('line { delimiter => "|" }').decoder()
    assert decoder.decode(b"x" * 600_000, NOW) == []
    with pytest.raises(TooLongError, match="no end within 1,048,576 bytes") as caught:
        decoder.decode(b"y" * 600_000, NOW)
    assert caught.value.content == b"x" * 600_000 + b"\n" + b"y" * 600_000 + b"\n"
    assert [event.data["message"] for event in decoder.decode(b"z|", NOW)] == ["z"]


def test_an_event_is_written_by_the_format_or_as_logstash_prints_events() -> None:
    """Time, host and message; a host that is an object prints as a Java map, in the order of its hash table."""
    event = Event.create({"message": "m", "host": {"name": "box", "ip": ["::1", None], "os": {"v": 1.0}}}, NOW)
    line = "2026-03-14T09:26:53.589Z {os={v=1.0}, ip=[::1, null], name=box} m"
    assert codec("plain").encode(event) == line
    assert codec("line").encode(event) == f"{line}\n"
    assert codec('line { format => "%{[host][name]}" delimiter => ";" }').encode(event) == "box;"
    assert codec('plain { format => "%{[host][name]}" }').encode(event) == "box"
    assert codec("line").encode(Event({"host": "h"})) == "h %{message}\n"


REFUSED = [
    ('plain { charset => "latin1" }', "there is no charset 'latin1'"),
    ('plain { charset => "UTF-16" }', "UTF-16 is not supported"),
    ('plain { delimiter => "|" }', "plain has no option 'delimiter'"),
    ('line { delimiter => "" }', "delimiter.*it is empty"),
]


@pytest.mark.parametrize(("text", "message"), REFUSED)
def test_what_is_refused_at_load(text: str, message: str) -> None:
    """The codec and the option are named."""
    with pytest.raises(ConfigurationError, match=message):
        codec(text)

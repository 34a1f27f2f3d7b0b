"""The codecs json and json_lines."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atalaia.pipeline.codecs.base import TooLongError
from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.errors import ConfigurationError
from atalaia.pipeline.event import Event
from tests.atalaia.pipeline.codecs.coding import NOW, codec, decoded, fields
from tests.atalaia.pipeline.corpus import Json

KEYS = st.text("abc", min_size=1, max_size=3)
VALUES: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text("aé€\n"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=5,
)
OBJECTS = st.dictionaries(KEYS, VALUES, max_size=3)


@pytest.mark.parametrize("name", ["json", "json_lines"])
@given(objects=st.lists(OBJECTS, max_size=3))
def test_what_is_written_is_read_back(name: str, objects: list[dict[str, Json]]) -> None:
    """Events survive their own text."""
    loaded = codec(name)
    for given_fields in objects:
        line = loaded.encode(Event.create(json.loads(json.dumps(given_fields)), NOW))
        (event,) = decoded(loaded, line.removesuffix("\n").encode())
        assert fields(event) == given_fields


@given(st.lists(OBJECTS, min_size=2, max_size=4))
def test_an_array_is_several_events(objects: list[dict[str, Json]]) -> None:
    """Each remembers the whole line; none of them has an original of its own in ECS."""
    line = json.dumps(objects)
    events = decoded(codec("json", ecs=EcsCompatibility.V8), line.encode())
    assert [fields(event) for event in events] == objects
    assert {event.original for event in events} == {line}


LINES: list[tuple[bytes, list[Json]]] = [
    (b"", []),
    (b" \t\r", []),
    ("\u2003".encode(), []),
    ("\xa0".encode(), [{"message": "\xa0", "tags": ["_jsonparsefailure"]}]),
    (b"[]", []),
    (b"{", [{"message": "{", "tags": ["_jsonparsefailure"]}]),
    (b"5", [{"message": "5", "tags": ["_jsonparsefailure"]}]),
    (b'[{"a":1},2]', [{"message": '[{"a":1},2]', "tags": ["_jsonparsefailure"]}]),
    (b'{"a":"\xe9"}', [{"message": '{\\"a\\":\\"\\xE9\\"}', "tags": ["_jsonparsefailure"]}]),
]


@pytest.mark.parametrize(("line", "expected"), LINES)
def test_lines(line: bytes, expected: list[Json]) -> None:
    """A blank line is no event, be it blank to Java; what is neither object nor array of objects is a failure."""
    assert [fields(event) for event in decoded(codec("json"), line)] == expected


def test_ecs_keeps_the_original_of_single_events() -> None:
    """Unless the event has one; a failure keeps its, too. Null gives way."""
    loaded = codec("json_lines", ecs=EcsCompatibility.V8)
    assert fields(*decoded(loaded, b'{"a":1}')) == {"a": 1, "event": {"original": '{"a":1}'}}
    assert fields(*decoded(loaded, b'{"event":{"original":0}}')) == {"event": {"original": 0}}
    assert fields(*decoded(loaded, b'{"event":null}')) == {"event": {"original": '{"event":null}'}}
    assert fields(*decoded(loaded, b"{")) == {"message": "{", "tags": ["_jsonparsefailure"], "event": {"original": "{"}}


@pytest.mark.parametrize("value", ['"login"', "0", "false", "[]", '[{"original":1}]'])
def test_an_event_that_cannot_take_its_original_is_a_failure(value: str) -> None:
    """As in Logstash since version 8 (elastic/logstash issue 15167); without ECS it is an event like others."""
    line = f'{{"event":{value}}}'
    failed = {"message": line, "tags": ["_jsonparsefailure"], "event": {"original": line}}
    assert fields(*decoded(codec("json", ecs=EcsCompatibility.V8), line.encode())) == failed
    assert fields(*decoded(codec("json"), line.encode())) == {"event": json.loads(value)}


@pytest.mark.parametrize("target", ["tags", "@timestamp", "[tags][x]"])
def test_a_target_that_cannot_take_an_object_fails_every_line(target: str) -> None:
    """Nothing is lost: the line stands in ``message``."""
    (event,) = decoded(codec(f'json {{ target => "{target}" }}'), b'{"a":1}')
    assert fields(event) == {"message": '{"a":1}', "tags": ["_jsonparsefailure"]}


def test_the_target_takes_the_whole_object() -> None:
    """Its time and tags, too, which are then fields like others."""
    line = b'{"@timestamp":"2000-01-01T00:00:00Z","tags":5}'
    expected = {"doc": {"in": {"@timestamp": "2000-01-01T00:00:00Z", "tags": 5}}}
    assert fields(*decoded(codec('json { target => "[doc][in]" }'), line)) == expected


def test_the_charset_is_that_of_the_source() -> None:
    """JSON in another encoding, as some sources emit it."""
    assert fields(*decoded(codec('json { charset => "CP1252" }'), b'{"a":"\x80"}')) == {"a": "€"}


def test_another_delimiter() -> None:
    """Documents may span lines, and share them; it is written after each, too."""
    loaded = codec('json_lines { delimiter => ";" }')
    events = decoded(loaded, b'{"a":', b'1};{"b":2};', b' {"c":3}')
    assert [fields(event) for event in events] == [{"a": 1}, {"b": 2}, {"c": 3}]
    assert loaded.encode(Event({"a": 1})) == '{"a":1};'


def test_documents_beyond_the_limit_are_errors() -> None:
    """The limit counts bytes."""
    decoder = codec("json_lines { decode_size_limit_bytes => 8 }").decoder()
    assert len(decoder.decode('{"é":1}'.encode(), NOW)) == 1
    with pytest.raises(TooLongError, match="within 8 bytes"):
        decoder.decode(b'{"abc":1}', NOW)
    decoder = codec('json_lines { decode_size_limit_bytes => 8 delimiter => ";" }').decoder()
    with pytest.raises(TooLongError) as caught:
        decoder.decode(b'{"a":1};{"abc":1};{"b"', NOW)
    assert caught.value.content == b'{"a":1};{"abc":1}'
    assert [fields(event) for event in decoder.decode(b":1};", NOW)] == [{"b": 1}]


REFUSED = [
    ('json { target => "[a" }', "target.*not a field reference"),
    ('json { delimiter => "|" }', "json has no option 'delimiter'"),
    ("json_lines { decode_size_limit_bytes => 0 }", "decode_size_limit_bytes.*greater than 0"),
    ('json_lines { delimiter => "" }', "delimiter.*it is empty"),
    ('json { charset => "UTF-7" }', "UTF-7 is not supported"),
]


@pytest.mark.parametrize(("text", "message"), REFUSED)
def test_what_is_refused_at_load(text: str, message: str) -> None:
    """The codec and the option are named."""
    with pytest.raises(ConfigurationError, match=message):
        codec(text)

"""Streams of lines: ids that do not change, and positions that lose nothing of what waits in a codec."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from atalaia.pipeline.config.parse import parse_configuration
from atalaia.pipeline.context import PipelineContext
from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.inputs.feed import Feed, Stream
from atalaia.pipeline.pipeline import compile_pipeline
from atalaia.pipeline.read_lines import Line

NOW = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)
JOINING = r'multiline { pattern => "^\+" what => "previous" }'


def feed(codec: str) -> Feed:
    """Return the feed of an input with a codec."""
    context = PipelineContext("main", EcsCompatibility.V8, lambda: NOW, Path("/"))
    text = f'input {{ file {{ path => "/x" codec => {codec} }} }}'
    return compile_pipeline(parse_configuration(text, "t.conf"), context, {}).inputs[0].feed


def lines_of(texts: list[bytes], offset: int = 0) -> list[Line]:
    """Return lines as they are read from a file."""
    lines = []
    for text in texts:
        lines.append(Line(offset, offset + len(text) + 1, text))
        offset = lines[-1].end
    return lines


def read(stream: Stream, lines: list[Line]) -> list[tuple[str | None, str | None]]:
    """Return id and text of every event, the end of the stream included."""
    events = [event for line in lines for event in stream.read(line)[0]]
    events += stream.flush()[0]
    return [(event.source_id, event.original) for event in events]


TEXTS = st.lists(st.sampled_from([b"a", b"bb", b"+c", b"+dd"]), max_size=10)


@settings(deadline=None)
@given(texts=TEXTS, stop=st.integers(0, 10))
def test_reading_again_from_where_it_is_safe_gives_the_same_ids(texts: list[bytes], stop: int) -> None:
    """Wherever reading stops: the events up to there, and those from the position on, are all of them, none new."""
    lines, joining = lines_of(texts), feed(JOINING)
    whole = read(joining.stream("/x", "id"), lines)
    first = joining.stream("/x", "id")
    before = [event for line in lines[:stop] for event in first.read(line)[0]]
    done = lines[:stop][-1].end if lines[:stop] else 0
    position = done if first.held_from is None else first.held_from
    after = read(joining.stream("/x", "id"), [line for line in lines if line.offset >= position])
    assert [(event.source_id, event.original) for event in before] + after == whole
    assert len(dict(whole)) == len(whole)


def test_events_of_one_line_have_ids_of_their_own() -> None:
    """Each element of an array; the first has the id a lone event would have."""
    (line,) = lines_of([b'[{"a":1},{"a":2},{"a":3}]'])
    ids = [event.source_id for event in feed("json").stream("/x", "id").read(line)[0]]
    (alone,), _ = feed("json").stream("/x", "id").read(Line(0, 8, b'{"a":1}'))
    assert len(set(ids)) == 3
    assert ids[0] == alone.source_id


def test_without_an_identity_there_is_no_id() -> None:
    """A connection's events are new each time."""
    (line,) = lines_of([b"x"])
    assert [event.source_id for event in feed("plain").stream().read(line)[0]] == [None]


def test_only_what_waits_is_held() -> None:
    """A stream of whole lines can be left after each of them; the interval is the codec's."""
    plain, joining = feed("plain").stream(), feed(f"{JOINING[:-1]} auto_flush_interval => 3 }}").stream()
    first, second = lines_of([b"a", b"b"])
    plain.read(first)
    assert (plain.held_from, plain.flush_after, plain.flush()) == (None, None, ([], []))
    joining.read(first)
    assert (joining.held_from, joining.flush_after) == (0, 3)
    joining.read(second)
    assert joining.held_from == second.offset
    joining.flush()
    assert joining.held_from is None


def test_a_line_that_is_too_long_is_a_dead_letter_and_leaves_the_rest() -> None:
    """What waits in the codec goes on waiting."""
    stream = feed(JOINING).stream("/x", "id")
    first, second = lines_of([b"a", b"+b"])
    stream.read(first)
    events, (letter,) = stream.read(Line(2, 4_000_000, b"xxx", too_long=True))
    assert (events, letter.event, letter.reason) == ([], {"message": "xxx"}, "the line is longer than 1,048,576 bytes")
    stream.read(second)
    ((event,), _) = stream.flush()
    assert event.original == "a\n+b"


def test_many_lines_are_read_as_one_by_one() -> None:
    """With the ends of Windows a carriage return belongs to the end, and only the last one."""
    lines = lines_of([b"a\r", b"+b\r\r", b"c"])
    stream = feed(JOINING).stream("/x", "id")
    events, letters = stream.read_many(
        [line.content for line in lines], [line.offset for line in lines], windows_ends=True
    )
    assert ([event.original for event in events], letters, stream.held_from) == (["a\n+b\r"], [], lines[2].offset)
    whole = read(feed(JOINING).stream("/x", "id"), lines)
    assert [event.source_id for event in events] == [whole[0][0]]


def limited_stream() -> Stream:
    """Return a stream of documents of twelve bytes at most, ended by semicolons."""
    codec = 'json_lines { delimiter => ";" decode_size_limit_bytes => 12 }'
    context = PipelineContext("main", EcsCompatibility.V8, lambda: NOW, Path("/"))
    text = f"input {{ stdin {{ codec => {codec} }} }}"
    return compile_pipeline(parse_configuration(text, "t.conf"), context, {}).inputs[0].feed.stream("/x", "id")


def test_a_document_that_does_not_end_is_a_dead_letter_of_all_that_waited() -> None:
    """Its id is that of where it begins; the stream goes on."""
    stream = limited_stream()
    first, second, third = lines_of([b'{"a":"', b"xxxxxx", b'{"a":1};'])
    stream.read(first)
    _, (letter,) = stream.read(second)
    assert (letter.event, letter.plugin) == ({"message": '{"a":"\nxxxxxx\n'}, "json_lines")
    assert (letter.source_id, stream.held_from) == (feed("plain").stream("/x", "id").read(first)[0][0].source_id, None)
    assert [event.data["a"] for event in stream.read(third)[0]] == [1]


def test_what_begins_after_a_document_that_is_too_long_waits_for_its_end() -> None:
    """It is held, so that no position beyond its line is kept, and has an id of its own."""
    stream = limited_stream()
    first, second = lines_of([b'{"a":"xxxxxx"};{"b"', b":1};"])
    _, (letter,) = stream.read(first)
    assert (letter.event, stream.held_from) == ({"message": '{"a":"xxxxxx"}'}, 0)
    (event,), _ = stream.read(second)
    assert event.data["b"] == 1
    assert event.source_id != letter.source_id

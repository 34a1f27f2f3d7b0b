"""The codec multiline. Expected events are worked by hand from its documentation, source and own examples."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atalaia.pipeline.codecs.base import Codec
from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.errors import ConfigurationError
from atalaia.pipeline.timestamp import Timestamp
from tests.atalaia.pipeline.codecs.coding import NOW, codec, decoded, fields

INDENTED = r'multiline { pattern => "^\s" what => "previous" }'


def messages(loaded: Codec, *lines: str) -> list[str]:
    """Return the messages of a stream of lines."""
    return [str(event.data["message"]) for event in decoded(loaded, *(line.encode() for line in lines))]


def test_indented_lines_belong_to_the_one_before() -> None:
    """The documentation's example; only an event of several lines is tagged."""
    events = decoded(codec(INDENTED), b"hello world", b"   second line", b"another first line")
    assert [fields(event) for event in events] == [
        {"message": "hello world\n   second line", "tags": ["multiline"]},
        {"message": "another first line"},
    ]
    assert [event.original for event in events] == ["hello world\n   second line", "another first line"]


def test_a_backslash_at_the_end_joins_the_next_line() -> None:
    """The documentation's example of C."""
    loaded = codec(r'multiline { pattern => "\\$" what => "next" multiline_tag => "" }')
    events = decoded(loaded, b"a \\", b"b \\", b"c", b"d", b"e \\")
    assert [fields(event) for event in events] == [{"message": "a \\\nb \\\nc"}, {"message": "d"}, {"message": "e \\"}]


def test_negated_grok_pattern() -> None:
    """The documentation's example: what does not begin with a time belongs to the line before."""
    loaded = codec('multiline { pattern => "^%{TIMESTAMP_ISO8601} " negate => true what => "previous" }')
    lines = ("2026-03-14 09:26:53 one", "at x", "2026-03-14 09:26:54 two")
    assert messages(loaded, *lines) == ["2026-03-14 09:26:53 one\nat x", "2026-03-14 09:26:54 two"]


LINES = st.lists(st.sampled_from(["a", "b", "+c", "+d"]), max_size=12)


@given(lines=LINES, negate=st.booleans())
def test_previous(lines: list[str], negate: bool) -> None:  # noqa: FBT001 - drawn by Hypothesis
    """An event begins at the first line and at each that does not join; together they are all lines."""
    starts = [index for index, line in enumerate(lines) if index == 0 or line.startswith("+") is negate]
    groups = (
        ["\n".join(lines[start:end]) for start, end in zip(starts, [*starts[1:], None], strict=True)] if lines else []
    )
    setting = str(negate).lower()
    loaded = codec(rf'multiline {{ pattern => "^\+" negate => {setting} what => "previous" }}')
    assert messages(loaded, *lines) == groups


@given(lines=LINES, negate=st.booleans())
def test_next(lines: list[str], negate: bool) -> None:  # noqa: FBT001 - drawn by Hypothesis
    """An event ends at each line that does not join, and at the end of the stream."""
    ends = [0]
    for line in lines:
        ends.append(ends[-1] + (line.startswith("+") is negate))
    groups = [
        "\n".join(line for _, line in group) for _, group in groupby(zip(ends, lines, strict=False), lambda p: p[0])
    ]
    setting = str(negate).lower()
    loaded = codec(rf'multiline {{ pattern => "^\+" negate => {setting} what => "next" }}')
    assert messages(loaded, *lines) == groups


def test_limits_cut_events_off() -> None:
    """Before a line is added an event may have one line more than ``max_lines``; bytes count without line ends."""
    loaded = codec('multiline { pattern => "^-" what => "previous" max_lines => 2 }')
    events = decoded(loaded, b"a", b"-b", b"-c", b"-d", b"-e")
    assert [fields(event) for event in events] == [
        {"message": "a\n-b\n-c", "tags": ["multiline", "multiline_codec_max_lines_reached"]},
        {"message": "-d\n-e", "tags": ["multiline"]},
    ]
    loaded = codec('multiline { pattern => "^-" what => "next" max_bytes => "6 B" }')
    events = decoded(loaded, "-é".encode(), b"-bc", b"-d")
    assert [fields(event) for event in events] == [
        {"message": "-é\n-bc", "tags": ["multiline", "multiline_codec_max_bytes_reached"]},
        {"message": "-d"},
    ]


SIZES = [("2 B", 2), ("3b", 3), ("1kb", 1_000), ("1 KiB", 1_024), ("1.5kB", 1_500), ('"7"', 7), ("5", 5)]


@pytest.mark.parametrize(("size", "expected"), SIZES)
def test_sizes(size: str, expected: int) -> None:
    """Decimal and binary units in any case, as Ruby's ``filesize`` reads them: the event is full at that size."""
    written = size if size.startswith('"') or size.isdigit() else f'"{size}"'
    loaded = codec(f'multiline {{ pattern => "x" what => "next" max_bytes => {written} }}')
    decoder = loaded.decoder()
    assert decoder.decode(b"x" * (expected - 1), NOW) == []
    (event,) = decoder.decode(b"x", NOW)
    assert "multiline_codec_max_bytes_reached" in str(event.data["tags"])


def test_blank_lines() -> None:
    """Lost where lines come one by one; kept between others where a stream comes, but not at its end."""
    lines = ("a", "", " b", "", "", "c", "", "")
    assert messages(codec(INDENTED, linewise=True), *lines) == ["a\n b", "c"]
    assert messages(codec(INDENTED), *lines) == ["a", "\n b", "", "", "c"]


def test_streams_do_not_mix() -> None:
    """Each decoder joins the lines of its own stream."""
    loaded = codec(INDENTED)
    one, two = loaded.decoder(), loaded.decoder()
    assert [*one.decode(b"a", NOW), *two.decode(b"x", NOW), *one.decode(b" b", NOW), *two.decode(b" y", NOW)] == []
    (first,) = one.flush(NOW)
    (second,) = two.flush(NOW)
    assert (first.data["message"], second.data["message"]) == ("a\n b", "x\n y")
    assert (one.holds, two.flush(NOW)) == (False, [])


def test_an_event_has_the_instant_at_which_it_is_complete() -> None:
    """Not that of its first line."""
    decoder = codec(INDENTED).decoder()
    later = Timestamp.parse("2026-03-14T10:00:00Z")
    decoder.decode(b"a", NOW)
    (event,) = decoder.decode(b"b", later)
    assert event.timestamp == later


def test_ecs_charset_and_interval() -> None:
    """The original is the joined text, bytes are read in the charset, and the interval is the input's to keep."""
    loaded = codec(
        r'multiline { pattern => "^\s" what => previous charset => "ISO-8859-1" auto_flush_interval => 2 }',
        ecs=EcsCompatibility.V8,
    )
    (event,) = decoded(loaded, b"caf\xe9", b" b")
    assert fields(event) == {"message": "café\n b", "event": {"original": "café\n b"}, "tags": ["multiline"]}
    assert (loaded.auto_flush_interval, codec(INDENTED).auto_flush_interval) == (2, None)


def test_patterns_of_ones_own(tmp_path: Path) -> None:
    """Files of a folder beside the pipeline define names."""
    (tmp_path / "patterns").mkdir()
    (tmp_path / "patterns" / "mine").write_text("BEGIN >>\n", encoding="utf-8")
    text = 'multiline { pattern => "^%{BEGIN}" negate => true what => previous patterns_dir => "patterns" }'
    assert messages(codec(text, directory=tmp_path), ">> a", "b", ">> c") == [">> a\nb", ">> c"]


def test_it_writes_events_as_logstash_prints_them() -> None:
    """Its encoding hands over the event itself."""
    (event,) = decoded(codec(INDENTED), b"m")
    assert codec(INDENTED).encode(event) == "2026-03-14T09:26:53.589Z %{host} m"


REFUSED = [
    ('multiline { what => "next" }', "multiline needs the option 'pattern'"),
    ('multiline { pattern => "x" }', "multiline needs the option 'what'"),
    ('multiline { pattern => "x" what => "both" }', "what.*'previous' or 'next'"),
    ('multiline { pattern => "(" what => "next" }', "pattern.*closing parenthesis"),
    ('multiline { pattern => "%{NO_SUCH}" what => "next" }', "pattern.*not defined"),
    ('multiline { pattern => "x" what => "next" patterns_dir => "/no/such" }', "patterns_dir.*no pattern file"),
    ('multiline { pattern => "x" what => "next" max_bytes => "ten" }', "max_bytes.*expected a size"),
    ('multiline { pattern => "x" what => "next" auto_flush_interval => 0 }', "auto_flush_interval.*greater than 0"),
]


@pytest.mark.parametrize(("text", "message"), REFUSED)
def test_what_is_refused_at_load(text: str, message: str) -> None:
    """The codec and the option are named."""
    with pytest.raises(ConfigurationError, match=message):
        codec(text)

"""Bytes to text. Expected texts were printed by JRuby 10.0.6.0, the Ruby of Logstash 9.5."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atalaia.pipeline.charset import decode_line, decoding
from atalaia.pipeline.charset_names import ENCODINGS, REFUSED
from atalaia.pipeline.java import ruby_inspect
from atalaia.pipeline.options import OptionError

ESCAPED = [
    (b"\xff\x7f\xc2\x85\x07\x08\x00", "\\xFF\\u007F\x85\\a\\b\\u0000"),
    (b"\xe6\x97 \xf0\x9f\x98z \xc3", "\\xE6\\x97 \\xF0\\x9F\\x98z \\xC3"),
    (b'#{x}#$y#@z#q"\\\xff', '\\#{x}\\#$y\\#@z#q\\"\\\\\\xFF'),
    ("\u200b\u2028\U0010ffff".encode() + b"\xc0\x80", "\u200b\\u2028\\u{10FFFF}\\xC0\\x80"),
    (b"\xed\xa0\x80\t\n\v\f\r\x1b", "\\xED\\xA0\\x80\\t\\n\\v\\f\\r\\e"),
]


@pytest.mark.parametrize(("content", "expected"), ESCAPED)
def test_text_that_is_no_utf8_is_escaped_as_a_whole(content: bytes, expected: str) -> None:
    """As Ruby's ``inspect`` without its quotes."""
    assert decode_line(content) == expected


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_utf8_is_itself(text: str) -> None:
    """Nothing is escaped in text that is UTF-8."""
    assert decode_line(text.encode()) == text


@given(st.text(st.characters(codec="ascii")))
def test_inspect_says_what_the_text_is(text: str) -> None:
    """What stands in quotes is the text's own literal: Python reads it back, but for the signs only Ruby escapes."""
    literal = ruby_inspect(text).replace("\\e", "\\x1b")
    for sign in "{$@":
        literal = literal.replace(f"\\#{sign}", f"#{sign}")
    assert "\\#" in ruby_inspect(text) or eval(literal) == text  # noqa: S307 - a literal of our own


DECODED = [
    ("ISO-8859-1", b"\xe9\x80", "é\x80"),
    ("CP1252", b"\x80\x81", "€\ufffd"),
    ("KOI8-R", b"\xcd\xc9\xd2", "мир"),
    ("Shift_JIS", b"\x82\xa0\x81\x5c", "あ—"),
    ("Windows-31J", b"\x82\xa0\x80\xa0\xfd", "あ\ufffd\ufffd\ufffd"),
    ("EUC-JP", b"\xa4\xa2\xa1\xbd", "あ—"),
    ("GBK", b"\xc4\xe3\x80", "你€"),
    ("GB2312", b"\xc4\xe3\xa1\xa4\xa1\xaa", "你·—"),
    ("IBM864", b"%\x9f\xa7", "%\ufe73€"),
    ("Windows-1255", b"\xe0\xca", "א\u05ba"),
    ("macRoman", b"\x8a\xbd\xdb\xf0", "ä\u2126¤\ufffd"),
    ("TIS-620", b"\xa1\x80", "ก\ufffd"),
    ("BINARY", b"a\xe9", "a\ufffd"),
    ("UTF-16BE", b"\x00a\xd8\x3d\xde\x00", "a😀"),
    ("CP65001", b"\xff", "\\xFF"),
]


@pytest.mark.parametrize(("charset", "content", "expected"), DECODED)
def test_charsets(charset: str, content: bytes, expected: str) -> None:
    """Bytes mean what Ruby takes them for; ``U+FFFD`` is a byte without meaning."""
    assert decoding(charset)(content) == expected


@given(st.sampled_from(sorted(ENCODINGS)), st.binary(max_size=8))
def test_any_bytes_become_text_that_can_be_written(charset: str, content: bytes) -> None:
    """No charset fails on any bytes, and what it gives is whole characters."""
    decoding(charset)(content).encode("utf-8")


@pytest.mark.parametrize("charset", sorted(REFUSED))
def test_what_logstash_has_and_we_have_not_is_refused_as_unsupported(charset: str) -> None:
    """The two lists do not overlap, and every name on this one is refused as such."""
    assert charset not in ENCODINGS
    with pytest.raises(OptionError, match=r"charset: .* is not supported") as caught:
        decoding(charset)
    assert caught.value.unsupported

"""From the body of a request to events. Source: logstash-input-http 4, ``decode_body``."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from atalaia.pipeline.event import Event
from atalaia.pipeline.http_server.request import DescribeRequest, Request
from atalaia.pipeline.inputs.feed import Feed
from atalaia.pipeline.network.packing import Read
from atalaia.pipeline.read_lines import Line

_WHOLE: Final = frozenset({"plain", "json"})
"""Codecs that take a body as one document; the others take it line by line."""
_NAMES: Final = (
    "utf-8 utf-16 utf-16-be utf-16-le utf-32 ascii koi8-r koi8-u "
    "iso-8859-1 iso-8859-2 iso-8859-3 iso-8859-4 iso-8859-5 iso-8859-6 iso-8859-7 iso-8859-8 iso-8859-9 iso-8859-10 "
    "iso-8859-13 iso-8859-14 iso-8859-15 iso-8859-16 "
    "cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 "
    "big5 gb2312 gbk gb18030 shift_jis euc-jp euc-kr iso-2022-jp"
)
_CHARSETS: Final = frozenset(codecs.lookup(name).name for name in _NAMES.split())
"""Charsets a request may name; Python knows more, some of which are no charsets."""


@dataclass(frozen=True, slots=True)
class Decoding:
    """How bodies become events.

    Attributes:
        feed: For content types without a codec of their own.
        by_type: For the others.
        describe: Adds the request's facts.
    """

    feed: Feed
    by_type: Mapping[str, Feed]
    describe: DescribeRequest

    def reads(self, request: Request, body: bytes) -> Iterator[Read]:
        """Yield what becomes of a body, line by line where its codec works on lines."""
        feed = self.by_type.get(request.mime_type, self.feed)
        describe_others = feed.describe

        def describe(event: Event, _path: str) -> None:
            self.describe(event, request)
            describe_others(event, "")

        stream = replace(feed, describe=describe).stream(request.remote)
        for line in _lines(utf_8(body, request.charset), whole=feed.codec.name in _WHOLE):
            yield Read(*stream.read(line), len(line.content))
        yield Read(*stream.flush(), 0)


def utf_8(body: bytes, charset: str | None) -> bytes:
    """Return a body in UTF-8; what is malformed becomes U+FFFD, an unknown charset is taken for UTF-8, as in Java."""
    name = "utf-8"
    if charset is not None:
        try:
            known = codecs.lookup(charset).name
        except LookupError:
            known = name
        name = known if known in _CHARSETS else name
    if name == "utf-8":
        try:
            body.decode()
        except UnicodeDecodeError:
            return body.decode(name, "replace").encode()
        return body
    return body.decode(name, "replace").encode()


def _lines(body: bytes, *, whole: bool) -> Iterator[Line]:
    start = 0
    while not whole and (end := body.find(b"\n", start)) >= 0:
        yield Line(start, end + 1, body[start:end])
        start = end + 1
    if whole or start < len(body):
        yield Line(start, len(body), body[start:])

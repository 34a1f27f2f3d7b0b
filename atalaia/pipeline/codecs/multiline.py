"""Several lines as one event. Source: logstash-codec-multiline 3.1.

An event takes the instant at which it is complete. Blank lines are those of Logstash: lost where an input hands over
lines one by one, kept between others where it hands over a stream.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Final, Literal

from pydantic import BeforeValidator, Field

from atalaia.pipeline.charset import Decoding
from atalaia.pipeline.codecs.base import Codec, CodecContext, CodecPlugin, Keep, TextCodecOptions
from atalaia.pipeline.codecs.event_text import event_text
from atalaia.pipeline.errors import PipelineError
from atalaia.pipeline.event import Event
from atalaia.pipeline.grok.compiler import compile_pattern
from atalaia.pipeline.grok.definitions import read_patterns
from atalaia.pipeline.grok.onigmo_sets import ExpressionError
from atalaia.pipeline.options import OptionError
from atalaia.pipeline.patterns import built_in
from atalaia.pipeline.settings import Flag, Number, SettingValue, Text, Texts
from atalaia.pipeline.timestamp import Timestamp

_SIZE: Final = re.compile(r"([\d,.]+)?\s?(?:([kmgtpezy])(i)?)?b", re.IGNORECASE | re.ASCII)
_PREFIXES: Final = "kmgtpezy"


def _bytes(value: SettingValue) -> int:
    """Return how many bytes a size is: digits, or a number with a unit such as ``kB`` (1,000) or ``KiB`` (1,024).

    Source: Ruby's ``filesize``, which Logstash uses.
    """
    text = str(value)
    if text.isascii() and text.removeprefix("-").isdigit():
        return int(text)
    match = _SIZE.fullmatch(text)
    if match is None:
        raise ValueError("expected a size such as 10 MiB")
    number, prefix, binary = match.groups()
    power = _PREFIXES.index(prefix.lower()) + 1 if prefix else 0
    unit = 1024.0 if binary else 1000.0
    return round(float((number or "1").partition(",")[0]) * unit**power)


class MultilineOptions(TextCodecOptions):
    """Options of ``multiline``.

    Attributes:
        pattern: What is searched for in each line, with grok's ``%{NAME}``.
        what: Whether a line that matches belongs to the ``previous`` one or the ``next``.
        negate: Whether those that do not match are meant.
        patterns_dir: Files, folders or globs with definitions; relative to the pipeline's file.
        max_lines: An event of more lines is cut off and tagged.
        max_bytes: As is one of so many bytes or more.
        multiline_tag: The tag for events of several lines; none when empty.
        auto_flush_interval: Seconds without a line after which the event is complete; never where absent.
    """

    pattern: Text
    what: Literal["previous", "next"]
    negate: Flag = False
    patterns_dir: Texts = ()
    max_lines: Number = 500
    max_bytes: Annotated[int, BeforeValidator(_bytes)] = 10 << 20
    multiline_tag: Text = "multiline"
    auto_flush_interval: Number | None = Field(default=None, gt=0)


@dataclass(frozen=True, slots=True)
class _Rules:
    """What the decoders of a codec share.

    Attributes:
        options: The options.
        read: Makes text of bytes.
        keep: Keeps the text of an event.
        joins: Whether a line belongs to its neighbour.
        linewise: See :class:`CodecContext`.
    """

    options: MultilineOptions
    read: Decoding
    keep: Keep
    joins: Callable[[str], bool]
    linewise: bool


class MultilineDecoder:
    """Joins the lines of one stream."""

    def __init__(self, rules: _Rules) -> None:
        self._rules = rules
        self._lines: list[str] = []
        self._bytes = 0
        self._blank = 0

    @property
    def holds(self) -> bool:
        """See :class:`~atalaia.pipeline.codecs.base.Decoder`."""
        return bool(self._lines)

    def decode(self, content: bytes, now: Timestamp) -> list[Event]:
        """See :class:`~atalaia.pipeline.codecs.base.Decoder`."""
        text = self._rules.read(content)
        if not text:
            self._blank += not self._rules.linewise
            return []
        lines = [*[""] * self._blank, text]
        self._blank = 0
        return [event for line in lines for event in self._take(line, now)]

    def flush(self, now: Timestamp) -> list[Event]:
        """See :class:`~atalaia.pipeline.codecs.base.Decoder`."""
        if not self._lines:
            return []
        event = self._merged(now)
        self._lines = []
        self._bytes = 0
        return [event]

    def _take(self, line: str, now: Timestamp) -> list[Event]:
        joins = self._rules.joins(line)
        if self._rules.options.what == "next":
            self._add(line)
            return [] if joins and not self._full else self.flush(now)
        events = [] if joins and not self._full else self.flush(now)
        self._add(line)
        return events

    def _add(self, line: str) -> None:
        self._lines.append(line)
        self._bytes += len(line.encode("utf-8"))

    @property
    def _full(self) -> bool:
        return self._too_many_lines or self._too_many_bytes

    @property
    def _too_many_lines(self) -> bool:
        return len(self._lines) > self._rules.options.max_lines

    @property
    def _too_many_bytes(self) -> bool:
        return self._bytes >= self._rules.options.max_bytes

    def _merged(self, now: Timestamp) -> Event:
        text = "\n".join(self._lines)
        event = Event.create({"message": text}, now)
        if self._rules.options.multiline_tag and len(self._lines) > 1:
            event.tag(self._rules.options.multiline_tag)
        if self._too_many_bytes:
            event.tag("multiline_codec_max_bytes_reached")
        if self._too_many_lines:
            event.tag("multiline_codec_max_lines_reached")
        self._rules.keep(event, text)
        return event


def _joining(options: MultilineOptions, context: CodecContext) -> Callable[[str], bool]:
    """Return what tells of a line whether it belongs to its neighbour; grok's names are those without ECS."""
    try:
        definitions = {**built_in(ecs=False), **read_patterns(options.patterns_dir, context.directory)}
    except PipelineError as error:
        raise OptionError("patterns_dir", error.message, error.remedy) from error
    try:
        search = compile_pattern(options.pattern, definitions).expression.search
    except ExpressionError as error:
        raise OptionError("pattern", error.message, error.remedy) from error
    negate = options.negate
    return lambda line: (search(line) is not None) is not negate


def _build(options: MultilineOptions, context: CodecContext) -> Codec:
    read, keep = context.text(options)
    rules = _Rules(options, read, keep, _joining(options, context), context.linewise)
    return Codec("multiline", lambda: MultilineDecoder(rules), event_text, options.auto_flush_interval)


PLUGIN = CodecPlugin("multiline", MultilineOptions, _build)

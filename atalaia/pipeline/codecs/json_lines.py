"""JSON documents, one a line. Source: logstash-codec-json_lines 3.2."""

from __future__ import annotations

from pydantic import Field

from atalaia.pipeline.codecs.base import Codec, CodecContext, CodecPlugin, DecodeLine, TooLongError
from atalaia.pipeline.codecs.delimited import NEWLINE, check_delimiter, decoder_for
from atalaia.pipeline.codecs.json import JsonCodecOptions, encode_json_event, json_decoding
from atalaia.pipeline.event import Event
from atalaia.pipeline.settings import Integer, Text
from atalaia.pipeline.timestamp import Timestamp


class JsonLinesOptions(JsonCodecOptions):
    """Options of ``json_lines``: those of ``json``, and two more.

    Attributes:
        delimiter: What ends a document, and is written after it.
        decode_size_limit_bytes: How many bytes a document may have; a longer one becomes a dead letter.
    """

    delimiter: Text = NEWLINE
    decode_size_limit_bytes: Integer = Field(default=512 << 20, gt=0)


def _build(options: JsonLinesOptions, context: CodecContext) -> Codec:
    delimiter, limit = options.delimiter, options.decode_size_limit_bytes
    check_delimiter(delimiter)
    decode = json_decoding(options, context)
    if delimiter == NEWLINE and "decode_size_limit_bytes" in options.model_fields_set:  # no line comes near the default
        decode = _limited(decode, limit)
    return Codec(
        "json_lines",
        lambda: decoder_for(delimiter, decode, limit),
        lambda event: f"{encode_json_event(event)}{delimiter}",
    )


def _limited(decode: DecodeLine, limit: int) -> DecodeLine:
    def check(content: bytes, now: Timestamp) -> list[Event]:
        if len(content) > limit:
            raise TooLongError(limit, content)
        return decode(content, now)

    return check


PLUGIN = CodecPlugin("json_lines", JsonLinesOptions, _build)

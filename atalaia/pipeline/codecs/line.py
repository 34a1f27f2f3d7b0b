"""Text, one event a line. Source: logstash-codec-line 3.1."""

from __future__ import annotations

from atalaia.pipeline.codecs.base import Codec, CodecContext, CodecPlugin
from atalaia.pipeline.codecs.delimited import NEWLINE, check_delimiter, decoder_for
from atalaia.pipeline.codecs.plain import PlainOptions, message_decoding, text_encoding
from atalaia.pipeline.read_lines import LONGEST_LINE
from atalaia.pipeline.settings import Text


class LineOptions(PlainOptions):
    """Options of ``line``: those of ``plain``, and one more.

    Attributes:
        delimiter: What ends an event's text, and is written after it.
    """

    delimiter: Text = NEWLINE


def _build(options: LineOptions, context: CodecContext) -> Codec:
    delimiter = options.delimiter
    check_delimiter(delimiter)
    decode = message_decoding(options, context)
    return Codec("line", lambda: decoder_for(delimiter, decode, LONGEST_LINE), text_encoding(options.format, delimiter))


PLUGIN = CodecPlugin("line", LineOptions, _build)

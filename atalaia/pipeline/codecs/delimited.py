"""The option ``delimiter``: what ends an event's text when it is not the end of a line."""

from __future__ import annotations

from atalaia.pipeline.codecs.base import DecodeLine, Decoder, LineDecoder, TooLongError
from atalaia.pipeline.event import Event
from atalaia.pipeline.options import OptionError
from atalaia.pipeline.timestamp import Timestamp

NEWLINE = "\n"


def decoder_for(delimiter: str, decode: DecodeLine, limit: int) -> Decoder:
    """Return a new decoder that gives what stands between delimiters to a function.

    Args:
        delimiter: What ends an event's text.
        decode: Decodes one text.
        limit: How many bytes may wait for a delimiter.
    """
    return LineDecoder(decode) if delimiter == NEWLINE else Delimited(delimiter.encode(), decode, limit)


def check_delimiter(delimiter: str) -> None:
    """Refuse the empty delimiter.

    Raises:
        OptionError: When it is empty.
    """
    if not delimiter:
        raise OptionError("delimiter", "it is empty", "write the text that ends an event")


class Delimited:
    """Puts the lines of a stream together again and takes them apart at another delimiter.

    The last line's end is no part of what is left at the end of the stream. A text that is too long is given up, and
    with it the others that end in the same line.
    """

    def __init__(self, delimiter: bytes, decode: DecodeLine, limit: int) -> None:
        self._delimiter = delimiter
        self._decode = decode
        self._limit = limit
        self._rest = b""

    @property
    def holds(self) -> bool:
        """See :class:`~atalaia.pipeline.codecs.base.Decoder`."""
        return self._rest != b""

    def decode(self, content: bytes, now: Timestamp) -> list[Event]:
        """See :class:`~atalaia.pipeline.codecs.base.Decoder`."""
        data = self._rest + content + b"\n"
        *texts, self._rest = data.split(self._delimiter)
        if not texts and len(data) > self._limit:
            self._rest = b""
            raise TooLongError(self._limit, data)
        if any(len(text) > self._limit for text in texts):
            raise TooLongError(self._limit, self._delimiter.join(texts))
        return [event for text in texts for event in self._decode(text, now)]

    def flush(self, now: Timestamp) -> list[Event]:
        """See :class:`~atalaia.pipeline.codecs.base.Decoder`."""
        rest, self._rest = self._rest.removesuffix(b"\n"), b""
        return self._decode(rest, now) if rest else []

"""Bytes to text, as Logstash's ``LogStash::Util::Charset`` does it."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from atalaia.pipeline.charset_names import ENCODINGS, REFUSED
from atalaia.pipeline.java import ruby_escaped
from atalaia.pipeline.options import OptionError

Decoding: TypeAlias = Callable[[bytes], str]

_WITHOUT_MEANING: Final[Mapping[int, str]] = dict.fromkeys(range(0xDC80, 0xDD00), "\ufffd")


def decode_line(content: bytes) -> str:
    r"""Return the text of UTF-8 bytes.

    When some are no UTF-8, the whole text is escaped as Ruby's ``inspect`` does, those as ``\xFF``: this is what
    Logstash's charset converter gives, so that nothing is lost and nothing invented.
    """
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return ruby_escaped(content.decode("utf-8", "surrogateescape"))


def decoding(charset: str) -> Decoding:
    """Return the function that makes text of bytes in a charset; ``U+FFFD`` stands for what has no meaning in it.

    Args:
        charset: One of Logstash's names, which tell upper from lower case.

    Raises:
        OptionError: Of the option ``charset``, when there is no such name, or we cannot decode it.
    """
    if charset in REFUSED:
        raise OptionError("charset", f"{charset} is not supported", "convert the source to UTF-8", unsupported=True)
    encoding = ENCODINGS.get(charset)
    if encoding is None:
        raise OptionError("charset", f"there is no charset {charset!r}", "names are written like UTF-8 or CP1252")
    name, corrections = encoding.python, encoding.corrections
    if codecs.lookup(name).name == "utf-8":
        return decode_line
    if not corrections:
        return lambda content: content.decode(name, "replace")
    table = {**_WITHOUT_MEANING, **corrections}
    return lambda content: content.decode(name, "surrogateescape").translate(table)

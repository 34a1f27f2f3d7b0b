"""Bytes of a line to text, as Logstash's inputs do it."""

from __future__ import annotations

import re
from typing import Final

_ESCAPES: Final = {
    '"': '\\"',
    "\\": "\\\\",
    "\n": "\\n",
    "\t": "\\t",
    "\r": "\\r",
    "\x1b": "\\e",
    "\f": "\\f",
    "\v": "\\v",
}
_SPECIAL: Final = re.compile('["\\\\\x00-\x1f\x7f]|[\udc80-\udcff]')
_FIRST_SURROGATE: Final = 0xDC00


def decode_line(content: bytes) -> str:
    r"""Return the text of UTF-8 bytes.

    Bytes that are no UTF-8 become ``\xFF`` and the whole text is escaped as Ruby's ``inspect`` does: this is what
    Logstash's charset converter gives, so that nothing is lost and nothing invented.
    """
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return _SPECIAL.sub(_escaped, content.decode("utf-8", "surrogateescape"))


def _escaped(match: re.Match[str]) -> str:
    character = match[0]
    code = ord(character)
    if code >= _FIRST_SURROGATE:
        return f"\\x{code - _FIRST_SURROGATE:02X}"
    return _ESCAPES.get(character, f"\\u{code:04X}")

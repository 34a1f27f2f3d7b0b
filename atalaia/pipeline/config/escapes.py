"""Escapes in quoted texts, for Logstash's setting ``config.support_escapes``.

Source: ``LogStash::Config::StringEscape`` of Logstash 9.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

_ESCAPE: Final = re.compile(r"\\(.)")
_MEANINGS: Final[Mapping[str, str]] = {
    '"': '"',
    "'": "'",
    "\\": "\\",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "0": "\0",
}


def unescape(text: str) -> str:
    r"""Return a text with ``\"``, ``\'``, ``\\``, ``\n``, ``\r``, ``\t`` and ``\0`` replaced; other escapes stay."""
    return _ESCAPE.sub(lambda found: _MEANINGS.get(found[1], found[0]), text)

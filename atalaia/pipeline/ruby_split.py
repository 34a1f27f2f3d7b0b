"""Ruby's ``String#split`` by a text."""

from __future__ import annotations

import re
from typing import Final

_BLANKS: Final = re.compile(r"[ \t\n\v\f\r]+")


def ruby_split(text: str, separator: str) -> list[str]:
    """Return the parts of a text, empty ones at its end included: what ``text.split(separator, -1)`` gives.

    A single space stands for any run of ASCII white space and ignores it at the start; the empty separator takes
    characters apart. The empty text has no parts.
    """
    if not text:
        return []
    if separator == " ":
        return _BLANKS.split(text.lstrip(" \t\n\v\f\r"))
    return [*text, ""] if not separator else text.split(separator)

"""Numbers of text as Ruby's ``String#to_i`` and ``String#to_f`` read them.

The longest start of the text that is a number counts; where there is none, the number is zero.
"""

from __future__ import annotations

import re

_INTEGER = re.compile(r"\s*([+-]?\d+(?:_\d+)*)", re.ASCII)
_FLOAT = re.compile(r"\s*([+-]?\d+(?:_\d+)*(?:\.\d+(?:_\d+)*)?(?:[eE][+-]?\d+)?|[+-]?\.\d+(?:[eE][+-]?\d+)?)", re.ASCII)


def ruby_integer(text: str) -> int:
    """Return the whole number a text starts with, or 0."""
    match = _INTEGER.match(text)
    return int(match[1].replace("_", "")) if match else 0


def ruby_float(text: str) -> float:
    """Return the number a text starts with, or 0.0; beyond a double's range it is infinite."""
    match = _FLOAT.match(text)
    return float(match[1].replace("_", "")) if match else 0.0

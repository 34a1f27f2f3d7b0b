r"""Java's regular expressions, as far as lists of user agents use them, for Python's ``re``.

Source: ``java.util.regex.Pattern`` of JDK 21. With the ``ASCII`` flag the two agree on ``\d``, ``\w``, ``\s``, ``\b``
and on ignoring case; they differ in what ends a line, which ``.``, ``$`` and ``\Z`` depend on.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

TOKEN: Final = re.compile(
    r"""
    \\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|\d+|.)   # an escape
    | \[(?:\\.|[^\]\\])*\]                        # a class
    | \(\?[A-Za-z-]+\)                            # flags
    | \((?:\?(?:P?<\w+>|<?[=!]|[A-Za-z-]*:|>))?   # the start of a group
    | (?:[*+?]|\{\d+(?:,\d*)?\})[?+]?             # a repetition
    | .
    """,
    re.VERBOSE | re.DOTALL,
)
"""One element of an expression."""

_TERMINATORS: Final = r"\n\r\u0085\u2028\u2029"
_BEFORE_LAST_TERMINATOR: Final = rf"(?=(?:\r\n|[{_TERMINATORS}])?\Z)"

_TRANSLATED: Final[Mapping[str, str]] = {
    ".": f"[^{_TERMINATORS}]",
    "$": _BEFORE_LAST_TERMINATOR,
    r"\Z": _BEFORE_LAST_TERMINATOR,
    r"\z": r"\Z",
}
_NESTED: Final = re.compile(r"(?<!\\)(?:\\\\)*(?:\[|&&)")


def compile_java(expression: str, *, ignore_case: bool = False) -> re.Pattern[str]:
    """Return the expression compiled.

    Raises:
        re.error: When it is malformed, or uses what only Java's syntax has.
    """
    translated = "".join(_translated(token) for token in TOKEN.findall(expression))
    return re.compile(translated, re.ASCII | re.IGNORECASE if ignore_case else re.ASCII)


def _translated(token: str) -> str:
    if token.startswith("[") and _NESTED.search(token, 1):
        raise re.error("a class within a class is not supported; write one class", token)
    return _TRANSLATED.get(token, token)

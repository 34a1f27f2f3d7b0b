"""Where the value of an assignment inside a text ends: quoted, bracketed, or up to where it plausibly stops."""

from __future__ import annotations

import re
from typing import Final

_OPENING: Final = re.compile(r"[bBfFrRuU]{0,2}(\\*)([\"'])")
_BRACKET: Final = re.compile(r"(?<!\\)\\*[\"']|[\[\]{}]")
_LINE_END: Final = re.compile(r"[\r\n]|$")
# Goes over &, ; and , unless the next parameter or a blank follows; over a quote unless something ends there.
_BARE: Final = re.compile(
    r"(?:(?:bearer|basic|token|digest|negotiate|apikey)[ \t]+)?"
    r"(?:[^\s&;,<\"'\\]|[&;,](?!\s|$|[\w.\-\[\]%]{1,64}=)|\\+(?![\\\"'])|\\*[\"'](?![\s,;:.)\]}>\\]|$))+",
    re.IGNORECASE,
)
_TRAILING: Final = ".,;:!?)]}>"


def quoted_span(text: str, start: int) -> tuple[int, int] | None:
    r"""Return where the content of the string literal at a position begins and ends, or ``None`` if there is none.

    A literal inside literals is opened by a quote with ``n`` backslashes before it. A quote with ``k`` closes it where
    ``k - n`` is a multiple of ``2 * (n + 1)``: each backslash of the content has become that many. A literal that
    nothing closes ends with its line.
    """
    opening = _OPENING.match(text, start)
    if opening is None:
        return None
    slashes = len(opening[1])
    return opening.end(), _closing(text, opening.end(), opening[2], slashes)


def container_end(text: str, start: int) -> int:
    """Return where the bracket at a position is closed, or the end of the text; brackets in literals do not count."""
    depth = 0
    position = start
    while found := _BRACKET.search(text, position):
        position = found.end()
        sign = found[0]
        if sign in "[{":
            depth += 1
        elif sign in "]}":
            depth -= 1
            if depth == 0:
                return position
        else:
            position = _closing(text, position, sign[-1], len(sign) - 1)
            position = min(len(text), position + len(sign))
    return len(text)


def bare_end(text: str, start: int) -> int:
    """Return where an unquoted value ends; ``start`` where there is none."""
    found = _BARE.match(text, start)
    if found is None:
        return start
    kept = found[0] if "[redacted" in found[0] else found[0].rstrip(_TRAILING)
    return start + len(kept or found[0])


def line_end(text: str, start: int) -> int:
    """Return the end of the line."""
    found = _LINE_END.search(text, start)
    return found.start() if found else len(text)


def _closing(text: str, start: int, quote: str, slashes: int) -> int:
    """Return where the content of a literal ends, which is before its closing quote and that quote's backslashes."""
    period = 2 * (slashes + 1)
    for found in _RUNS[quote].finditer(text, start):
        if found[0] in "\r\n":
            return found.start()
        run = len(found[0]) - 1
        if run >= slashes and (run - slashes) % period == 0:
            return found.end() - 1 - slashes
    return len(text)


_RUNS: Final = {quote: re.compile(rf"(?<!\\)\\*{quote}|[\r\n]") for quote in "\"'"}

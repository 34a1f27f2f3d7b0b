"""Comments that allow what a check would find: ``# check: allow unordered-comparison: the number was tested above``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from atalaia.pipeline.check.finding import Finding, Found
from atalaia.pipeline.config.source import Source
from atalaia.pipeline.errors import Position
from atalaia.pipeline.suggest import nearest

_ALLOW: Final = re.compile(r"#\s*check:\s*allow\s+(?P<codes>[\w-]+(?:\s*,\s*[\w-]+)*)")
_COMMENT: Final = re.compile(r"\s*#")


@dataclass(frozen=True, slots=True)
class Allowance:
    """A code that a comment allows.

    Attributes:
        code: The code.
        line: The line whose findings it is about: the comment's own, or the next line that is none.
        position: Where the code stands.
    """

    code: str
    line: int
    position: Position


def allowances(text: str, file: str) -> list[Allowance]:
    """Return what the comments of a configuration allow."""
    source, lines = Source(text, file), text.split("\n")
    found: list[Allowance] = []
    start = 0
    for number, line in enumerate(lines, start=1):
        match = _ALLOW.search(line)
        if match is not None:
            about = _next_line(lines, number) if _COMMENT.match(line) else number
            for code in re.finditer(r"[\w-]+", match["codes"]):
                place = source.position(start + match.start("codes") + code.start())
                found.append(Allowance(code[0], about, place))
        start += len(line) + 1
    return found


def without_allowed(findings: list[Finding], allowed: list[Allowance]) -> list[Finding]:
    """Return the findings that no comment allows."""
    places = {(allowance.code, allowance.line) for allowance in allowed}
    return [each for each in findings if (each.code, each.found.position.line) not in places]


def useless(findings: list[Finding], allowed: list[Allowance], known: list[str]) -> Iterator[Found]:
    """Yield a complaint about each comment that allows what is not found."""
    places = {(each.code, each.found.position.line) for each in findings}
    for allowance in allowed:
        if allowance.code not in known:
            problem = f"there is no check {allowance.code}"
            yield Found(allowance.position, problem, nearest(allowance.code, known, "codes"))
        elif (allowance.code, allowance.line) not in places:
            yield Found(allowance.position, f"{allowance.code} is not found there", "remove the comment")


def _next_line(lines: list[str], number: int) -> int:
    """Return the number of the first line after a comment that is neither a comment nor blank."""
    for following in range(number, len(lines)):
        if lines[following].strip() and not _COMMENT.match(lines[following]):
            return following + 1
    return number

"""A failed case in words: what was expected, what came out, and where the case stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from atalaia.pipeline.cases.expected import Difference
from atalaia.pipeline.cases.judging import Problem
from atalaia.pipeline.cases.suite import Verdict

_INDENT: Final = "  "
EXPECTED: Final = "expected"
GOT: Final = "got"


def title(verdict: Verdict) -> str:
    """Return where a case stands, and its name: ``request.yaml:12: an offset``."""
    return f"{verdict.file}:{verdict.case.line}: {verdict.case.name}"


def problem_lines(problems: Sequence[Problem]) -> Iterator[str]:
    """Yield the lines that tell what is wrong, indented; fields, expected and got below one another."""
    for problem in problems:
        yield f"{_INDENT}{problem.what}"
        width = max((len(difference.at) for difference in problem.differences), default=0)
        for difference in problem.differences:
            yield from _difference(difference, width)


def _difference(difference: Difference, width: int) -> Iterator[str]:
    yield f"{_INDENT * 2}{difference.at:<{width}}  {EXPECTED}  {_one_line(difference.expected)}"
    yield f"{_INDENT * 2}{'':<{width}}  {GOT:<{len(EXPECTED)}}  {_one_line(difference.got)}"


def _one_line(text: str) -> str:
    return "".join(character if character.isprintable() else _escaped(character) for character in text)


def _escaped(character: str) -> str:
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")

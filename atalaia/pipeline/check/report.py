"""Findings for people and for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, TypeAlias

from atalaia.pipeline.check.finding import Finding, Severity
from atalaia.pipeline.errors import Note, Position

Json: TypeAlias = "str | int | Sequence[Json] | dict[str, Json]"

_INDENT: Final = "  "


def text_of(finding: Finding) -> Iterator[str]:
    """Yield the lines that tell of a finding: where and what, the line with a caret, other places, what to do."""
    found = finding.found
    yield f"{found.position}: {finding.severity}: {found.problem} [{finding.code}]"
    yield from found.position.excerpt().splitlines()
    for note in found.notes:
        yield f"{_INDENT}{note.position}: {note.text}"
        yield from (_INDENT + line for line in note.position.excerpt().splitlines())
    if found.remedy:
        yield f"{_INDENT}{found.remedy}"


def summary(findings: Sequence[Finding], files: int) -> str:
    """Return how many findings there are: ``2 errors, 1 warning in 3 files``."""
    counts = [(severity, sum(finding.severity is severity for finding in findings)) for severity in Severity]
    told = [_counted(count, _WORDS[severity]) for severity, count in counts if count]
    return f"{', '.join(told) or 'nothing found'} in {_counted(files, 'file')}"


def as_json(findings: Sequence[Finding], files: Sequence[str]) -> dict[str, Json]:
    """Return the findings as one object: ``files``, ``findings`` in their order, and how many of each severity."""
    counts: dict[str, Json] = {
        severity.value: sum(finding.severity is severity for finding in findings) for severity in Severity
    }
    return {"files": list(files), "findings": [_finding(each) for each in findings], "counts": counts}


_WORDS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "hint"}


def _finding(finding: Finding) -> dict[str, Json]:
    found = finding.found
    return {
        **_place(found.position),
        "code": str(finding.code),
        "severity": finding.severity.value,
        "problem": found.problem,
        "remedy": found.remedy,
        "text": found.position.text,
        "notes": [_note(note) for note in found.notes],
    }


def _note(note: Note) -> dict[str, Json]:
    return {**_place(note.position), "text": note.text}


def _place(position: Position) -> dict[str, Json]:
    return {"file": position.file, "line": position.line, "column": position.column}


def _counted(count: int, word: str) -> str:
    return f"{count:,} {word}{'' if count == 1 else 's'}"

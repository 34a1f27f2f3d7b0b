"""What a check finds, and what a check is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from atalaia.pipeline.check.subject import Subject
from atalaia.pipeline.errors import Note, Position


class Severity(StrEnum):
    """How bad a finding is: refused, surprising, or worth knowing."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Found:
    """Something a check found.

    Attributes:
        position: Where.
        problem: What, in words.
        remedy: What the author can do.
        notes: Other places that have to do with it.
    """

    position: Position
    problem: str
    remedy: str = ""
    notes: tuple[Note, ...] = ()


Look: TypeAlias = Callable[[Subject], Iterable[Found]]
"""Looks a configuration over."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that is looked for.

    Attributes:
        code: Its name, stable between versions.
        severity: How bad it is.
        explanation: Why it matters, in one sentence.
        look: Finds it.
    """

    code: str
    severity: Severity
    explanation: str
    look: Look


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding of a check, as it is reported.

    Attributes:
        code: The check's.
        severity: The check's.
        found: What it found.
    """

    code: str
    severity: Severity
    found: Found

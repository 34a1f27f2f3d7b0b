"""What can be wrong with a file of cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from atalaia.pipeline.errors import PipelineError


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a file of cases.

    Attributes:
        file: The file as the user named it.
        line: The line, from 1.
        column: The character in that line, from 1.
    """

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class CaseError(PipelineError):
    """A file of cases is refused.

    Args:
        faults: Where, and what is wrong there with the remedy; at least one.

    Attributes:
        faults: One line for each, ``file:line:column: what``.
    """

    def __init__(self, faults: Sequence[tuple[Place, str]]) -> None:
        self.faults = tuple(f"{place}: {what}" for place, what in faults)
        super().__init__("\n".join(self.faults))

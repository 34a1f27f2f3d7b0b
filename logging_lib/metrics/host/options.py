"""What of the host's processes is recorded."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from logging_lib.errors import AtalaiaError


@dataclass(frozen=True, slots=True)
class HostOptions:
    """Which processes have records of their own.

    Attributes:
        top: How many of those that use most of the processors, and how many of those with most memory.
        patterns: Regular expressions; a process whose name or command line has one somewhere is recorded always.
        most: At most so many processes for each pattern, those with most memory; how many there were is in the summary.

        itself: Whether this very process may match a pattern; not where the patterns stand on its own command line.

    Raises:
        AtalaiaError: A pattern is no regular expression, or a number is negative.
    """

    top: int = 5
    patterns: tuple[str, ...] = ()
    most: int = 50
    itself: bool = True
    compiled: tuple[re.Pattern[str], ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Compile the patterns."""
        if self.top < 0 or self.most < 0:
            raise AtalaiaError("a number of processes cannot be negative", "use 0 for none")
        object.__setattr__(self, "compiled", tuple(_compiled(pattern) for pattern in self.patterns))


def _compiled(pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern)
    except re.error as error:
        raise AtalaiaError(
            f"{pattern!r} is no regular expression: {error}", "name processes as in 'gunicorn' or '^postgres$'"
        ) from error

"""The one base class of every error Atalaia raises on purpose."""

from __future__ import annotations

from typing import ClassVar


class AtalaiaError(Exception):
    """Something a person can act on.

    The message says what was wrong and where; ``remedy`` says what to do about it. The command line prints both on
    one line and exits with status 2, never with a traceback.

    Args:
        message: What was wrong, and where.
        remedy: What the reader can do, as an imperative sentence; empty where there is nothing to do.
    """

    shows_excerpt: ClassVar[bool] = False
    """Whether the message shows lines of a file, and keeps its own line ends."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message}; {self.remedy}" if self.remedy else self.message

"""What a receiver made of a batch of lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias


@dataclass(frozen=True, slots=True)
class Delivered:
    """The receiver has said that it has every line."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The receiver does not take these lines, and will not take them later.

    Attributes:
        reason: What it said.
        too_large: Whether there were too many bytes.
    """

    reason: str
    too_large: bool = False


@dataclass(frozen=True, slots=True)
class Failed:
    """The lines may have arrived or not; they are to be sent again.

    Attributes:
        reason: What went wrong.
        remedy: What a person can do, when it is theirs to do something: waiting alone will not help.
        after: Seconds that the receiver asks to wait.
    """

    reason: str
    remedy: str = ""
    after: float = 0.0


Outcome: TypeAlias = Delivered | Refused | Failed


class Transport(Protocol):
    """A way to a receiver."""

    @property
    def utf_8_only(self) -> bool:
        """Whether the receiver replaces what is no UTF-8, so that such lines cannot be delivered as they are."""
        ...

    async def deliver(self, lines: Sequence[bytes]) -> Outcome:
        """Send lines, in order, and wait for the receiver's word."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...

"""The memory for lines that are not finished yet, of all connections together."""

from __future__ import annotations

from typing import Final, Protocol

ALLOWANCE: Final = 1 << 13
"""Bytes of an unfinished line that are every connection's own."""
SHARED: Final = 64 << 20
"""Bytes that all connections share for what is beyond that."""


class Holder(Protocol):
    """Holds an unfinished line."""

    def give_up(self) -> None:
        """Let go of the line."""
        ...


class LineMemory:
    """Counts what unfinished lines take; the oldest gives way when there is no more. Used from one thread at a time.

    A line in transit is held for a moment; one that is held long is a client's that does not finish it.

    Args:
        shared: Bytes there are beyond the allowances.
    """

    def __init__(self, shared: int = SHARED) -> None:
        self._free = shared
        self._held: dict[Holder, int] = {}

    def hold(self, holder: Holder, size: int) -> None:
        """Note that a holder's line has ``size`` bytes now; others may be made to give up theirs."""
        beyond = size - ALLOWANCE
        if beyond <= 0 and holder not in self._held:
            return
        self._free -= beyond - self._held.get(holder, 0)
        self._held[holder] = beyond
        while self._free < 0:
            oldest = next(iter(self._held))
            self.release(oldest)
            oldest.give_up()

    def release(self, holder: Holder) -> None:
        """Note that a holder's line is finished."""
        self._free += self._held.pop(holder, 0)

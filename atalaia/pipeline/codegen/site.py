"""A plugin's place in the generated code: how it counts and where an event leaves."""

from __future__ import annotations

from dataclasses import dataclass

from atalaia.pipeline.codegen.counts import FAILED
from atalaia.pipeline.codegen.emitter import Emitter


@dataclass(frozen=True, slots=True)
class Site:
    """One plugin in the code of a section.

    Attributes:
        emitter: Writes the code.
        number: Tells it from the others of the section.
    """

    emitter: Emitter
    number: int

    def count(self, letter: str) -> str:
        """Return the local variable that counts here; see ``counts.py`` for the letters."""
        return self.emitter.tallied(letter, self.number)

    def failed(self) -> None:
        """Write code that counts a failure the event has been tagged for."""
        self.emitter.source.line("event.failed = False")
        self.emitter.source.line(f"{self.count(FAILED)} += 1")

"""A plugin's place in the generated code: how it counts and where an event leaves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from atalaia.pipeline.codegen.counts import FAILED
from atalaia.pipeline.codegen.emitter import Emitter
from atalaia.pipeline.errors import EventError
from atalaia.pipeline.event import Event
from atalaia.pipeline.json_text import JsonError

_FAILURES: Final = (EventError, JsonError)


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

    @contextmanager
    def guarded(self, failed: Callable[[Event, Exception], None]) -> Iterator[None]:
        """Write code whose errors are a failure, not the end of the event.

        Args:
            failed: What is done with the event then; it may call ``Event.fail``.
        """
        source = self.emitter.source
        with source.indented("try:"):
            yield
        with source.indented(f"except {source.bind(_FAILURES, 'failures')} as failure:"):
            source.line(f"{source.bind(failed, 'failed')}(event, failure)")
            with source.indented("if event.failed:"):
                self.failed()
            self.emitter.reload_all()

    def failed(self) -> None:
        """Write code that counts a failure the event has been tagged for."""
        self.emitter.source.line("event.failed = False")
        self.emitter.source.line(f"{self.count(FAILED)} += 1")

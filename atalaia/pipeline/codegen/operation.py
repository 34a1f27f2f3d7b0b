"""A small change of an event, with two ways to do it: a function, and code for the section it stands in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from atalaia.pipeline.codegen.emitter import Emitter
from atalaia.pipeline.event import Event
from atalaia.pipeline.reference import FieldReference

Emit: TypeAlias = Callable[[Emitter, str], None]
"""Writes code; the text is a call of the operation's function, for the cases the code does not treat itself."""


@dataclass(frozen=True, slots=True)
class Operation:
    """A change of an event.

    Attributes:
        run: Does it; says what the operation means, and raises ``EventError`` where Logstash raises.
        writes: The places it may change; ``None`` when that depends on the event.
        inline: Writes code that does the same; without it the code calls ``run``.
    """

    run: Callable[[Event], None]
    writes: Sequence[FieldReference] | None = None
    inline: Emit | None = None

    def emit(self, emitter: Emitter) -> None:
        """Write the operation into the code of a section."""
        call = f"{emitter.source.bind(self.run, 'run')}(event)"
        if self.inline is not None and emitter.shortcuts:
            self.inline(emitter, call)
        else:
            emitter.source.line(call)
            emitter.called(self.writes)

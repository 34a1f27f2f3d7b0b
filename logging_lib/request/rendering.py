"""How long a request renders templates, and which one takes longest."""

from __future__ import annotations

import threading
from dataclasses import dataclass


@dataclass(slots=True)
class _Begun:
    """A rendering that has begun, in one thread.

    Attributes:
        template: What is rendered, by identity.
        thread: Who renders it.
        started: When, on a clock that never runs backwards, in seconds.
        inner: Seconds of the renderings that it began itself and that have ended.
    """

    template: object
    thread: int
    started: float
    inner: float = 0.0


class Rendering:
    """Sums up the renderings of one request; it may be shared by threads.

    A template that is rendered while another is (a view function called from it) counts once, and under its own name;
    what a template includes or extends is part of it. One that fails has no end and does not count.
    """

    __slots__ = ("_by_name", "_guard", "_open")

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._open: list[_Begun] = []
        self._by_name: dict[str | None, float] = {}

    def begin(self, template: object, now: float) -> None:
        """Note that the present thread begins to render."""
        with self._guard:
            self._open.append(_Begun(template, threading.get_ident(), now))

    def end(self, template: object, name: str | None, now: float, *, counts: bool = True) -> None:
        """Note that the present thread has rendered a template; without its beginning there is nothing to note.

        Args:
            template: What was rendered, by identity.
            name: The template's name; ``None`` for one without.
            now: The present, as given to :meth:`begin`.
            counts: Whether the time is that of the rendering; not where it is that of whoever takes the pieces.
        """
        thread = threading.get_ident()
        with self._guard:
            mine = [begun for begun in self._open if begun.thread == thread]
            place = next((place for place in reversed(range(len(mine))) if mine[place].template is template), None)
            if place is None:
                return
            gone = {id(begun) for begun in mine[place:]}  # those above it have failed
            self._open = [begun for begun in self._open if id(begun) not in gone]
            took = now - mine[place].started
            if place:
                mine[place - 1].inner += took
            if counts:
                self._by_name[name] = self._by_name.get(name, 0.0) + max(0.0, took - mine[place].inner)

    def total(self) -> tuple[float, str | None] | None:
        """Return the seconds of all renderings and the name of the template that took most; ``None`` without any."""
        with self._guard:
            if not self._by_name:
                return None
            return sum(self._by_name.values()), max(self._by_name, key=self._by_name.__getitem__)

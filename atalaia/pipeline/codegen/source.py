"""Lines of Python source as they are written, and the objects they name."""

from __future__ import annotations

import linecache
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

_INDENT: Final = "    "


class Source:
    """Python source under construction.

    Objects the code needs (functions, templates, expressions) are bound to names of its global namespace, so that the
    code itself is plain text.
    """

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._depth = 0
        self._numbers: dict[str, int] = {}
        self._scratch: dict[str, int] = {}
        self._bound: dict[str, object] = {}
        self._names: dict[int, str] = {}

    def line(self, text: str) -> None:
        """Write one line at the present depth."""
        self._lines.append(_INDENT * self._depth + text)

    @contextmanager
    def indented(self, head: str) -> Iterator[None]:
        """Write a compound statement's head, and what is written inside one level deeper; an empty body is ``pass``."""
        self.line(head)
        self._depth += 1
        before = len(self._lines)
        yield
        if len(self._lines) == before:
            self.line("pass")
        self._depth -= 1

    def local(self, hint: str) -> str:
        """Return a name that no other local variable has."""
        number = self._numbers.get(hint, 0)
        self._numbers[hint] = number + 1
        return f"{hint}{number}"

    def scratch(self, hint: str) -> str:
        """Return a name for a value that is used before the next :meth:`release` only."""
        number = self._scratch.get(hint, 0)
        self._scratch[hint] = number + 1
        return f"{hint}{number}"

    def release(self) -> None:
        """Let scratch names be used again: fewer local variables make faster code."""
        self._scratch.clear()

    def bind(self, value: object, hint: str) -> str:
        """Return the name under which the code finds an object; one object has one name."""
        known = self._names.get(id(value))
        if known is not None:
            return known
        name = self.local(f"{hint}_")
        self._bound[name] = value
        self._names[id(value)] = name
        return name

    def wrap(self, head: Sequence[str], depth: int, tail: Sequence[str]) -> None:
        """Put what has been written, so much deeper, between two pieces."""
        self._lines = [*head, *(_INDENT * depth + line for line in self._lines), *tail]

    @property
    def text(self) -> str:
        """What has been written so far."""
        return "\n".join(self._lines) + "\n"

    def execute(self, file: str) -> dict[str, object]:
        """Compile and run the source; return its global namespace.

        Args:
            file: Its name in tracebacks, where the generated lines are shown.
        """
        namespace: dict[str, object] = dict(self._bound)
        text = self.text
        exec(compile(text, file, "exec"), namespace)  # noqa: S102 - our own text: names, and literals by repr
        linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
        return namespace

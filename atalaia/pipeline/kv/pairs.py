"""Read pairs of keys and values out of a text. Source: logstash-filter-kv 4.7.0."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Final, TypeAlias

from atalaia.pipeline.errors import EventError
from atalaia.pipeline.event import Event
from atalaia.pipeline.java import ruby_capitalize, ruby_downcase
from atalaia.pipeline.kv.expressions import Scanner, compile_option
from atalaia.pipeline.sprintf import Template
from atalaia.pipeline.values import Value

Pairs: TypeAlias = dict[str, Value]
"""Keys to values; a key that occurs again has a list."""

Change: TypeAlias = Callable[[str], str]
"""Makes another text of a key or a value."""

_SHORTEST: Final = 0.001
"""Seconds: what is left to a search when the time is up; it fails at once unless it succeeds at once."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which keys are kept, and under which name.

    Attributes:
        include: The keys to keep; none keeps all.
        exclude: The keys to leave out.
        prefix: Stands before each key that is kept.
    """

    include: Sequence[Template]
    exclude: Sequence[Template]
    prefix: Template

    def for_event(self, event: Event) -> Callable[[str], str | None]:
        """Return a function that gives a key's name, or ``None`` for one to leave out."""
        include = {template(event) for template in self.include}
        exclude = {template(event) for template in self.exclude}

        def name(key: str) -> str | None:
            if (include and key not in include) or key in exclude:
                return None
            return self.prefix(event) + key

        return name


@dataclass(frozen=True, slots=True)
class PairReader:
    """Reads the pairs of texts.

    Attributes:
        scanner: Finds them.
        change_key: What is done to each key.
        change_value: What is done to each value.
        selection: Which keys are kept.
        allow_duplicates: Whether a key keeps a value it has already.
        allow_empty: Whether a key may have the empty value.
        recursive: Whether pairs are looked for in values.
        seconds: The longest time for one event; ``None`` is no limit.
    """

    scanner: Scanner
    change_key: Change
    change_value: Change
    selection: Selection
    allow_duplicates: bool
    allow_empty: bool
    recursive: bool
    seconds: float | None

    def read(self, texts: Iterable[Value], event: Event) -> Pairs:
        """Return the pairs of all texts; null has none.

        Raises:
            EventError: When something else is among them, or a reference in an option is malformed.
            TimeoutError: When it took too long.
        """
        found: Pairs = {}
        end = None if self.seconds is None else time.monotonic() + self.seconds
        for text in texts:
            if isinstance(text, str):
                self._read(text, event, found, end)
            elif text is not None:
                raise EventError(f"kv reads texts, not {text!r}", "convert it to a string first")
        return found

    def _read(self, text: str, event: Event, found: Pairs, end: float | None) -> None:
        left = None if end is None else max(_SHORTEST, end - time.monotonic())
        name_of: Callable[[str], str | None] | None = None
        for match in self.scanner.scan(text, left):
            name_of = name_of or self.selection.for_event(event)
            key, *candidates = match.groups()
            value = next((candidate for candidate in candidates if candidate is not None), "")
            if value or self.allow_empty:
                name = name_of(self.change_key(_text(key)))
                if name is not None:
                    self._add(name, self.change_value(value), event, found, end)

    def _add(self, name: str, text: str, event: Event, found: Pairs, end: float | None) -> None:
        if not self.allow_duplicates and name in found and _has(found[name], text):
            return
        value: Value = text
        if self.recursive:
            inner: Pairs = {}
            self._read(text, event, inner, end)
            value = inner or text
        if name not in found:
            found[name] = value
        elif isinstance(present := found[name], list):
            present.append(value)
        else:
            found[name] = [present, value]


def _text(key: str | None) -> str:
    if key is None:
        raise EventError("kv found a value without a key", "leave groups out of the separators' expressions")
    return key


def _has(present: Value, text: str) -> bool:
    """Tell whether a value is there, as Ruby's ``include?`` does: a text has its parts, an object its keys."""
    return isinstance(present, str | list | dict) and text in present


def change_text(kind: str, trim: str | None, remove: str | None, transform: str | None) -> Change:
    """Return what is done to each key or value: trim it, remove characters, change its case.

    Args:
        kind: ``key`` or ``value``, the end of the options' names.
        trim: The contents of a character class, taken off both ends of each line.
        remove: The contents of a character class.
        transform: ``lowercase``, ``uppercase`` or ``capitalize``.

    Raises:
        OptionError: When a character class does not compile.
    """
    changes: list[Change] = []
    if trim is not None:
        changes.append(_removing(f"trim_{kind}", f"^[{trim}]+|[{trim}]+$"))
    if remove is not None:
        changes.append(_removing(f"remove_char_{kind}", f"[{remove}]"))
    if transform is not None:
        changes.append(_TRANSFORMS[transform])
    return lambda text: reduce(lambda changed, change: change(changed), changes, text)


def _removing(option: str, expression: str) -> Change:
    pattern = compile_option(option, expression)
    return lambda text: pattern.sub("", text)


_TRANSFORMS: Final[dict[str, Change]] = {
    "lowercase": ruby_downcase,
    "uppercase": str.upper,
    "capitalize": ruby_capitalize,
}

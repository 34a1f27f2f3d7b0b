"""Field references: the name of a place in an event.

``name``, ``[name]`` or ``[a][b][0]``; items of arrays count from 0, or from the end with a minus sign. The rules are
those of Logstash's ``FieldReference`` and ``Accessors`` classes, strict parsing mode.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

from atalaia.pipeline import event as event_fields
from atalaia.pipeline.errors import EventError
from atalaia.pipeline.event import METADATA, TIMESTAMP, Event
from atalaia.pipeline.timestamp import Timestamp
from atalaia.pipeline.values import Value, is_tags


@dataclass(frozen=True, slots=True)
class FieldReference:
    """A place in an event, parsed.

    Attributes:
        text: The reference as it was written.
        parents: The names on the way, without ``@metadata``.
        key: The last name.
        in_metadata: Whether it lies below ``[@metadata]``.
        is_metadata: Whether it is ``[@metadata]`` itself.
    """

    text: str
    parents: tuple[str, ...]
    key: str
    in_metadata: bool = False
    is_metadata: bool = False

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a reference.

        Raises:
            EventError: When brackets are unbalanced, nested, or mixed with bare text.
        """
        path = _split(text)
        if path == (METADATA,):
            return cls(text, (), METADATA, is_metadata=True)
        if path[0] == METADATA:
            return cls(text, path[1:-1], path[-1], in_metadata=True)
        return cls(text, path[:-1], path[-1])

    def get(self, event: Event) -> Value:
        """Return the value, or ``None`` when there is none (or it is null)."""
        if self.is_metadata:
            return event.metadata
        target: Value = event.metadata if self.in_metadata else event.data
        for name in self.parents:
            target = target.get(name) if isinstance(target, dict) else child_of(target, name)
        return target.get(self.key) if isinstance(target, dict) else child_of(target, self.key)

    def includes(self, event: Event) -> bool:
        """Tell whether the place exists, be its value null."""
        if self.is_metadata:
            return True
        target: Value = self._root(event)
        for name in self.parents:
            target = child_of(target, name)
        if isinstance(target, dict):
            return self.key in target
        return isinstance(target, list) and _index(target, self.key) is not None

    def set(self, event: Event, value: Value) -> None:
        """Put a value there, making objects on the way where nothing (or null) is.

        Raises:
            EventError: When a parent is a scalar, or the value does not fit ``@timestamp``, ``tags`` or ``@metadata``.
        """
        if self.is_metadata:
            event.metadata = _metadata(value)
            return
        if not self.in_metadata:
            self._check_reserved(value)
        target: Value = event.metadata if self.in_metadata else event.data
        for name in self.parents:
            child = target.get(name) if isinstance(target, dict) else child_of(target, name)
            if child is None:
                child = {}
                _put(target, name, child, self.text)
            target = child
        if isinstance(target, dict):
            target[self.key] = value
        else:
            _put(target, self.key, value, self.text)

    def remove(self, event: Event) -> Value:
        """Take the value away and return it; ``None`` when there was none."""
        if self.is_metadata:
            removed, event.metadata = event.metadata, {}
            return removed
        target: Value = self._root(event)
        for name in self.parents:
            target = child_of(target, name)
        if isinstance(target, dict):
            return target.pop(self.key, None)
        index = _index(target, self.key) if isinstance(target, list) else None
        return target.pop(index) if isinstance(target, list) and index is not None else None

    def _root(self, event: Event) -> dict[str, Value]:
        return event.metadata if self.in_metadata else event.data

    def _check_reserved(self, value: Value) -> None:
        """Refuse values that Logstash's reserved fields cannot hold."""
        if not self.parents:
            if self.key == TIMESTAMP and not isinstance(value, Timestamp):
                raise EventError(f"@timestamp cannot be set to {value!r}: it is not a timestamp")
            if self.key == event_fields.TAGS and not is_tags(value):
                raise EventError(f"tags cannot be set to {value!r}: they are text or a list of text")
        elif self.parents[0] == event_fields.TAGS:
            raise EventError(f"{self.text} cannot be set: tags are text or a list of text")


def _split(text: str) -> tuple[str, ...]:
    """Return the names of a reference."""
    if "[" not in text and "]" not in text:
        return (text,)
    inner = text[1:-1]
    names = tuple(inner.split("]["))
    bracketed = text.startswith("[") and text.endswith("]") and len(text) > 2  # noqa: PLR2004 - the two brackets
    if not bracketed or any(not name or "[" in name or "]" in name for name in names):
        raise EventError(f"{text!r} is not a field reference", "write name or [outer][inner]")
    return names


TAGS: Final = FieldReference.parse(event_fields.TAGS)
"""Where failures are noted."""


def _index(items: list[Value], name: str) -> int | None:
    """Return the position in a list that a name stands for, or ``None`` when there is no such item."""
    digits = name.removeprefix("-")
    if not (digits.isascii() and digits.isdigit()):
        return None
    number = int(name)
    position = number + len(items) if number < 0 else number
    return position if 0 <= position < len(items) else None


def child_of(target: Value, name: str) -> Value:
    """Return a member of an object or an item of a list, ``None`` where there is none."""
    if isinstance(target, dict):
        return target.get(name)
    if isinstance(target, list):
        index = _index(target, name)
        return None if index is None else target[index]
    return None


def _put(target: Value, name: str, value: Value, reference: str) -> None:
    if isinstance(target, dict):
        target[name] = value
    elif isinstance(target, list):
        _put_item(target, name, value, reference)
    else:
        raise EventError(f"{reference} cannot be set: a part of it is {target!r}, neither an object nor a list")


_LONGEST_LIST: Final = 100_000
"""A reference may lengthen a list up to this; a larger index is taken for an error."""


def _put_item(items: list[Value], name: str, value: Value, reference: str) -> None:
    """Set an item of a list; an index beyond its end fills the gap with nulls."""
    index = _index(items, name)
    if index is not None:
        items[index] = value
        return
    if not (name.isascii() and name.isdigit()) or int(name) > _LONGEST_LIST:
        raise EventError(f"{reference} cannot be set: {name!r} is no position in a list of {len(items)}")
    items.extend([None] * (int(name) - len(items)))
    items.append(value)


def _metadata(value: Value) -> dict[str, Value]:
    if not isinstance(value, dict):
        raise EventError(f"[@metadata] cannot be set to {value!r}: it is not an object")
    return value

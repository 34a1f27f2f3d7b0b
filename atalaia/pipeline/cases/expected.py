"""What a value is expected to be: written as YAML, compared with what came out, told as differences.

An object names the fields that are compared, a list has as many items, ``null`` means that there is nothing (or null).
Numbers are equal as numbers; ``true`` is none. An object whose names begin with ``$`` is a matcher.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final, Protocol, TypeAlias

from analyzers.store.document import JsonValue

_LONGEST: Final = 400
"""Characters of an object or list that are shown."""


class Missing(Enum):
    """The one value of a field that is not there."""

    MISSING = "(absent)"


Got: TypeAlias = "JsonValue | Missing"
"""What came out."""


class ExpectationError(ValueError):
    """Something that is expected is not well written.

    Args:
        path: Where, from the value that was read.
        problem: What is wrong, and the remedy.
    """

    def __init__(self, path: Sequence[str | int], problem: str) -> None:
        super().__init__(problem)
        self.path = tuple(path)


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where something else came out.

    Attributes:
        at: The field, as a reference, or what else is compared.
        expected: What was expected there, as text.
        got: What came out, as text.
    """

    at: str
    expected: str
    got: str


class Expected(Protocol):
    """What a value is expected to be."""

    def differences(self, got: Got, at: str) -> Iterator[Difference]:
        """Yield where a value is not as expected.

        Args:
            got: The value.
            at: Where it stands.
        """
        ...


def shown(value: Got) -> str:
    """Return a value as it is shown to people: JSON, on one line, long objects cut off."""
    if isinstance(value, Missing):
        return value.value
    text = json.dumps(value, ensure_ascii=False)
    if isinstance(value, dict | list) and len(text) > _LONGEST:
        return f"{text[:_LONGEST]}… ({len(text):,} characters)"
    return text


def equal(left: Got, right: Got) -> bool:
    """Tell whether two values are the same, numbers compared as numbers and truth values only with their like."""
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(equal(left[name], right[name]) for name in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(equal, left, right))
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    return left == right


@dataclass(frozen=True, slots=True)
class Scalar:
    """Exactly this text, number or truth value."""

    value: JsonValue

    def differences(self, got: Got, at: str) -> Iterator[Difference]:
        """See :class:`Expected`."""
        if not equal(self.value, got):
            yield Difference(at, shown(self.value), shown(got))


@dataclass(frozen=True, slots=True)
class Nothing:
    """No field, or null."""

    def differences(self, got: Got, at: str) -> Iterator[Difference]:
        """See :class:`Expected`."""
        if got is not None and not isinstance(got, Missing):
            yield Difference(at, Missing.MISSING.value, shown(got))


@dataclass(frozen=True, slots=True)
class Items:
    """A list of as many items, each as expected."""

    items: tuple[Expected, ...]
    written: JsonValue

    def differences(self, got: Got, at: str) -> Iterator[Difference]:
        """See :class:`Expected`."""
        if not isinstance(got, list):
            yield Difference(at, shown(self.written), shown(got))
        elif len(got) != len(self.items):
            expected = f"{shown(self.written)} ({_counted(len(self.items))})"
            yield Difference(at, expected, f"{shown(got)} ({_counted(len(got))})")
        else:
            for number, (expected_item, item) in enumerate(zip(self.items, got, strict=True)):
                yield from expected_item.differences(item, f"{at}[{number}]")


def _counted(number: int) -> str:
    return f"{number} item{'' if number == 1 else 's'}"


@dataclass(frozen=True, slots=True)
class Members:
    """An object with these fields as expected.

    Attributes:
        fields: Name to what is expected.
        exact: Whether there may be no other fields.
        written: As it was written.
    """

    fields: Mapping[str, Expected]
    exact: bool
    written: JsonValue

    def differences(self, got: Got, at: str) -> Iterator[Difference]:
        """See :class:`Expected`."""
        if not isinstance(got, dict):
            yield from self._of_no_object(got, at)
            return
        for name, expected in self.fields.items():
            yield from expected.differences(got.get(name, Missing.MISSING), f"{at}[{name}]")
        if self.exact:
            for name, value in got.items():
                if name not in self.fields:
                    yield Difference(f"{at}[{name}]", Missing.MISSING.value, shown(value))

    def _of_no_object(self, got: Got, at: str) -> Iterator[Difference]:
        """Tell of each field when there is nothing at all, else of the value as a whole."""
        if isinstance(got, Missing) and self.fields:
            for name, expected in self.fields.items():
                yield from expected.differences(got, f"{at}[{name}]")
        else:
            yield Difference(at, shown(self.written), shown(got))

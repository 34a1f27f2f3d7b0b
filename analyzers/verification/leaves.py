"""Compare two JSON documents value by value."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from analyzers.store.document import JsonValue

JsonObject: TypeAlias = Mapping[str, JsonValue]


class Absent:
    """Stands where one of the documents has no such value."""

    def __repr__(self) -> str:
        return "(absent)"


ABSENT: Final = Absent()

Leaf: TypeAlias = "JsonValue | Absent"
Near: TypeAlias = Callable[[str, JsonValue, JsonValue], bool]
"""Whether a reported and a derived value at a place are as equal as they can be, though not the same."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A value that differs.

    Attributes:
        path: Where it is: a JSON pointer (RFC 6901), such as ``/days/3/measured/requests``.
        reported: What the report says.
        derived: What was derived again.
        why: Why, as far as that is known.
    """

    path: str
    reported: Leaf
    derived: Leaf
    why: str = ""


def leaves(value: JsonValue, path: str = "") -> Iterator[tuple[str, JsonValue]]:
    """Yield the places of a document and what stands there: texts, numbers, truth values, nulls, empty containers."""
    if isinstance(value, dict) and value:
        for name, each in value.items():
            yield from leaves(each, f"{path}/{name.replace('~', '~0').replace('/', '~1')}")
    elif isinstance(value, list) and value:
        for place, each in enumerate(value):
            yield from leaves(each, f"{path}/{place}")
    else:
        yield path, value


def compare(reported: JsonObject, derived: JsonObject, near: Near) -> tuple[int, tuple[Difference, ...]]:
    """Return how many values were compared, and those that differ, in the order of the report."""
    found, expected = dict(leaves(dict(reported))), dict(leaves(dict(derived)))
    paths = [*found, *(path for path in expected if path not in found)]
    pairs = ((path, found.get(path, ABSENT), expected.get(path, ABSENT)) for path in paths)
    return len(paths), tuple(Difference(*each) for each in pairs if not _equal(*each, near))


def tokens(path: str) -> tuple[str, ...]:
    """Return the steps of a JSON pointer."""
    return tuple(each.replace("~1", "/").replace("~0", "~") for each in path.split("/")[1:])


def _equal(path: str, reported: Leaf, derived: Leaf, near: Near) -> bool:
    if isinstance(reported, Absent) or isinstance(derived, Absent):
        return False
    if isinstance(reported, bool) is not isinstance(derived, bool):  # in Python, True is 1
        return False
    return reported == derived or near(path, reported, derived)

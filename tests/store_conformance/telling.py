"""Any answer as plain values, and two of them compared place by place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from math import isclose
from typing import Final, TypeAlias

Plain: TypeAlias = "dict[str, Plain] | list[Plain] | str | int | float | bool | None"

HIDDEN: Final = frozenset({"store", "held_since", "held_since_of", "latest"})
"""Fields that say where an answer comes from, or what else is in the store."""
ROUNDING: Final = 1e-12
"""Of a sum of doubles, relative: the order of summing is the store's."""
_NUMBER: Final = re.compile(r"\d[\d,]*(?:\.\d+)?")


@dataclass(frozen=True)
class Told:
    """An answer.

    Attributes:
        label: What was asked.
        value: What was answered.
        estimated: Names of the values, and of the sentences, that rest on percentiles.
        summed: Names of those that rest on sums of doubles.
        loosely: What is compared instead where percentiles are estimates, of groups that are put in order by one: two
            that are within the error of each other may change places there.
    """

    label: str
    value: object
    estimated: frozenset[str] = frozenset()
    summed: frozenset[str] = frozenset()
    loosely: object = None


def plain(value: object) -> Plain:  # noqa: PLR0911  # a line for each kind of value
    """Return a value as dictionaries, lists and leaves: all fields of its records, instants with their offsets."""
    if isinstance(value, Enum):
        return plain(value.value)
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, timedelta | Fraction | Decimal):
        return str(value)
    if is_dataclass(value):
        return {each.name: plain(getattr(value, each.name)) for each in fields(value) if each.name not in HIDDEN}
    if isinstance(value, Mapping):
        return {str(name): plain(each) for name, each in value.items() if name not in HIDDEN}
    if isinstance(value, AbstractSet):
        return [*sorted(map(str, value))]
    assert isinstance(value, tuple | list), value
    return [plain(each) for each in value]


def differences(found: Told, expected: Told, error: float) -> Iterator[str]:
    """Yield what differs: percentiles by more than the stated error of a store, everything else at all."""
    assert found.label == expected.label
    loosely = bool(error) and expected.loosely is not None
    values = (plain(each.loosely if loosely else each.value) for each in (found, expected))
    for path, one, other in _pairs("", *values):
        if type(one) is type(other) and one == other:
            continue
        names = set(path.split("/"))
        allowed = error if names & found.estimated else 0.0
        allowed = max(allowed, ROUNDING) if names & found.summed else allowed
        if not allowed or not _near(one, other, allowed):
            yield f"{found.label}{path}: {one!r} instead of {other!r}"


def _pairs(path: str, one: Plain, other: Plain) -> Iterator[tuple[str, Plain, Plain]]:
    if isinstance(one, dict) and isinstance(other, dict) and list(one) == list(other):
        for name in one:
            yield from _pairs(f"{path}/{name}", one[name], other[name])
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for place, (each, its) in enumerate(zip(one, other, strict=True)):
            yield from _pairs(f"{path}/{place}", each, its)
    else:
        yield path, one, other


def _near(one: Plain, other: Plain, allowed: float) -> bool:
    if isinstance(one, float | int) and isinstance(other, float | int):
        return isclose(one, other, rel_tol=allowed)
    if not isinstance(one, str) or not isinstance(other, str):
        return False
    # A sentence: the same words, and numbers that are near by what is shown of them.
    numbers = zip(_NUMBER.findall(one), _NUMBER.findall(other), strict=False)
    return _NUMBER.sub("#", one) == _NUMBER.sub("#", other) and all(_shown_near(*each, allowed) for each in numbers)


def _shown_near(one: str, other: str, allowed: float) -> bool:
    last = 10.0 ** -len(one.partition(".")[2])
    first, second = (float(each.replace(",", "")) for each in (one, other))
    return isclose(first, second, rel_tol=allowed, abs_tol=last * 1.001)

"""Documents of one shape: the same keys in the same order, with values of the same Python types.

Documents come in few shapes. What a mapping makes of one is worked out once, as a plan (``plans.py``); each document of
it then only has its values checked. A shape out of the ordinary has no plan, nor has a document with such values:
:func:`analyzers.store.validation.read_fields`, which is the rule, judges it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final, TypeAlias

from analyzers.store.document import JsonValue
from analyzers.store.plans import EMPTY, OutOfTheOrdinary, Plan, Slot, make_plan
from analyzers.store.schema import Schema

Below: TypeAlias = "tuple[tuple[str, Below], ...]"
"""The objects of a mapping below one of them, by name."""

_MOST_SHAPES: Final = 4096

# A plan costs as much as judging some five documents by the rule. Where nearly every document has keys of its own, one
# is made for every sixteenth only, after the first few.
_FIRST_PLANS: Final = 1024
_DOCUMENTS_A_PLAN: Final = 16

_Shape: TypeAlias = tuple[tuple[str | None, ...], tuple[type, ...]]


Flat: TypeAlias = tuple[Plan, list[JsonValue], int]
"""A document that every store takes: the plan of its shape; its values, behind them the indexed form of its instants
and addresses; and a bit for each value that its indexed form does not give back (``1 << slot.place``)."""


class Shapes:
    """The shapes that a mapping has seen, with their plans.

    Args:
        schema: The mapping.
    """

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._below = _objects_below((*schema.fields, *schema.aliases))
        self._plans: dict[_Shape, Plan | None] = {}
        self._made = 0
        self._read = 0

    @property
    def count(self) -> int:
        """How many shapes are known."""
        return len(self._plans)

    def read(self, body: Mapping[str, JsonValue]) -> Flat | None:
        """Return a document's values when it is ordinary and every store takes it, ``None`` when it must be judged."""
        self._read += 1
        keys: list[str | None] = []
        values: list[JsonValue] = []
        _flatten(body, self._below, keys, values)
        shape = (tuple(keys), tuple(map(type, values)))
        try:
            plan = self._plans[shape]
        except KeyError:
            plan = self._learn(shape)
        if plan is None:
            return None
        inexact = plan.admit(values)
        return None if inexact is None else (plan, values, inexact)

    def _learn(self, shape: _Shape) -> Plan | None:
        if self._made > _FIRST_PLANS + self._read // _DOCUMENTS_A_PLAN:
            return None
        if len(self._plans) >= _MOST_SHAPES:
            self._plans.clear()
        self._made += 1
        try:
            plan = make_plan(list(_slots(shape, self._below)), len(shape[1]), self._schema)
        except OutOfTheOrdinary:
            plan = None
        self._plans[shape] = plan
        return plan


@lru_cache(maxsize=64)
def shapes_of(schema: Schema) -> Shapes:
    """Return the shapes of a mapping, always the same ones."""
    return Shapes(schema)


def _objects_below(names: Sequence[str]) -> Below:
    """Return the objects that dotted names lie in."""
    inner: dict[str, list[str]] = {}
    for name in names:
        head, dot, rest = name.partition(".")
        if dot:
            inner.setdefault(head, []).append(rest)
    return tuple((head, _objects_below(rests)) for head, rests in inner.items())


def _flatten(body: Mapping[str, JsonValue], below: Below, keys: list[str | None], values: list[JsonValue]) -> None:
    """Append an object's keys, ``None`` as their end, and its values; then those of the mapped objects in it."""
    keys += body
    keys.append(None)
    values += body.values()
    for key, objects in below:
        child = body.get(key)
        if type(child) is not dict:
            continue
        if objects:
            _flatten(child, objects, keys, values)
        else:
            keys += child
            keys.append(None)
            values += child.values()


def _slots(shape: _Shape, below: Below) -> Iterator[Slot]:
    """Yield where each value of a shape stands: the inverse of :func:`_flatten`."""
    keys, kinds = iter(shape[0]), enumerate(shape[1])

    def section(path: tuple[str, ...], objects: Below) -> Iterator[Slot]:
        known = dict(objects)
        opened, empty = set[str](), True
        while (key := next(keys)) is not None:
            empty = False
            place, kind = next(kinds)
            if kind is dict and key in known:
                opened.add(key)
            else:
                yield Slot((*path, key), place, kind)
        if path and empty:
            yield Slot(path, EMPTY, dict)
        for key, deeper in objects:
            if key in opened:
                yield from section((*path, key), deeper)

    yield from section((), below)

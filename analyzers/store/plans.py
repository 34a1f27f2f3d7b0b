"""What a mapping makes of documents of one shape: which values are fields, and what is left to check of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from analyzers.fields import DOC_COUNT, SAMPLE_WEIGHT, TIMESTAMP
from analyzers.store.admission import Check, Place, checks
from analyzers.store.document import JsonValue
from analyzers.store.schema import INTEGRAL, LIST_FIELDS, NUMERIC, FieldSpec, FieldType, Schema
from analyzers.store.wellformed import is_metadata, name_refusal

EMPTY: Final = -1
"""The place of a mapped object that is there but has nothing in it."""

_NOTHING: Final = type(None)
_TEXTUAL: Final = frozenset({FieldType.KEYWORD, FieldType.TEXT})
_SCALARS: Final = frozenset({str, int, float, bool})
_KINDS: Final = _SCALARS | {list, dict, _NOTHING}


class OutOfTheOrdinary(Exception):  # noqa: N818 - nothing is wrong, there only is no plan
    """A shape that has no plan: documents of it may be refused, or have their fields in unusual places."""


@dataclass(frozen=True, slots=True)
class Slot:
    """Where one value of a shape stands.

    Attributes:
        path: The keys that lead to it.
        place: Its index among the document's values, or :data:`EMPTY`.
        kind: Its Python type.
    """

    path: tuple[str, ...]
    place: int
    kind: type


@dataclass(frozen=True, slots=True)
class Column:
    """A field that the documents of a shape have.

    Attributes:
        field: The field.
        slot: Where its value stands.
        place: Where its indexed form stands; instants and addresses have one of their own.
        exact: Whether the indexed form gives the value back, unless a document says otherwise.
    """

    field: FieldSpec
    slot: Slot
    place: int
    exact: bool


class Plan:
    """Checks the values of documents of one shape.

    Args:
        columns: The fields, in the order of the values.
        rest: The values that are no field's.
        checked: What must hold.

    Attributes:
        columns: By the field's name.
        rest: The values that are no field's.
    """

    def __init__(self, columns: Sequence[Column], rest: Sequence[Slot], checked: Sequence[Check]) -> None:
        self.columns: Mapping[str, Column] = {column.field.name: column for column in columns}
        self.rest = tuple(rest)
        self._checks = tuple(checked)

    def admit(self, values: list[JsonValue]) -> int | None:
        """Check a document's values, and append the indexed form of its instants and addresses.

        Returns:
            One bit, ``1 << slot.place``, for each field whose indexed form does not give its value back; ``None`` when
            the rule must judge the document.
        """
        inexact = 0
        for check in self._checks:
            found = check(values)
            if found is None:
                return None
            inexact |= found
        return inexact


def make_plan(slots: Sequence[Slot], size: int, schema: Schema) -> Plan:
    """Return the plan of a shape.

    Args:
        slots: Where its values stand.
        size: How many values a document of it has, those of its objects included.
        schema: The mapping.

    Raises:
        OutOfTheOrdinary: When it has none.
    """
    fields: list[tuple[Slot, FieldSpec]] = []
    rest: list[Slot] = []
    for slot in slots:
        field = _field_of(slot, schema)
        if field is None or slot.kind is _NOTHING:
            rest.append(slot)
        else:
            fields.append((slot, field))
    names = {field.name for _, field in fields}
    if TIMESTAMP not in names or (SAMPLE_WEIGHT in names) != any(_repeats_weight(slot, schema) for slot in rest):
        raise OutOfTheOrdinary
    columns = list(_placed(fields, size))
    places = [Place(column.slot.place, column.slot.kind, column.slot.path, column.field) for column in columns]
    places += [Place(slot.place, slot.kind, slot.path, None) for slot in rest if slot.place != EMPTY]
    return Plan(columns, rest, list(checks(places)))


def _field_of(slot: Slot, schema: Schema) -> FieldSpec | None:
    """Return the field that a value belongs to; ``None`` when it belongs to none, and any value can stand there."""
    if _repeats_weight(slot, schema):
        return None
    name = ".".join(slot.path)
    if slot.kind not in _KINDS or any(name_refusal(key) for key in slot.path) or is_metadata(slot.path[0]):
        raise OutOfTheOrdinary
    if name in schema.aliases or name.count(".") >= len(slot.path):
        raise OutOfTheOrdinary  # to be refused, or a field by a name with dots
    field = schema.fields.get(name)
    if field is None:
        if slot.kind not in {_NOTHING, dict} and _is_object(name, schema):
            raise OutOfTheOrdinary
    elif slot.kind is not _NOTHING and not _takes(field, slot.kind):
        raise OutOfTheOrdinary
    return field


def _repeats_weight(slot: Slot, schema: Schema) -> bool:
    """Tell whether a value is what the checks compare with the document's weight."""
    return slot.path == (DOC_COUNT,) and slot.kind is int and SAMPLE_WEIGHT in schema.fields


def _is_object(name: str, schema: Schema) -> bool:
    return any(known.startswith(f"{name}.") for known in (*schema.fields, *schema.aliases))


def _takes(field: FieldSpec, kind: type) -> bool:
    """Tell whether a field can hold values of a type as a plan treats them."""
    if field.type in _TEXTUAL:
        return kind in _SCALARS or (kind is list and field.name in LIST_FIELDS)
    if field.type in INTEGRAL:
        return kind is int
    if field.type in NUMERIC:
        return kind in {int, float}
    return kind is (bool if field.type is FieldType.BOOLEAN else str)


def _placed(fields: Sequence[tuple[Slot, FieldSpec]], size: int) -> Iterator[Column]:
    """Yield the columns; the indexed forms of instants come behind the values, those of addresses behind them."""
    order = [FieldType.DATE, FieldType.IP]
    derived = [slot.place for kind in order for slot, field in fields if field.type is kind]
    for slot, field in fields:
        place = size + derived.index(slot.place) if field.type in order else slot.place
        yield Column(field, slot, place, _is_exact(field, slot.kind))


def _is_exact(field: FieldSpec, kind: type) -> bool:
    if field.name in LIST_FIELDS:
        return kind is list
    if field.type in _TEXTUAL:
        return kind is str
    return kind is float if field.type in NUMERIC - INTEGRAL else True

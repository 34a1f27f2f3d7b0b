"""From what a case writes below ``expect`` to what events are compared with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from analyzers.store.document import JsonValue
from atalaia.pipeline.cases.expected import ExpectationError, Expected, Items, Members, Nothing, Scalar
from atalaia.pipeline.cases.matchers import compile_matcher
from atalaia.pipeline.errors import EventError
from atalaia.pipeline.event import METADATA
from atalaia.pipeline.reference import FieldReference

_Path: TypeAlias = tuple[str | int, ...]
_SPECIAL: Final = "$"
NOWHERE: Final = "none"
"""What ``output`` says of an event that reaches no output."""


@dataclass(frozen=True, slots=True)
class Checks:
    """What is asked of an event beside its fields; ``None`` where nothing is asked.

    Attributes:
        exact: Whether it may have no fields but those that are listed.
        output: The outputs it reaches, by name, id or path; empty when it reaches none.
        stream: The data stream or index.
        id: The ``_id``.
        written: The text a ``file`` or ``stdout`` output writes.
        tags: All its tags, in any order.
        has_tags: Tags it has.
        no_tags: Tags it has not.
    """

    exact: bool = False
    output: tuple[str, ...] | None = None
    stream: Expected | None = None
    id: Expected | None = None
    written: Expected | None = None
    tags: tuple[str, ...] | None = None
    has_tags: tuple[str, ...] = ()
    no_tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WantedEvent:
    """An event that is expected.

    Attributes:
        fields: Its fields, without ``@metadata``.
        metadata: What is expected below ``[@metadata]``, when anything is.
        checks: What else is asked.
    """

    fields: Members
    metadata: Expected | None
    checks: Checks


def compile_value(value: JsonValue, path: _Path, *, exact: bool = False) -> Expected:
    """Compile one expected value.

    Args:
        value: As it was written.
        path: Where it stands, for messages.
        exact: Whether objects have no fields but those that are listed.

    Raises:
        ExpectationError: When a matcher is not well written, or stands beside fields.
    """
    if value is None:
        return Nothing()
    if isinstance(value, list):
        items = tuple(compile_value(item, (*path, number), exact=exact) for number, item in enumerate(value))
        return Items(items, value)
    if isinstance(value, dict):
        special = [name for name in value if name.startswith(_SPECIAL)]
        if special and len(special) == len(value):
            return compile_matcher(value, path, lambda item, at: compile_value(item, at, exact=exact))
        if special:
            problem = f"{special[0]} stands beside fields"
            raise ExpectationError((*path, special[0]), f"{problem}; a matcher stands alone, for a field's value")
        fields = {name: compile_value(item, (*path, name), exact=exact) for name, item in value.items()}
        return Members(fields, exact, value)
    return Scalar(value)


def split_special(written: Mapping[str, JsonValue]) -> tuple[dict[str, JsonValue], dict[str, JsonValue]]:
    """Return an event's ``$`` keys, without the ``$``, and its fields."""
    special = {name.removeprefix(_SPECIAL): value for name, value in written.items() if name.startswith(_SPECIAL)}
    return special, {name: value for name, value in written.items() if not name.startswith(_SPECIAL)}


def compile_event(
    fields: Mapping[str, JsonValue], checks: Checks, ignore: Sequence[FieldReference], path: _Path
) -> WantedEvent:
    """Compile an expected event.

    Args:
        fields: As written, defaults merged in; names may be references.
        checks: What else is asked of it.
        ignore: Fields that are not compared.
        path: Where it stands, for messages.

    Raises:
        ExpectationError: When a reference or a matcher is not well written.
    """
    nested = nest(fields, path)
    for reference in ignore:
        _forget(nested, _names(reference))
    metadata = nested.pop(METADATA, None)
    members = {name: compile_value(value, (*path, name), exact=checks.exact) for name, value in nested.items()}
    compiled = None if metadata is None else compile_value(metadata, (*path, METADATA))
    return WantedEvent(Members(members, checks.exact, nested), compiled, checks)


def nest(fields: Mapping[str, JsonValue], path: _Path) -> dict[str, JsonValue]:
    """Return fields with names that are references, such as ``[a][b]``, written out as objects.

    Raises:
        ExpectationError: When a reference is malformed.
    """
    nested: dict[str, JsonValue] = {}
    for name, value in fields.items():
        try:
            names = _names(FieldReference.parse(name))
        except EventError as error:
            raise ExpectationError((*path, name), str(error)) from None
        item = value
        for part in reversed(names[1:]):
            item = {part: item}
        nested = merged(nested, {names[0]: item})
    return nested


def merged(base: Mapping[str, JsonValue], over: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Return two objects as one, objects in them merged too; where both say something the second counts."""
    result = dict(base)
    for name, value in over.items():
        known = result.get(name)
        both = isinstance(known, dict) and isinstance(value, dict) and not (_is_matcher(known) or _is_matcher(value))
        result[name] = merged(known, value) if both and isinstance(known, dict) and isinstance(value, dict) else value
    return result


def _is_matcher(value: Mapping[str, JsonValue]) -> bool:
    return any(name.startswith(_SPECIAL) for name in value)


def _names(reference: FieldReference) -> tuple[str, ...]:
    path = (*reference.parents, reference.key)
    return (METADATA, *path) if reference.in_metadata else path


def _forget(fields: dict[str, JsonValue], names: Sequence[str]) -> None:
    """Take a field out of nested objects, in place; every object on the way belongs to the caller."""
    child = fields.get(names[0])
    if len(names) == 1:
        fields.pop(names[0], None)
    elif isinstance(child, dict):
        copied = dict(child)
        _forget(copied, names[1:])
        fields[names[0]] = copied

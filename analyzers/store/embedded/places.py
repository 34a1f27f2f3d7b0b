"""To which of some chosen groups each event belongs, as SQL: by a join with the groups' keys.

Groups are then told apart by a small number instead of their texts, and it does not matter how many were chosen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from analyzers.store.answering import Chosen
from analyzers.store.embedded.columns import Column, quoted
from analyzers.store.embedded.networks import key_of_network
from analyzers.store.embedded.statement import Parameters
from analyzers.store.embedded.statuses import key_of_class
from analyzers.store.keys import field_of
from analyzers.store.query import Field, Key, Network, StatusClass
from analyzers.store.result import Value
from analyzers.store.schema import Schema

PLACE: Final = quoted("place of group")
"""The column of an event's place among the chosen groups, from 0 on; null outside of them. Fields have no space."""

_BYTE: Final = 256


@dataclass(frozen=True, slots=True)
class Places:
    """The places of some groups.

    Attributes:
        chosen: The groups.
        schema: The fields of their stream.
        key: Returns the expression of a key.
    """

    chosen: Chosen
    schema: Schema
    key: Callable[[Key], str]

    def events(self, source: str, where: str, parameters: Parameters) -> str:
        """Return the events of a relation for which a condition holds, with their :data:`PLACE`.

        The network of each address is worked out once, not that of each event.

        Args:
            source: The relation; it has the fields of the keys.
            where: The condition.
            parameters: Those of the statement.
        """
        keys, groups = [self.key(key) for key in self.chosen.fields], self._groups(parameters)
        if any(isinstance(key, Network) for key in self.chosen.fields):
            columns = [quoted(self.schema.field(field_of(key)).name) for key in self.chosen.fields]
            named = ", ".join(f"{column} AS {_key(place)}" for place, column in enumerate(columns))
            # Every part is ours: names quoted from the schema, values as parameters.
            values = f"(SELECT DISTINCT {', '.join(dict.fromkeys(columns))} FROM {source} WHERE {where})"  # noqa: S608 - see above
            groups = f"(SELECT {named}, {PLACE} FROM {values} JOIN {groups} ON {_alike(keys)})"  # noqa: S608 - likewise
            keys = columns
        return f"(SELECT * FROM {source} LEFT JOIN {groups} ON {_alike(keys)} WHERE {where})"  # noqa: S608 - likewise

    def _groups(self, parameters: Parameters) -> str:
        """Return the groups as a relation of their keys and places."""
        # DuckDB groups by numbers of one byte without hashing them.
        kind = "UTINYINT" if len(self.chosen.keys) <= _BYTE else "USMALLINT"
        rows = []
        for place, values in enumerate(self.chosen.keys):
            pairs = zip(self.chosen.fields, values, strict=True)
            rows.append(", ".join([*(self._value(key, value, parameters) for key, value in pairs), f"{place}::{kind}"]))
        names = ", ".join([*map(_key, range(len(self.chosen.fields))), PLACE])
        return f"(VALUES {', '.join(f'({row})' for row in rows)}) AS chosen({names})"

    def _value(self, key: Key, value: Value, parameters: Parameters) -> str:
        """Return a key's value as it is compared, of the key's type: no event's value has to be converted."""
        if value is None:
            return f"NULL::{self._type(key)}"
        match key:
            case Network():
                value = key_of_network(str(value))
            case StatusClass():
                value = key_of_class(str(value))
            case _:
                pass
        if not isinstance(value, str | int | float):
            raise TypeError(f"a group has the key {value!r}")
        return f"{parameters.add(value)}::{self._type(key)}"

    def _type(self, key: Key) -> str:
        match key:
            case Network():
                return "VARCHAR"
            case StatusClass():
                return "BIGINT"
            case Field(name):
                return Column.of(self.schema.field(name)).sql


def _key(place: int) -> str:
    return quoted(f"key {place}")


def _alike(keys: Sequence[str]) -> str:
    return " AND ".join(f"{key} IS NOT DISTINCT FROM {_key(place)}" for place, key in enumerate(keys))

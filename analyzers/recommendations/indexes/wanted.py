"""An index that a statement could use, and how PostgreSQL is told to make it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from analyzers.language import Message

LONGEST_NAME: Final = 63
"""Bytes of a name: PostgreSQL cuts longer ones (``NAMEDATALEN`` less one; its documentation, "Lexical Structure",
Identifiers and Key Words)."""
_HASH: Final = 8


class Unreadable(ValueError):  # noqa: N818 - a verdict on a statement, told as a remark and never as an error
    """A statement of which no index can be read."""

    def __init__(self, why: Message) -> None:
        super().__init__(why.text)
        self.why = why


class Wrap(StrEnum):
    """The functions that an index may hold a column in: they change the case of letters, and are immutable."""

    NONE = ""
    LOWER = "lower"
    UPPER = "upper"


@dataclass(frozen=True, slots=True)
class Key:
    """A column of an index.

    Attributes:
        column: Its name as the catalog has it.
        wrap: The function that the statement puts it in.
        descending: Whether its order is reversed.
        nulls_first: Whether rows without a value come first; ``None`` for the direction's own way.
    """

    column: str
    wrap: Wrap = Wrap.NONE
    descending: bool = False
    nulls_first: bool | None = None

    @property
    def sql(self) -> str:
        """As ``CREATE INDEX`` has it."""
        name = quoted(self.column)
        parts = [f"{self.wrap}({name})" if self.wrap else name]
        if self.descending:
            parts.append("DESC")
        if self.nulls_first is not None:
            parts.append("NULLS FIRST" if self.nulls_first else "NULLS LAST")
        return " ".join(parts)


@dataclass(frozen=True, slots=True)
class Wanted:
    """An index.

    Attributes:
        schema: The table's schema where the statement names it.
        table: The table.
        keys: Its columns in order.
        only: The conditions of a partial index, as SQL, sorted; empty for an index of all rows.
    """

    schema: str | None
    table: str
    keys: tuple[Key, ...]
    only: tuple[str, ...] = ()

    @property
    def relation(self) -> str:
        """The table as a statement names it."""
        return ".".join(quoted(each) for each in (self.schema, self.table) if each is not None)

    @property
    def columns(self) -> str:
        """The columns as people write them."""
        return ", ".join(key.sql for key in self.keys)

    @property
    def name(self) -> str:
        """A name for it, made of its table and columns, and of a digest where that is not all or too long."""
        words = ["ix", self.table, *(f"{key.wrap}{'_' if key.wrap else ''}{key.column}" for key in self.keys)]
        plain = "_".join(words)
        told = not self.only and not any(key.descending or key.nulls_first is not None for key in self.keys)
        if told and len(plain.encode()) <= LONGEST_NAME:
            return plain
        digest = hashlib.blake2b(self.create_as(plain).encode(), digest_size=_HASH // 2).hexdigest()
        kept = plain.encode()[: LONGEST_NAME - _HASH - 1].decode(errors="ignore")
        return f"{kept}_{digest}"

    def create_as(self, name: str) -> str:
        """Return the statement that makes it without locking out writers, under a name."""
        only = f" WHERE {' AND '.join(self.only)}" if self.only else ""
        return f"CREATE INDEX CONCURRENTLY {quoted(name)} ON {self.relation} ({self.columns}){only};"

    @property
    def create(self) -> str:
        """The statement that makes it without locking out writers."""
        return self.create_as(self.name)

    def serves(self, other: Wanted) -> bool:
        """Tell whether whoever wants the other one is served by this: it begins with the same columns."""
        same = (self.schema, self.table, self.only) == (other.schema, other.table, other.only)
        return same and self.keys[: len(other.keys)] == other.keys


def quoted(name: str) -> str:
    """Return a name as a quoted identifier, which is right for every name."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: str) -> str:
    """Return a text as an SQL string; with ``standard_conforming_strings``, as it is by default, that is all."""
    return "'" + value.replace("'", "''") + "'"

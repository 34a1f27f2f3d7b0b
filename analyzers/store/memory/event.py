"""A document and the values that its fields have: what queries in memory look at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Self, cast

from analyzers.fields import SAMPLE_WEIGHT, TIMESTAMP
from analyzers.store.document import Document
from analyzers.store.instants import from_millis
from analyzers.store.leaves import Leaf
from analyzers.store.schema import load_schema
from analyzers.store.selection import Place
from analyzers.store.validation import Fields, read_fields


@dataclass(frozen=True, slots=True)
class Event:
    """A document that was taken, and the values of its fields."""

    document: Document
    fields: Fields

    @classmethod
    def of(cls, document: Document) -> Self:
        """Read a document.

        Raises:
            Refusal: When no store takes it.
            QueryError: When there is no such stream.
        """
        return cls(document, read_fields(document, load_schema(document.stream)))

    @property
    def instant(self) -> datetime:
        """``@timestamp``, cut to the millisecond, in UTC."""
        return from_millis(self.place.instant)

    @property
    def weight(self) -> int:
        """How many events it stands for."""
        return cast("int", self.fields.get(SAMPLE_WEIGHT, (1,))[0])

    @property
    def place(self) -> Place:
        """Where it stands among others."""
        return Place(cast("int", self.fields[TIMESTAMP][0]), self.document.id, self.document.stream)

    def values(self, name: str) -> tuple[Leaf, ...]:
        """Return the values of a field, which may be named by an alias: none, one, or those of a list."""
        return self.fields.get(load_schema(self.document.stream).field(name).name, ())

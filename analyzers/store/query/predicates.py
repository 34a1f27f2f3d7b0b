"""Which events count."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

Scalar: TypeAlias = str | int | float | bool
"""A value a field can be compared with. Instants are compared through the window, not through predicates."""


@dataclass(frozen=True, slots=True)
class Equals:
    """The field is present and has this value (for a list field: contains it)."""

    field: str
    value: Scalar


@dataclass(frozen=True, slots=True)
class In:
    """The field is present and has one of these values."""

    field: str
    values: tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class Range:
    """The field is present and lies between the bounds; a bound of ``None`` is open.

    Attributes:
        gte: Inclusive lower bound.
        gt: Exclusive lower bound.
        lte: Inclusive upper bound.
        lt: Exclusive upper bound.
    """

    field: str
    gte: float | None = None
    gt: float | None = None
    lte: float | None = None
    lt: float | None = None


@dataclass(frozen=True, slots=True)
class Prefix:
    """The keyword field is present and starts with this text (case-sensitive)."""

    field: str
    prefix: str


@dataclass(frozen=True, slots=True)
class Contains:
    """The keyword field is present and has this text somewhere in it, whatever the case of either.

    Characters are compared one by one in lower case (:func:`analyzers.store.words.folded`); accents count.
    """

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Words:
    """The text field is present and has the words of this text, side by side and in this order.

    Words are what Elasticsearch's ``standard`` analyzer makes of a text (:func:`analyzers.store.words.words_of`): in
    lower case, with their accents, without what stands between them. For words anywhere in a text, ask for each.
    """

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class InNetwork:
    """The field is present and holds an address of a network, in CIDR notation: ``10.0.0.0/8``, ``2001:db8::/32``.

    An IPv4-mapped address is the IPv4 address that it maps, and in no IPv6 network.
    """

    field: str
    network: str


@dataclass(frozen=True, slots=True)
class Exists:
    """The field is present and not null."""

    field: str


@dataclass(frozen=True, slots=True)
class And:
    """All hold; the empty conjunction is true."""

    predicates: tuple[Predicate, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one holds; the empty disjunction is false."""

    predicates: tuple[Predicate, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The predicate does not hold. Two-valued: an absent field makes ``Equals`` false, so ``Not(Equals)`` true."""

    predicate: Predicate


Comparison: TypeAlias = Equals | In | InNetwork | Range | Prefix | Contains | Words | Exists
"""A comparison of one field."""

Predicate: TypeAlias = Comparison | And | Or | Not

EVERYTHING = And(())
"""The predicate that every event satisfies."""

"""Take fields away by their names or values. Source: logstash-filter-prune 3.0.4.

Only fields at the root of the event are looked at. What is to go is found first, on the event as it came, and then
taken away. The common options are always applied.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias

import regex
from pydantic import Field

from atalaia.pipeline.errors import EventError
from atalaia.pipeline.event import Event
from atalaia.pipeline.filters.base import FilterContext, FilterFunction, FilterOptions, FilterPlugin
from atalaia.pipeline.grok.onigmo import compile_expression
from atalaia.pipeline.grok.onigmo_sets import ExpressionError
from atalaia.pipeline.options import OptionError
from atalaia.pipeline.reference import FieldReference
from atalaia.pipeline.settings import Flag, ItemHash, Items
from atalaia.pipeline.sprintf import compile_template
from atalaia.pipeline.values import Value

_UNRESOLVED: Final = r"%\{[^}]+\}"
_REMEMBERED: Final = 1024
"""Expressions made from fields that are kept compiled."""


class PruneOptions(FilterOptions):
    """Options of ``prune``; every expression is searched for, and matches anywhere unless it has anchors.

    Attributes:
        interpolate: Whether expressions, and names of fields before them, hold ``%{…}``.
        whitelist_names: Only fields whose names match one of these stay; all where empty.
        blacklist_names: Fields whose names match one of these go; by default those named by an unresolved ``%{…}``.
        whitelist_values: Field to expression: the field goes unless its text matches, from an array the items that
            do not.
        blacklist_values: Field to expression: the field goes when its text matches, from an array the items that do.
    """

    interpolate: Flag = False
    whitelist_names: Items = ()
    blacklist_names: Items = (_UNRESOLVED,)
    whitelist_values: ItemHash = Field(default_factory=dict)
    blacklist_values: ItemHash = Field(default_factory=dict)


_Pattern: TypeAlias = "regex.Pattern[str]"
_PatternOf: TypeAlias = Callable[[Event], _Pattern]


@dataclass(frozen=True, slots=True)
class _Removal:
    """A field that goes; or, with what is to stay of it, an array that is shortened."""

    name: str
    kept: list[Value] | None = None


_Rule: TypeAlias = Callable[[Event], Iterator[_Removal]]


def build(options: PruneOptions, _context: FilterContext) -> FilterFunction:
    """Build the filter: compile the expressions, unless they are made for each event."""
    rules = tuple(_rules(options))

    def prune(event: Event) -> bool:
        removals = [removal for rule in rules for removal in rule(event)]
        _check_order(removals)
        for removal in removals:
            _remove(event, removal)
        return True

    return prune


def _rules(options: PruneOptions) -> Iterator[_Rule]:
    """Yield what finds removals, in Logstash's order."""
    compile_for = _interpolating if options.interpolate else _constant
    if options.whitelist_names:
        yield _by_name(compile_for("whitelist_names", options.whitelist_names), keep=True)
    if options.blacklist_names:
        yield _by_name(compile_for("blacklist_names", options.blacklist_names), keep=False)
    for name, expression in options.whitelist_values.items():
        pattern = compile_for("whitelist_values", [expression])
        yield _by_value(name, pattern, keep=True, interpolate=options.interpolate)
    for name, expression in options.blacklist_values.items():
        pattern = compile_for("blacklist_values", [expression])
        yield _by_value(name, pattern, keep=False, interpolate=options.interpolate)


def _union(expressions: Sequence[str]) -> _Pattern:
    """Compile expressions to one that matches where any of them does, as Ruby's ``Regexp.union``."""
    each = [compile_expression(expression) for expression in expressions]
    return each[0] if len(each) == 1 else compile_expression("|".join(f"(?-mix:{text})" for text in expressions))


def _constant(option: str, expressions: Sequence[str | float]) -> _PatternOf:
    texts = [expression for expression in expressions if isinstance(expression, str)]
    if len(texts) < len(expressions):
        raise OptionError(option, "a number is no expression", "write it in quotes")
    try:
        pattern = _union(texts)
    except ExpressionError as error:
        raise OptionError(option, str(error)) from error
    return lambda _event: pattern


def _interpolating(_option: str, expressions: Sequence[str | float]) -> _PatternOf:
    templates = [compile_template(str(expression)) for expression in expressions]
    union = lru_cache(maxsize=_REMEMBERED)(_union)

    def pattern(event: Event) -> _Pattern:
        try:
            return union(tuple(template(event) for template in templates))
        except ExpressionError as error:
            raise EventError(str(error)) from error

    return pattern


def _by_name(pattern_of: _PatternOf, *, keep: bool) -> _Rule:
    def find(event: Event) -> Iterator[_Removal]:
        search = pattern_of(event).search
        for name in event.data:
            if (search(name) is not None) is not keep:
                yield _Removal(name)

    return find


def _by_value(name: str, pattern_of: _PatternOf, *, keep: bool, interpolate: bool) -> _Rule:
    template = compile_template(name)

    def find(event: Event) -> Iterator[_Removal]:
        field = template(event) if interpolate else name
        pattern = pattern_of(event)
        value = event.data.get(field)
        if value is None or value is False:
            return
        if not isinstance(value, list):
            if _matches(pattern, value, field) is not keep:
                yield _Removal(field)
            return
        kept = [item for item in value if _matches(pattern, item, field) is keep]
        if len(kept) < len(value):
            yield _Removal(field, kept or None)

    return find


def _matches(pattern: _Pattern, value: Value, field: str) -> bool:
    if not isinstance(value, str):
        raise EventError(f"{value!r} in {field!r} cannot be matched: it is no text", "convert it to a string first")
    return pattern.search(value) is not None


def _check_order(removals: Sequence[_Removal]) -> None:
    """Refuse to shorten an array that an earlier rule takes away: Logstash stops there."""
    gone: set[str] = set()
    for removal in removals:
        if removal.kept is None:
            gone.add(removal.name)
        elif removal.name in gone:
            raise EventError(f"{removal.name!r} cannot be shortened: another rule takes it away")


def _remove(event: Event, removal: _Removal) -> None:
    reference = FieldReference.parse(removal.name)
    if removal.kept is None:
        reference.remove(event)
    else:
        reference.set(event, removal.kept)


PLUGIN = FilterPlugin("prune", PruneOptions, build)

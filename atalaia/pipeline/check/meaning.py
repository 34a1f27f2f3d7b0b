"""When two conditions say the same, and what one says that is about no field."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import TypeAlias

from atalaia.pipeline.check.loading import parts_of
from atalaia.pipeline.config import tree as syntax
from atalaia.pipeline.config.conditions import compile_condition
from atalaia.pipeline.config.variables import Variables
from atalaia.pipeline.errors import ConfigurationError, EventError
from atalaia.pipeline.event import Event

Meaning: TypeAlias = "tuple[Meaning, ...] | str | int | float | bool"
"""A part of a condition without the places it was read from."""


def meaning(condition: syntax.Condition) -> Meaning:
    """Return what a condition says, equal for two that say the same in the same words."""
    return _meaning(condition)


def constant_verdict(condition: syntax.Condition) -> bool | None:
    """Return whether a condition holds that is about constants alone; ``None`` for any other."""
    if not all(isinstance(part, syntax.Comparison | syntax.Membership | syntax.Match) for part in parts_of(condition)):
        return None
    if "Selector" in _kinds(_meaning(condition)):
        return None
    try:
        return compile_condition(condition, Variables({}))(Event({}))
    except (ConfigurationError, EventError):  # refused, which another check tells; or undecided for every event
        return None


def _meaning(node: object) -> Meaning:
    if is_dataclass(node) and not isinstance(node, type):
        parts = (getattr(node, each.name) for each in fields(node) if each.name not in ("position", "places"))
        return (type(node).__name__, *map(_meaning, parts))
    if isinstance(node, tuple):
        return tuple(map(_meaning, node))
    if isinstance(node, str | int | float):
        return node
    raise TypeError(f"no part of a condition: {node!r}")


def _kinds(found: Meaning) -> set[str]:
    """Return the first words of all tuples: the kinds of nodes."""
    if not isinstance(found, tuple):
        return set()
    names = {found[0]} if found and isinstance(found[0], str) else set()
    return names.union(*map(_kinds, found))

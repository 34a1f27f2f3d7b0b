"""What an event is known to be like once a condition was decided."""

from __future__ import annotations

from dataclasses import replace

from atalaia.pipeline.check.flow.fields import Field, Kind, Path, Presence, State, joined
from atalaia.pipeline.check.flow.references import path_of
from atalaia.pipeline.config import tree as syntax

TAGS: Path = ("tags",)


def assume(condition: syntax.Condition, state: State, *, holds: bool) -> State:
    """Return the state of an event for which a condition holds, or does not."""
    match condition:
        case syntax.Not():
            return assume(condition.inner, state, holds=not holds)
        case syntax.Joined():
            return _assume_joined(condition, state, holds=holds)
        case syntax.Comparison():
            return _assume_comparison(condition, state, holds=holds)
        case syntax.Membership() | syntax.Match():
            return state if holds is condition.negated else _found(condition, state)
        case _:
            return _there(state, condition, None) if holds else state


def before_right(condition: syntax.Joined, state: State) -> State:
    """Return the state in which the right side of two joined conditions is decided."""
    if condition.operator is syntax.BooleanOperator.XOR:
        return state
    return assume(condition.left, state, holds=condition.operator is not syntax.BooleanOperator.OR)


def _assume_joined(condition: syntax.Joined, state: State, *, holds: bool) -> State:
    match condition.operator, holds:
        case (syntax.BooleanOperator.AND, True) | (syntax.BooleanOperator.NAND, False):
            return assume(condition.right, assume(condition.left, state, holds=True), holds=True)
        case syntax.BooleanOperator.OR, False:
            return assume(condition.right, assume(condition.left, state, holds=False), holds=False)
        case syntax.BooleanOperator.OR, True:
            right = assume(condition.right, before_right(condition, state), holds=True)
            return joined((assume(condition.left, state, holds=True), right))
        case _:
            return state


def _assume_comparison(node: syntax.Comparison, state: State, *, holds: bool) -> State:
    """An order that was decided proves both sides; an equality only what equals a constant."""
    ordered = node.operator not in ("==", "!=")
    if not ordered and holds is not (node.operator == "=="):
        return state
    for one, other in ((node.left, node.right), (node.right, node.left)):
        kind = _constant_kind(other)
        if ordered or kind is not None:
            state = _there(state, one, None if ordered else kind)  # null and booleans are equal to anything in order
    return state


def _found(node: syntax.Membership | syntax.Match, state: State) -> State:
    """Return the state in which something was in something, or matched."""
    if isinstance(node, syntax.Match):
        return _there(state, node.left, Kind.TEXT)
    if isinstance(node.right, syntax.Selector):
        state = _there(state, node.right, None)
        if isinstance(node.left, syntax.String) and path_of(node.right.text) == TAGS:
            state = state.tagged((node.left.text,))
    return _there(state, node.left, Kind.TEXT if isinstance(node.right, syntax.String) else None)


def _there(state: State, operand: syntax.Operand, kind: Kind | None) -> State:
    """Return the state in which a field is known to be there, with a kind when that is known too."""
    path = path_of(operand.text) if isinstance(operand, syntax.Selector) else None
    if path is None:
        return state
    found = state.at(path)
    known = replace(found, presence=Presence.CERTAIN, kind=kind or found.kind, removed=None)
    fields = {**state.fields, path: Field(Presence.CERTAIN, kind or Kind.ANY) if found.absent else known}
    return replace(state, fields=fields)


def _constant_kind(operand: syntax.Operand) -> Kind | None:
    match operand:
        case syntax.String():
            return Kind.TEXT
        case syntax.Number():
            return Kind.NUMBER
        case _:
            return None

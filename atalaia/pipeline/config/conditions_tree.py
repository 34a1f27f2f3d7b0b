"""How conditions joined by operators bind: ``and`` before ``or``; ``xor`` and ``nand`` only between parentheses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from atalaia.pipeline.config.tree import BooleanOperator, Condition, Joined
from atalaia.pipeline.errors import ConfigurationError, Position

MOST_PARTS: Final = 150
"""How many conditions may be joined without parentheses; they nest, and Python compiles only so deep a nesting."""

_BINDING: Final = {BooleanOperator.OR: 1, BooleanOperator.AND: 2}


@dataclass(frozen=True, slots=True)
class BooleanSign:
    """An operator between two conditions, and where it stands."""

    operator: BooleanOperator
    position: Position


def join_conditions(conditions: Sequence[Condition], signs: Sequence[BooleanSign]) -> Condition:
    """Return one condition for ``condition operator condition …``.

    The way is Logstash's own (``join_conditions`` of its ``lscl.rb``), which gives up at most one waiting operator for
    each new one: ``a and b and c or d`` is ``a and ((b and c) or d)``.

    Raises:
        ConfigurationError: When ``xor`` or ``nand`` stands beside another operator without parentheses.
    """
    if len(signs) > 1:
        _check_unambiguous(signs)
    operands: list[Condition] = [conditions[0]]
    waiting: list[BooleanSign] = []
    surprising = False
    for sign, condition in zip(signs, conditions[1:], strict=True):
        if _gives_way(waiting, sign):
            _apply(waiting.pop(), operands)
            surprising = surprising or _gives_way(waiting, sign)
        waiting.append(sign)
        operands.append(condition)
    while waiting:
        _apply(waiting.pop(), operands)
    whole = operands[0]
    return replace(whole, surprising=True) if surprising and isinstance(whole, Joined) else whole


def _gives_way(waiting: Sequence[BooleanSign], sign: BooleanSign) -> bool:
    """Tell whether the last waiting operator binds tighter than a new one."""
    return bool(waiting) and _BINDING.get(waiting[-1].operator, 0) > _BINDING.get(sign.operator, 0)


def _check_unambiguous(signs: Sequence[BooleanSign]) -> None:
    for sign in signs:
        if sign.operator not in _BINDING:
            raise ConfigurationError(
                sign.position,
                f"{sign.operator} beside another operator has no precedence",
                "put parentheses around each pair",
            )


def _apply(sign: BooleanSign, operands: list[Condition]) -> None:
    right, left = operands.pop(), operands.pop()
    operands.append(Joined(sign.position, sign.operator, left, right))

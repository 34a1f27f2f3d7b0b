"""How conditions joined by operators bind: ``and`` before ``or``; ``xor`` and ``nand`` only between parentheses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from atalaia.pipeline.config.tree import BooleanOperator, Condition, Joined, Not
from atalaia.pipeline.errors import ConfigurationError, Position

MOST_PARTS: Final = 100
"""How many parts one condition may have: joined, they nest, and Python compiles no deeper nesting than 200."""

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


def parts_count(condition: Condition) -> int:
    """Return how many parts a condition has, those in parentheses included."""
    count, waiting = 0, [condition]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Joined):
            waiting += (part.left, part.right)
        elif isinstance(part, Not):
            waiting.append(part.inner)
        else:
            count += 1
    return count


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

"""How conditions joined by operators bind: ``and`` before ``or``; ``xor`` and ``nand`` only between parentheses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from lark import Token

from atalaia.pipeline.config.tree import BooleanOperator, Condition, Joined
from atalaia.pipeline.errors import ConfigurationError, Position

_BINDING: Final = {BooleanOperator.OR: 1, BooleanOperator.AND: 2}


def join_conditions(parts: Sequence[Condition | Token], at: Callable[[Token], Position]) -> Condition:
    """Return one condition for ``condition operator condition …``.

    Raises:
        ConfigurationError: When ``xor`` or ``nand`` stands beside another operator without parentheses.
    """
    conditions = [part for part in parts if not isinstance(part, Token)]
    operators = [part for part in parts if isinstance(part, Token)]
    if len(operators) > 1:
        _check_unambiguous(operators, at)
    return _join(conditions, operators, at)


def _check_unambiguous(operators: Sequence[Token], at: Callable[[Token], Position]) -> None:
    for operator in operators:
        if BooleanOperator(str(operator)) not in _BINDING:
            raise ConfigurationError(
                at(operator),
                f"{operator} beside another operator has no precedence",
                "put parentheses around each pair",
            )


def _join(conditions: Sequence[Condition], operators: Sequence[Token], at: Callable[[Token], Position]) -> Condition:
    """Split at the last of the loosest operators."""
    if not operators:
        return conditions[0]
    loosest = min(_BINDING.get(BooleanOperator(str(operator)), 0) for operator in operators)
    split = max(
        index for index, operator in enumerate(operators) if _BINDING.get(BooleanOperator(str(operator)), 0) == loosest
    )
    operator = operators[split]
    left = _join(conditions[: split + 1], operators[:split], at)
    right = _join(conditions[split + 1 :], operators[split + 1 :], at)
    return Joined(at(operator), BooleanOperator(str(operator)), left, right)

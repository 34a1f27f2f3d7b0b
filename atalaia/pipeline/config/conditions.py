"""Compile conditions, with the semantics of Logstash's ``EventCondition``.

False are: a missing field, null, ``false``, ``""`` and ``"false"``. Nothing is converted by ``==``. ``<`` and
its kin drop the event when a side is missing or the two cannot be compared.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Final

from atalaia.pipeline.config import tree as syntax
from atalaia.pipeline.config.comparing import IncomparableError, compare, is_true, same
from atalaia.pipeline.config.membership import membership
from atalaia.pipeline.config.operands import Getter, Test, operand_of, selector_of
from atalaia.pipeline.config.variables import Variables
from atalaia.pipeline.errors import ConfigurationError, Refusal
from atalaia.pipeline.event import Event
from atalaia.pipeline.grok.engine import Expression, compile_fast
from atalaia.pipeline.grok.onigmo import translate
from atalaia.pipeline.grok.onigmo_sets import ExpressionError
from atalaia.pipeline.reference import FieldReference

_ORDER: Final[Mapping[str, Callable[[int, int], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def compile_condition(condition: syntax.Condition, variables: Variables) -> Test:
    """Compile a condition.

    Raises:
        ConfigurationError: When Logstash would refuse it: a constant alone, a pattern that does not compile.
    """
    match condition:
        case syntax.Joined():
            return _joined(condition, variables)
        case syntax.Not():
            inner = compile_condition(condition.inner, variables)
            return lambda event: not inner(event)
        case syntax.Comparison():
            return _comparison(condition, variables)
        case syntax.Membership():
            inside = membership(condition, variables)
            return (lambda event: not inside(event)) if condition.negated else inside
        case syntax.Match():
            return _match(condition, variables)
        case syntax.Selector():
            get = selector_of(condition)
            return lambda event: is_true(get(event))
        case _:
            raise ConfigurationError(
                condition.position,
                "a constant alone is no condition",
                "compare it with a field",
                code=Refusal.BAD_CONDITION,
            )


def _joined(condition: syntax.Joined, variables: Variables) -> Test:
    left, right = compile_condition(condition.left, variables), compile_condition(condition.right, variables)
    match condition.operator:
        case syntax.BooleanOperator.AND:
            return lambda event: left(event) and right(event)
        case syntax.BooleanOperator.OR:
            return lambda event: left(event) or right(event)
        case syntax.BooleanOperator.XOR:
            return lambda event: left(event) != right(event)
        case _:
            return lambda event: not (left(event) and right(event))


def _comparison(node: syntax.Comparison, variables: Variables) -> Test:
    if isinstance(node.left, syntax.Array) or isinstance(node.right, syntax.Array):
        problem = f"{node.operator} does not take a list"
        raise ConfigurationError(node.position, problem, "write in", code=Refusal.BAD_CONDITION)
    left, right = operand_of(node.left, variables), operand_of(node.right, variables)
    if node.operator in ("==", "!="):
        return _equality(node, left, right)
    holds = _ORDER[node.operator]
    present = [FieldReference.parse(side.text) for side in (node.left, node.right) if isinstance(side, syntax.Selector)]

    def ordered(event: Event) -> bool:
        for reference in present:
            if not reference.includes(event):
                raise IncomparableError(f"{reference.text} is missing", "test the field first")
        return holds(compare(left(event), right(event)), 0)

    return ordered


def _equality(node: syntax.Comparison, left: Getter, right: Getter) -> Test:
    """Compare for equality; missing equals missing, but not null."""
    wanted = node.operator == "=="
    if not (isinstance(node.left, syntax.Selector) and isinstance(node.right, syntax.Selector)):
        return lambda event: same(left(event), right(event)) is wanted
    one, other = FieldReference.parse(node.left.text), FieldReference.parse(node.right.text)

    def equal(event: Event) -> bool:
        alike = same(one.get(event), other.get(event)) and one.includes(event) == other.includes(event)
        return alike is wanted

    return equal


def _match(node: syntax.Match, variables: Variables) -> Test:
    if isinstance(node.left, syntax.Number | syntax.Array):
        problem = "a regular expression is matched against a field or a text"
        raise ConfigurationError(node.left.position, problem, code=Refusal.BAD_CONDITION)
    get = operand_of(node.left, variables)
    search = expression_of(node).search
    wanted = not node.negated

    def matches(event: Event) -> bool:
        value = get(event)
        return (isinstance(value, str) and search(value) is not None) is wanted

    return matches


def expression_of(node: syntax.Match) -> Expression:
    """Return the compiled expression of a match; ``${…}`` in it is as written, as in Logstash.

    Raises:
        ConfigurationError: When it does not compile.
    """
    try:
        return compile_fast(translate(node.pattern.text))
    except ExpressionError as error:
        raise ConfigurationError(
            node.pattern.position, error.message, error.remedy, code=Refusal.BAD_PATTERN
        ) from error

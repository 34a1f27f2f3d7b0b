"""Compile conditions, with the semantics of Logstash's ``EventCondition``.

False are: a missing field, null, ``false``, ``""`` and ``"false"``. Nothing is converted by ``==``. ``<`` and
its kin drop the event when a side is missing or the two cannot be compared.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from atalaia.pipeline.config import tree as syntax
from atalaia.pipeline.config.variables import Variables
from atalaia.pipeline.errors import ConfigurationError, EventError, Refusal
from atalaia.pipeline.event import Event
from atalaia.pipeline.grok.engine import Expression, compile_fast
from atalaia.pipeline.grok.onigmo import translate
from atalaia.pipeline.grok.onigmo_sets import ExpressionError
from atalaia.pipeline.java import java_text
from atalaia.pipeline.reference import FieldReference
from atalaia.pipeline.timestamp import Timestamp
from atalaia.pipeline.values import Value

Test: TypeAlias = Callable[[Event], bool]
"""Tells whether a condition holds for an event."""

_Getter: TypeAlias = Callable[[Event], Value]
_ORDER: Final[Mapping[str, Callable[[int, int], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class IncomparableError(EventError):
    """Two values have no order; Logstash drops the event with a warning."""


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
            inside = _membership(condition, variables)
            return (lambda event: not inside(event)) if condition.negated else inside
        case syntax.Match():
            return _match(condition, variables)
        case syntax.Selector():
            get = _selector(condition)
            return lambda event: is_true(get(event))
        case _:
            raise ConfigurationError(
                condition.position,
                "a constant alone is no condition",
                "compare it with a field",
                code=Refusal.BAD_CONDITION,
            )


def is_true(value: Value) -> bool:
    """Tell whether a field alone holds as a condition."""
    if isinstance(value, str):
        return value not in ("", "false")
    if isinstance(value, list | dict):
        return True
    return value is not None and java_text(value) not in ("", "false")


def same(left: Value, right: Value) -> bool:
    """Tell whether two values are equal of their type: 5 is not 5.0, and true is not 1."""
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(left[name], right[name]) for name in left)
    return type(left) is type(right) and left == right


def compare(left: Value, right: Value) -> int:
    """Return a number below, at or above 0 as ``left`` is before, equal to or after ``right``.

    Null and booleans count as equal to anything, as Ruby objects without an order do in Logstash.

    Raises:
        IncomparableError: When the two are of kinds that have no order.
    """
    if left is None or isinstance(left, bool):
        return 0
    if isinstance(left, int | float) and isinstance(right, int | float) and not isinstance(right, bool):
        return (left > right) - (left < right)
    if isinstance(left, str) and isinstance(right, str):
        a, b = left.encode("utf-8", "surrogatepass"), right.encode("utf-8", "surrogatepass")
        return (a > b) - (a < b)
    if isinstance(left, Timestamp) and isinstance(right, Timestamp):
        return (left > right) - (left < right)
    raise IncomparableError(f"{left!r} cannot be compared with {right!r}", "test or convert the field first")


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


def _selector(selector: syntax.Selector) -> _Getter:
    return FieldReference.parse(selector.text).get


def constant_of(operand: syntax.Value | syntax.Selector, variables: Variables) -> Value:
    """Return the value of an operand that is no field."""
    match operand:
        case syntax.String() | syntax.Word():
            return variables.replace(operand.text, operand.position)
        case syntax.Number():
            return operand.value
        case syntax.Array():
            return [constant_of(item, variables) for item in operand.items]
        case _:
            raise ConfigurationError(operand.position, "this cannot stand in a condition", code=Refusal.BAD_CONDITION)


def _comparison(node: syntax.Comparison, variables: Variables) -> Test:
    if isinstance(node.left, syntax.Array) or isinstance(node.right, syntax.Array):
        problem = f"{node.operator} does not take a list"
        raise ConfigurationError(node.position, problem, "write in", code=Refusal.BAD_CONDITION)
    left, right = _operand(node.left, variables), _operand(node.right, variables)
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


def _operand(operand: syntax.Operand, variables: Variables) -> _Getter:
    if isinstance(operand, syntax.Selector):
        return _selector(operand)
    value = constant_of(operand, variables)
    return lambda _event: value


def _equality(node: syntax.Comparison, left: _Getter, right: _Getter) -> Test:
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
    get = _operand(node.left, variables)
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


def _membership(node: syntax.Membership, variables: Variables) -> Test:
    match node.left, node.right:
        case syntax.Selector(), syntax.Selector():
            return _field_in_field(node.left, node.right)
        case syntax.Selector(), syntax.Array():
            return _field_in_list(_selector(node.left), constant_of(node.right, variables))
        case syntax.Selector(), _:
            return _field_inconstant_of(_selector(node.left), java_text(constant_of(node.right, variables)))
        case _, syntax.Selector():
            return _constant_in_field(constant_of(node.left, variables), _selector(node.right))
        case _:
            verdict = same(constant_of(node.left, variables), constant_of(node.right, variables))
            return lambda _event: verdict


def _field_in_list(get: _Getter, items: Value) -> Test:
    """Compare by text: the number 5 is in ``["5", "6"]``."""
    texts = frozenset(java_text(item) for item in items) if isinstance(items, list) else frozenset[str]()

    def inside(event: Event) -> bool:
        value = get(event)
        return value is not None and java_text(value) in texts

    return inside


def _field_inconstant_of(get: _Getter, text: str) -> Test:
    def inside(event: Event) -> bool:
        value = get(event)
        return isinstance(value, str) and value in text

    return inside


def _constant_in_field(constant: Value, get: _Getter) -> Test:
    def inside(event: Event) -> bool:
        value = get(event)
        if isinstance(value, list):
            return any(same(item, constant) for item in value)
        return isinstance(value, str) and isinstance(constant, str) and constant in value

    return inside


def _field_in_field(left: syntax.Selector, right: syntax.Selector) -> Test:
    """Test ``[a] in [b]``: an item of a list, a part of a text, or the same value; never for a list or an object."""
    one, other = FieldReference.parse(left.text), FieldReference.parse(right.text)

    def inside(event: Event) -> bool:
        value, container = one.get(event), other.get(event)
        if isinstance(value, list | dict):
            return False
        if isinstance(value, str) and isinstance(container, str):
            return value in container
        if isinstance(container, list):
            if not one.includes(event):
                raise EventError(f"{left.text} in {right.text} stops Logstash: {left.text} is missing", "test it first")
            return any(same(value, item) for item in container)
        return value is not None and same(value, container)

    return inside

"""Write conditions as Python expressions.

What an expression cannot say shortly is left to the function that ``config/conditions.py`` compiles for the same node.
"""

from __future__ import annotations

from atalaia.pipeline.codegen.emitter import Emitter
from atalaia.pipeline.config import tree as syntax
from atalaia.pipeline.config.comparing import is_true
from atalaia.pipeline.config.conditions import compile_condition, expression_of
from atalaia.pipeline.config.operands import constant_of
from atalaia.pipeline.config.variables import Variables
from atalaia.pipeline.grok.engine import searcher
from atalaia.pipeline.reference import FieldReference


class ConditionWriter:
    """Writes the conditions of one section.

    Args:
        emitter: Where code goes.
        variables: For ``${…}``.
    """

    def __init__(self, emitter: Emitter, variables: Variables) -> None:
        self._emitter = emitter
        self._source = emitter.source
        self._variables = variables

    def expression(self, condition: syntax.Condition) -> str:
        """Return an expression that is true when the condition holds; it may raise ``EventError``."""
        return self._written(condition) if self._emitter.shortcuts else self._called(condition)

    def _written(self, condition: syntax.Condition) -> str:
        match condition:
            case syntax.Joined() | syntax.Not():
                return self._combined(condition)
            case syntax.Comparison():
                return self._comparison(condition)
            case syntax.Membership():
                return self._membership(condition)
            case syntax.Match():
                return self._match(condition)
            case syntax.Selector():
                return self._truth(condition)
            case _:
                return self._called(condition)

    def _combined(self, node: syntax.Joined | syntax.Not) -> str:
        if isinstance(node, syntax.Not):
            return f"(not {self._written(node.inner)})"
        left, right = self._written(node.left), self._written(node.right)
        match node.operator:
            case syntax.BooleanOperator.AND:
                return f"({left} and {right})"
            case syntax.BooleanOperator.OR:
                return f"({left} or {right})"
            case syntax.BooleanOperator.XOR:
                return f"(bool({left}) is not bool({right}))"
            case _:
                return f"(not ({left} and {right}))"

    def _truth(self, node: syntax.Selector) -> str:
        value, local = self._value(node), self._source.scratch("v")
        true = self._source.bind(is_true, "is_true")
        rest = f"{local} is not None and {true}({local})"  # of what Python takes for false, 0, [] and {} are true here
        return f"({local} != 'false' if ({local} := {value}) else {rest})"

    def _comparison(self, node: syntax.Comparison) -> str:
        if not isinstance(node.left, syntax.Selector) or not isinstance(node.right, syntax.String | syntax.Number):
            return self._called(node)
        constant = constant_of(node.right, self._variables)
        value, local = self._value(node.left), self._source.scratch("v")
        if node.operator in ("==", "!=") and isinstance(constant, str):
            return f"({value} {node.operator} {constant!r})"
        if node.operator in ("<", "<=", ">", ">=") and type(constant) is int:
            fast = f"{local} {node.operator} {constant}"
            return f"({fast} if type({local} := {value}) is int else {self._called(node)})"
        return self._called(node)

    def _membership(self, node: syntax.Membership) -> str:
        if not isinstance(node.left, syntax.String) or not isinstance(node.right, syntax.Selector):
            return self._called(node)
        constant = constant_of(node.left, self._variables)
        value, local = self._value(node.right), self._source.scratch("v")
        searched = f"(type({local}) is list or type({local}) is str) and {constant!r} in {local}"
        inside = f"(({local} := {value}) is not None and {searched})"
        return f"(not {inside})" if node.negated else inside

    def _match(self, node: syntax.Match) -> str:
        if not isinstance(node.left, syntax.Selector):
            return self._called(node)
        search = self._source.bind(searcher(expression_of(node)), "search")
        value, local = self._value(node.left), self._source.scratch("v")
        found = f"(type({local} := {value}) is str and {search}({local}) is not None)"
        return f"(not {found})" if node.negated else found

    def _value(self, selector: syntax.Selector) -> str:
        return self._emitter.value(FieldReference.parse(selector.text))

    def _called(self, node: syntax.Condition) -> str:
        return f"{self._source.bind(compile_condition(node, self._variables), 'test')}(event)"

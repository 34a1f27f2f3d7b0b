"""From Lark's parse tree to our own typed one, with the rules a grammar cannot say."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final, TypeAlias

from lark import Token, Tree

from atalaia.pipeline.config import tree as syntax
from atalaia.pipeline.config.conditions_tree import join_conditions
from atalaia.pipeline.config.source import Source
from atalaia.pipeline.errors import ConfigurationError, Position

_Node: TypeAlias = Tree[Token] | Token
_BAREWORD: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]+", re.ASCII)
_LONGEST: Final = 2**63


class TreeBuilder:
    """Builds the tree of one file.

    Args:
        source: The file's text, for positions.
    """

    def __init__(self, source: Source) -> None:
        self._source = source

    def configuration(self, root: Tree[Token]) -> syntax.Configuration:
        """Return the whole file."""
        return syntax.Configuration(self._source.file, tuple(self._section(node) for node in _trees(root)))

    def _section(self, node: Tree[Token]) -> syntax.Section:
        kind = _tokens(node)[0]
        return syntax.Section(self._at(kind), str(kind), self._body(node))

    def _body(self, node: Tree[Token]) -> tuple[syntax.Statement, ...]:
        return tuple(self._statement(child) for child in _trees(node))

    def _statement(self, node: Tree[Token]) -> syntax.Statement:
        return self._plugin(node) if node.data == "plugin" else self._branch(node)

    def _plugin(self, node: Tree[Token]) -> syntax.Plugin:
        name, *attributes = node.children
        built = tuple(self._attribute(child) for child in attributes if isinstance(child, Tree))
        self._check_spacing([child for child in attributes if isinstance(child, Tree)])
        return syntax.Plugin(self._at(name), self._name(name), built)

    def _check_spacing(self, attributes: list[Tree[Token]]) -> None:
        """Refuse options that follow one another without white space."""
        for before, after in pairwise(attributes):
            end = before.meta.end_pos
            if self._source.text[end] not in " \t\r\n#":
                raise ConfigurationError(self._at(after), "expected white space between two options")

    def _attribute(self, node: Tree[Token]) -> syntax.Attribute:
        name, value = node.children
        return syntax.Attribute(self._at(name), self._name(name), self._value(value))

    def _name(self, node: _Node) -> str:
        token = str(node)
        return token[1:-1] if token[:1] in "\"'" else token

    def _value(self, node: _Node) -> syntax.Value:
        if isinstance(node, Tree):
            return self._compound(node)
        return self._scalar(node)

    def _compound(self, node: Tree[Token]) -> syntax.Value:
        if node.data == "plugin":
            return self._plugin(node)
        if node.data in ("array", "list"):
            return syntax.Array(self._at(node), tuple(self._value(child) for child in node.children))
        return self._hash(node)

    def _scalar(self, token: Token) -> syntax.Word | syntax.String | syntax.Number:
        position = self._at(token)
        if token.type == "STRING":
            return syntax.String(position, token[1:-1])
        if token.type == "NUMBER":
            return syntax.Number(position, self._number(token))
        if not _BAREWORD.fullmatch(token):
            raise ConfigurationError(
                position,
                f"{str(token)!r} is no value",
                "put it in quotes: a bare word has two or more letters, digits or _ and begins with no digit",
            )
        return syntax.Word(position, str(token))

    def _number(self, token: Token) -> int | float:
        if "." in token:
            return float(token)
        number = int(token) if len(token) < 30 else _LONGEST  # noqa: PLR2004 - longer than any 64-bit number
        if not -_LONGEST <= number < _LONGEST:
            raise ConfigurationError(self._at(token), f"{token} does not fit into 64 bits")
        return number

    def _hash(self, node: Tree[Token]) -> syntax.Hash:
        entries: dict[str, syntax.Value] = {}
        for child in _trees(node):
            name, value = child.children
            key = str(self._entry_name(name))
            if key in entries:
                raise ConfigurationError(self._at(name), f"the name {key!r} stands twice in this hash")
            entries[key] = self._value(value)
        return syntax.Hash(self._at(node), tuple(entries.items()))

    def _entry_name(self, node: _Node) -> str | int | float:
        if not isinstance(node, Token):
            raise TypeError("the name of an entry is a token")
        scalar = self._scalar(node)
        return scalar.value if isinstance(scalar, syntax.Number) else scalar.text

    def _branch(self, node: Tree[Token]) -> syntax.Branch:
        keyword, condition, block, *others = node.children
        arms = [self._arm(keyword, condition, block)]
        for other in others:
            parts = other.children if isinstance(other, Tree) else []
            arms.append(self._arm(parts[0], parts[-2] if len(parts) > 2 else None, parts[-1]))  # noqa: PLR2004 - else {block}
        return syntax.Branch(self._at(keyword), tuple(arms))

    def _arm(self, keyword: _Node, condition: _Node | None, block: _Node) -> syntax.Arm:
        body = self._body(block) if isinstance(block, Tree) else ()
        return syntax.Arm(self._at(keyword), None if condition is None else self._condition(condition), body)

    def _condition(self, node: _Node) -> syntax.Condition:
        if isinstance(node, Token) or node.data == "list":
            return self._operand(node)
        match str(node.data):
            case "condition":
                parts = [
                    child if isinstance(child, Token) and child.type == "OPERATOR" else self._condition(child)
                    for child in node.children
                ]
                return join_conditions(parts, self._at)
            case "negation":
                return syntax.Not(self._at(node), self._condition(node.children[0]))
            case "comparison":
                left, operator, right = node.children
                return syntax.Comparison(self._at(operator), str(operator), self._operand(left), self._operand(right))
            case "membership":
                left, operator, right = node.children
                negated = str(operator).startswith("not")
                return syntax.Membership(self._at(operator), negated, self._operand(left), self._operand(right))
            case _:
                left, operator, right = node.children
                pattern = syntax.Pattern(self._at(right), str(right)[1:-1])
                return syntax.Match(self._at(operator), operator == "!~", self._operand(left), pattern)

    def _operand(self, node: _Node) -> syntax.Operand:
        if isinstance(node, Token) and node.type == "SELECTOR":
            return syntax.Selector(self._at(node), str(node))
        value = self._value(node)
        if isinstance(value, syntax.String | syntax.Number | syntax.Array):
            return value
        raise ConfigurationError(value.position, "this cannot stand in a condition")

    def _at(self, node: _Node) -> Position:
        start = node.start_pos if isinstance(node, Token) else node.meta.start_pos
        return self._source.position(start or 0)


def _trees(node: Tree[Token]) -> list[Tree[Token]]:
    return [child for child in node.children if isinstance(child, Tree)]


def _tokens(node: Tree[Token]) -> list[Token]:
    return [child for child in node.children if isinstance(child, Token)]

"""The filter language of ``--where``."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Final, TypeAlias, cast

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedInput, UnexpectedToken

from analyzers.selection.errors import SelectionError
from analyzers.selection.values import convert, network, number
from analyzers.store.query import (
    EVERYTHING,
    And,
    Contains,
    Equals,
    Exists,
    In,
    InNetwork,
    Not,
    Or,
    Predicate,
    Prefix,
    Range,
    Words,
)
from analyzers.store.schema import FieldSpec, FieldType, Schema

_Node: TypeAlias = Tree[Token]

_ESCAPES: Final = {"n": "\n", "t": "\t", "\\": "\\", '"': '"', "'": "'"}
_FORMS: Final = 'write conditions such as: status_code >= 500 and endpoint = "/api/chamados"'


def parse_where(text: str, schema: Schema) -> Predicate:
    """Read a filter: ``status_code >= 500 and not endpoint: /api*``.

    Operators: ``= == != < <= > >=``, ``in (a, b)``, ``not in (a, b)``; ``~`` and ``!~``, which search full text for
    words and keywords for a part, whatever the case: ``message ~ "time out"``, ``url.path ~ chamados``; and, as in KQL,
    ``field:value``, ``field:(a or b)``, ``field:*`` (the field is present), ``field:start*``, ``field:"a start"*``.
    ``*`` alone is every event. An address is compared with another one or with a network: ``client.ip = 10.0.0.0/8``.
    ``and`` binds more tightly than ``or``, ``not`` more tightly than both. Values may stand in double or single quotes,
    with a backslash before a quote or a backslash; they must where they hold spaces, parentheses, commas, quotes or one
    of ``< > = ! :``.

    Args:
        text: The filter; empty for every event.
        schema: The fields of the stream; documented aliases are accepted.

    Raises:
        SelectionError: When the text cannot be read; the message says at which character (from 1).
        QueryError: When the stream has no such field.
    """
    if not text.strip():
        return EVERYTHING
    try:
        tree = _parser().parse(text)
    except UnexpectedInput as error:
        raise _unreadable(text, error) from error
    return _Builder(schema).predicate(_tree(tree.children[0]))


@cache
def _parser() -> Lark:
    grammar = (Path(__file__).parent / "where.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", lexer="contextual")


def _unreadable(text: str, error: UnexpectedInput) -> SelectionError:
    if isinstance(error, UnexpectedToken) and error.token.type == "$END":
        return SelectionError(f"the filter {text!r} ends too early", _FORMS)
    position = cast("int | None", error.pos_in_stream) or 0  # lark annotates it as None
    return SelectionError(f"the filter cannot be read from {text[position : position + 12]!r} {_at(position)}", _FORMS)


def _at(position: int) -> str:
    return f"at character {position + 1}"


class _Builder:
    """Turns the syntax tree into a predicate over stored fields."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema

    def predicate(self, node: _Node) -> Predicate:
        match node.data:
            case "any_of" | "all_of" if len(node.children) == 1:
                return self._all(node)[0]
            case "any_of":
                return Or(self._all(node))
            case "all_of":
                return And(self._all(node))
            case "negated":
                return Not(self._all(node)[0])
            case "everything":
                return EVERYTHING
            case _:
                return self._condition(node)

    def _all(self, node: _Node) -> tuple[Predicate, ...]:
        return tuple(self.predicate(_tree(child)) for child in node.children)

    def _condition(self, node: _Node) -> Predicate:
        spec = self._schema.field(str(_token(node.children[0])))
        rest = node.children[1:]
        match node.data:
            case "compared":
                return _compared(spec, str(_token(rest[0])), _value(rest[1]))
            case "matched":
                return _matched(spec, _value(rest[0]))
            case "prefixed":
                return _prefix(spec, _token(rest[0]), _literal(_token(rest[0])))
            case "none_of":
                return Not(_one_of(spec, rest))
            case _:
                return _one_of(spec, rest)


def _compared(spec: FieldSpec, operator: str, token: Token) -> Predicate:
    text, where = _literal(token), _at(token.start_pos or 0)
    match operator:
        case "=" | "==" | "!=":
            found = _equal(spec, text, where)
        case "~" | "!~":
            found = _searched(spec, text, where)
        case _:
            found = _bounded(spec, operator, number(text, spec, where))
    return Not(found) if operator.startswith("!") else found


def _bounded(spec: FieldSpec, operator: str, bound: float) -> Predicate:
    match operator:
        case ">=":
            return Range(spec.name, gte=bound)
        case ">":
            return Range(spec.name, gt=bound)
        case "<=":
            return Range(spec.name, lte=bound)
        case _:
            return Range(spec.name, lt=bound)


def _matched(spec: FieldSpec, token: Token) -> Predicate:
    if token == "*":  # noqa: S105  # a token of the grammar, not a password
        return Exists(spec.name)
    if token.type == "WORD" and token.endswith("*") and token.count("*") == 1:
        return _prefix(spec, token, token[:-1])
    return _equal(spec, _literal(token), _at(token.start_pos or 0))


def _equal(spec: FieldSpec, text: str, where: str) -> Predicate:
    """Return that a field has a value; an address may be compared with its network."""
    if spec.type is FieldType.IP and "/" in text:
        return InNetwork(spec.name, network(text, where))
    return Equals(spec.name, convert(text, spec, where))


def _searched(spec: FieldSpec, text: str, where: str) -> Predicate:
    """Return that a text has words, or that a keyword has a text in it."""
    if spec.type is FieldType.TEXT:
        return Words(spec.name, text)
    if spec.type is FieldType.KEYWORD:
        return Contains(spec.name, text)
    raise SelectionError(f"{spec.name} is a {spec.type} field and is not searched by text {where}", "compare it with =")


def _prefix(spec: FieldSpec, token: Token, prefix: str) -> Predicate:
    if spec.type is not FieldType.KEYWORD:
        raise SelectionError(
            f"{spec.name} is a {spec.type} field and has no prefixes {_at(token.start_pos or 0)}",
            "compare it with = or <" if spec.type is not FieldType.IP else "compare it with a whole address",
        )
    return Prefix(spec.name, prefix)


def _one_of(spec: FieldSpec, nodes: list[Token | _Node]) -> Predicate:
    tokens = [_value(node) for node in nodes]
    equal = [_equal(spec, _literal(token), _at(token.start_pos or 0)) for token in tokens]
    values = tuple(each.value for each in equal if isinstance(each, Equals))
    networks = tuple(each for each in equal if isinstance(each, InNetwork))
    return Or((In(spec.name, values), *networks)) if networks else In(spec.name, values)


def _literal(token: Token) -> str:
    """Return the text a token stands for; a bare word with a star must be quoted, lest it be taken for a pattern."""
    where = _at(token.start_pos or 0)
    if token.type == "STRING":
        return re.sub(r"(?s)\\(.)", lambda match: _unescaped(match[1], where), token[1:-1])
    if "*" in token:
        raise SelectionError(
            f"{str(token)!r} has a * that is not a prefix {where}",
            "write field:start* for a prefix, or quote the value",
        )
    return str(token)


def _unescaped(character: str, where: str) -> str:
    if character not in _ESCAPES:
        raise SelectionError(f"\\{character} is not an escape, in the string {where}", "write \\\\ for a backslash")
    return _ESCAPES[character]


def _value(node: Token | _Node) -> Token:
    return _token(_tree(node).children[0])


def _tree(node: Token | _Node) -> _Node:
    if isinstance(node, Token):
        raise TypeError(f"the grammar gave a token where a rule was due: {node!r}")
    return node


def _token(node: Token | _Node) -> Token:
    if not isinstance(node, Token):
        raise TypeError(f"the grammar gave a rule where a token was due: {node!r}")
    return node

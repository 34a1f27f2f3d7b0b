"""Choose cases by their names: ``-k 'request and not (duration or address)'``."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Final, TypeAlias

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedInput

from atalaia.pipeline.errors import PipelineError

Choose: TypeAlias = Callable[[str], bool]
"""Tells of a case, by its file and name, whether it is meant."""

_GRAMMAR: Final = r"""
?start: either
?either: both (_OR both)*
?both: negated (_AND negated)*
?negated: _NOT negated -> never | TEXT | "(" either ")"
_AND.2: /and(?![^\s()])/i
_OR.2: /or(?![^\s()])/i
_NOT.2: /not(?![^\s()])/i
TEXT.1: /"[^"]*"|'[^']*'|[^\s()"']+/
%ignore /\s+/
"""


def choosing(expression: str) -> Choose:
    """Return what an expression chooses.

    Words, or texts in quotes, hold when the name of the file or of the case contains them, in whatever case; ``and``,
    ``or``, ``not`` and parentheses join them.

    Raises:
        PipelineError: When it is no such expression.
    """
    try:
        tree: Tree[Token] | Token = _parser().parse(expression)
    except UnexpectedInput:
        remedy = "join words with and, or, not and parentheses, and put names with blanks in quotes"
        raise PipelineError(f"{expression!r} chooses no cases", remedy) from None
    return _choice(tree)


@cache
def _parser() -> Lark:
    return Lark(_GRAMMAR, parser="lalr", lexer="basic")


def _choice(node: Tree[Token] | Token) -> Choose:
    if isinstance(node, Token):
        text = (node[1:-1] if node[:1] in ("'", '"') else str(node)).lower()
        return lambda name: text in name.lower()
    parts = [_choice(child) for child in node.children]
    if node.data == "never":
        return lambda name: not parts[0](name)
    if node.data == "both":
        return lambda name: all(part(name) for part in parts)
    return lambda name: any(part(name) for part in parts)

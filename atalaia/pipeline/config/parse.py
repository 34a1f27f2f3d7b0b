"""Read a configuration into its syntax tree."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Final

from lark import Lark, Token
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from atalaia.pipeline.config.build_tree import TreeBuilder
from atalaia.pipeline.config.source import Source
from atalaia.pipeline.config.tree import Configuration
from atalaia.pipeline.errors import ConfigurationError

_NAMES: Final = {
    "SECTION": "input, filter or output",
    "WORD": "a name",
    "STRING": "a quoted text",
    "NUMBER": "a number",
    "SELECTOR": "a [field]",
    "REGEXP": "a /regular expression/",
    "COMPARE": "== != < > <= >=",
    "MATCH": "=~ !~",
    "OPERATOR": "and, or, xor, nand",
    "IN": "in",
    "NOT_IN": "not in",
    "IF": "if",
    "ELSE": "else",
    "LBRACE": "{",
    "RBRACE": "}",
    "LSQB": "[",
    "RSQB": "]",
    "LPAR": "(",
    "RPAR": ")",
    "COMMA": ",",
    "BANG": "!",
    "__ANON_0": "=>",
    "$END": "the end of the file",
}


def parse_configuration(text: str, file: str) -> Configuration:
    """Read a configuration.

    Args:
        text: The whole file.
        file: Its name in messages.

    Raises:
        ConfigurationError: Where the text does not follow the language; it names what was expected there.
    """
    source = Source(text, file)
    try:
        tree = _parser().parse(text)
        return TreeBuilder(source).configuration(tree)
    except UnexpectedInput as error:
        raise _refusal(error, source) from None


@cache
def _parser() -> Lark:
    grammar = files(__package__).joinpath("grammar.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", lexer="contextual", propagate_positions=True, maybe_placeholders=False)


def _refusal(error: UnexpectedInput, source: Source) -> ConfigurationError:
    if isinstance(error, UnexpectedToken):
        at_end = error.token.type == "$END"
        offset = len(source.text.rstrip()) if at_end else _start(error.token)
        found = "the end of the file" if at_end else repr(str(error.token))
        expected = _words(error.expected)
    else:
        offset = source.offset(error.line, error.column)
        found = repr(source.text[offset : offset + 1])
        expected = _words(error.allowed) if isinstance(error, UnexpectedCharacters) else "something else"
    return ConfigurationError(source.position(offset), f"expected {expected}, found {found}")


def _start(token: Token) -> int:
    return token.start_pos or 0


def _words(names: Iterable[str]) -> str:
    """Return names of terminals as a person would list them."""
    words = sorted({_NAMES.get(name, name) for name in names})
    return f"{', '.join(words[:-1])} or {words[-1]}" if len(words) > 1 else "".join(words)

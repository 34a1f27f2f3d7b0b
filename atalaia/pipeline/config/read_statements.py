"""Read what stands in a section: plugins and branches."""

from __future__ import annotations

import re
from typing import Final

from atalaia.pipeline.config import tree as syntax
from atalaia.pipeline.config.mistakes import Place, misused_word
from atalaia.pipeline.config.read_conditions import read_condition
from atalaia.pipeline.config.read_values import NAME, read_plugin
from atalaia.pipeline.config.scanner import Scanner
from atalaia.pipeline.errors import Position

SECTIONS: Final = ("input", "filter", "output")
# Logstash needs no blank before a number ("if5 == [a]"), while "ifx" and "if5 {" can only be plugins.
_IF: Final = re.compile(r"if(?![A-Za-z0-9_-])|if(?=-?[0-9.]+\s*(?:[=!<>]|not |in|and|or|xor|nand))")
_ELSE: Final = re.compile(r"else(?![A-Za-z0-9_-])|else(?=if(?![A-Za-z0-9_-]))")


def read_body(scanner: Scanner) -> tuple[syntax.Statement, ...]:
    """Read statements up to the closing brace, and the brace."""
    statements: list[syntax.Statement] = []
    while not scanner.take("}"):
        statements.append(_statement(scanner))
        scanner.skip()
    return tuple(statements)


def _statement(scanner: Scanner) -> syntax.Statement:
    if scanner.peek(_IF):
        return _branch(scanner)
    word = scanner.peek(NAME)
    if word is None and scanner.character not in ('"', "'"):
        raise scanner.expected("a plugin, if or }", Place.STATEMENT)
    if word is not None:
        _check_word(scanner, word[0])
    return read_plugin(scanner)


def _check_word(scanner: Scanner, word: str) -> None:
    """Refuse words that are no plugins before a missing brace after them is complained about."""
    if word in SECTIONS:
        remedy = f"is a }} missing before {word}?"
        raise scanner.refusal(f"the section {word} begins inside another", remedy=remedy, notes=scanner.open_notes())
    if word == "else":
        raise scanner.refusal("this else has no if", remedy="it stands right after the } of its if")
    misused = misused_word(word)
    if misused:
        raise scanner.refusal(f"{word!r} is no word of this language", remedy=misused)


def _branch(scanner: Scanner) -> syntax.Branch:
    position = scanner.position()
    arms = [_conditional_arm(scanner)]
    while (arm := _next_arm(scanner)) is not None:
        arms.append(arm)
        if arm.condition is None:
            break
    return syntax.Branch(position, tuple(arms))


def _conditional_arm(scanner: Scanner, position: Position | None = None) -> syntax.Arm:
    place = position or scanner.position()
    scanner.take("if")
    scanner.skip()
    condition = read_condition(scanner)
    scanner.skip()
    if not scanner.looking_at("{"):
        raise scanner.expected("an operator or {", Place.OPERATOR)
    return syntax.Arm(place, condition, _block(scanner, "the block of this condition"))


def _next_arm(scanner: Scanner) -> syntax.Arm | None:
    """Read ``else if`` or ``else``; ``None`` when the branch is over."""
    start = scanner.offset
    scanner.skip()
    position = scanner.position()
    if scanner.match(_ELSE) is None:
        scanner.offset = start
        return None
    scanner.skip()
    if scanner.peek(_IF):
        return _conditional_arm(scanner, position)
    if not scanner.looking_at("{"):
        raise scanner.expected("if or { after else", Place.BLOCK)
    return syntax.Arm(position, None, _block(scanner, "the block of this else"))


def _block(scanner: Scanner, what: str) -> tuple[syntax.Statement, ...]:
    with scanner.enclosed("{", what):
        return read_body(scanner)

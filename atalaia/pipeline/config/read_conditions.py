"""Read conditions."""

from __future__ import annotations

import re
from typing import Final

from atalaia.pipeline.config import tree as syntax
from atalaia.pipeline.config.conditions_tree import MOST_PARTS, BooleanSign, join_conditions, parts_count
from atalaia.pipeline.config.mistakes import Place
from atalaia.pipeline.config.read_values import read_array, read_number_here, read_string
from atalaia.pipeline.config.scanner import Scanner
from atalaia.pipeline.errors import ConfigurationError, Position

_OPERATOR: Final = re.compile(r"and|or|xor|nand")
_COMPARE: Final = re.compile(r"==(?!=)|!=(?!=)|<=|>=|<(?!>)|>")
_MATCH: Final = re.compile(r"=~|!~")
_IN: Final = re.compile(r"in|not [ \t\r\n]*in")
_SELECTOR: Final = re.compile(r"(?:\[[^\]\[,]+\])+")
_REGEXP: Final = re.compile(r"/((?:\\/|[^/])*+)/")
# Up to the brace there is neither the bracket nor the comma of a list.
_OPEN_SELECTOR: Final = re.compile(r"\[\s*[^\s\]\[,{\"'][^\],{]*(?=\{|\Z)")


def read_condition(scanner: Scanner) -> syntax.Condition:
    """Read the condition of an arm up to what no longer belongs to it."""
    start, condition = scanner.offset, _joined(scanner)
    if parts_count(condition) > MOST_PARTS:
        problem = f"a condition has more than {MOST_PARTS} parts"
        raise scanner.refusal(problem, remedy="write in with a list, or several ifs", offset=start)
    return condition


def _joined(scanner: Scanner) -> syntax.Condition:
    conditions = [_expression(scanner)]
    signs: list[BooleanSign] = []
    scanner.skip()
    while (found := scanner.peek(_OPERATOR)) is not None:
        signs.append(BooleanSign(syntax.BooleanOperator(found[0]), scanner.position()))
        scanner.offset = found.end()
        scanner.skip()
        conditions.append(_expression(scanner))
        scanner.skip()
    return join_conditions(conditions, signs)


def _expression(scanner: Scanner) -> syntax.Condition:
    if scanner.looking_at("("):
        return _parenthesised(scanner)
    if scanner.looking_at("!"):
        return _negation(scanner)
    operand = _operand(scanner)
    scanner.skip()
    position = scanner.position()
    for read in (_membership, _comparison, _pattern_match):
        compared = read(scanner, operand, position)
        if compared is not None:
            return compared
    return operand


def _parenthesised(scanner: Scanner) -> syntax.Condition:
    with scanner.enclosed("(", "the parenthesis"):
        inner = _joined(scanner)
        if not scanner.take(")"):
            raise scanner.expected("an operator or )", Place.OPERATOR)
    return inner


def _negation(scanner: Scanner) -> syntax.Not:
    position = scanner.position()
    scanner.take("!")
    scanner.skip()
    if scanner.looking_at("("):
        return syntax.Not(position, _parenthesised(scanner))
    if scanner.peek(_SELECTOR) is None:
        raise scanner.expected("a [field] or ( after !", Place.NEGATED)
    selector = _selector(scanner)
    scanner.skip()
    if scanner.peek(_IN) or scanner.peek(_COMPARE) or scanner.peek(_MATCH):
        raise scanner.refusal(
            "! negates the field before the comparison", remedy="put parentheses around the comparison: !( … )"
        )
    return syntax.Not(position, selector)


def _membership(scanner: Scanner, left: syntax.Operand, position: Position) -> syntax.Membership | None:
    found = scanner.match(_IN)
    if found is None:
        return None
    scanner.skip()
    return syntax.Membership(position, found[0] != "in", left, _operand(scanner))


def _comparison(scanner: Scanner, left: syntax.Operand, position: Position) -> syntax.Comparison | None:
    found = scanner.match(_COMPARE)
    if found is None:
        return None
    scanner.skip()
    return syntax.Comparison(position, found[0], left, _operand(scanner))


def _pattern_match(scanner: Scanner, left: syntax.Operand, position: Position) -> syntax.Match | None:
    found = scanner.match(_MATCH)
    if found is None:
        return None
    scanner.skip()
    return syntax.Match(position, found[0] == "!~", left, _pattern(scanner))


def _pattern(scanner: Scanner) -> syntax.Pattern:
    position = scanner.position()
    if scanner.character in ('"', "'"):
        return syntax.Pattern(position, read_string(scanner).text)
    if not scanner.looking_at("/"):
        raise scanner.expected("a /regular expression/ or a quoted text", Place.PATTERN)
    start, found = scanner.offset, scanner.match(_REGEXP)
    if found is None:
        raise scanner.refusal("the regular expression that begins here has no closing /")
    scanner.note_text(start)
    return syntax.Pattern(position, found[1])


def _operand(scanner: Scanner) -> syntax.Operand:
    if scanner.character in ('"', "'"):
        return read_string(scanner)
    if scanner.looking_at("["):
        return _selector(scanner) if scanner.peek(_SELECTOR) else _list(scanner)
    number = read_number_here(scanner)
    if number is None:
        raise scanner.expected("a [field], a list, a number or a quoted text", Place.OPERAND)
    return number


def _selector(scanner: Scanner) -> syntax.Selector:
    position, found = scanner.position(), scanner.match(_SELECTOR)
    if found is None:
        raise scanner.expected("a [field]", Place.OPERAND)
    return syntax.Selector(position, found[0])


def _list(scanner: Scanner) -> syntax.Array:
    """Read a list; one that is none, but looks like a field whose bracket is missing, is said to be that."""
    start = scanner.offset
    try:
        return read_array(scanner)
    except ConfigurationError as error:
        if _OPEN_SELECTOR.match(scanner.text, start) is None:
            raise
        problem = "the field that begins here has no closing ]"
        raise scanner.refusal(problem, remedy="close it", offset=start) from error

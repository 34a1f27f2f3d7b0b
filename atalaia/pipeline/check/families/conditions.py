"""Conditions that do not decide what they seem to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, TypeVar

from atalaia.pipeline.check.families.fields import LIST_OF_ONE
from atalaia.pipeline.check.finding import Found
from atalaia.pipeline.check.flow.fields import UNKNOWN, Field, Kind, State
from atalaia.pipeline.check.flow.references import path_of
from atalaia.pipeline.check.loading import parts_of
from atalaia.pipeline.check.meaning import constant_verdict
from atalaia.pipeline.check.subject import Subject
from atalaia.pipeline.config import tree as syntax

_VARIABLE: Final = re.compile(r"\$\{[a-zA-Z_.][a-zA-Z0-9_.]*(?::[^}]*)?\}")
_LeafT = TypeVar("_LeafT", syntax.Comparison, syntax.Membership, syntax.Match)
_NUMBERS: Final = (Kind.NUMBER, Kind.NUMERIC)
_NUMBER: Final = re.compile(r"-?\d+(\.\d+)?")


def unordered_comparison(subject: Subject) -> Iterator[Found]:
    """Find ``<`` and its kin against a field that may be missing or of another kind."""
    for leaf, state in _decided(subject, syntax.Comparison):
        if leaf.operator in ("==", "!="):
            continue
        for one, other in ((leaf.left, leaf.right), (leaf.right, leaf.left)):
            if isinstance(one, syntax.Selector):
                yield from _unordered(one, _field(one, state), other)


def _unordered(selector: syntax.Selector, found: Field, other: syntax.Operand) -> Iterator[Found]:
    name = selector.text
    if found.absent:  # told by another check
        return
    if isinstance(other, syntax.Number) and found.kind in (Kind.TEXT, Kind.OBJECT, Kind.TIMESTAMP):
        problem = f"{name} is no number here: Logstash drops every event that gets to this comparison"
        yield Found(
            selector.position, problem, f'convert it first: mutate {{ convert => {{ "{name}" => "integer" }} }}'
        )
    elif isinstance(other, syntax.String) and found.kind in _NUMBERS:
        problem = f"{name} is a number and is compared with a text: Logstash drops every event that gets here"
        yield Found(selector.position, problem, "write the number without quotes")
    elif not found.certain and found.kind not in _NUMBERS:
        problem = f"where {name} is missing or not comparable, Logstash drops the event here; no else runs"
        yield Found(selector.position, problem, f"test it first: {name} and {name} > …")


def never_equal(subject: Subject) -> Iterator[Found]:
    """Find a number compared with a text for equality, either of which the field always is."""
    for leaf, state in _decided(subject, syntax.Comparison):
        if leaf.operator not in ("==", "!="):
            continue
        for one, other in ((leaf.left, leaf.right), (leaf.right, leaf.left)):
            if isinstance(one, syntax.Selector) and _differ(_field(one, state).kind, other):
                verdict = "never equal" if leaf.operator == "==" else "always different"
                problem = (
                    f"{one.text} holds {_words(_field(one, state).kind)}: the two are {verdict}, nothing is converted"
                )
                yield Found(leaf.position, problem, _how_to_equal(other))


def never_matches(subject: Subject) -> Iterator[Found]:
    """Find regular expressions matched against numbers."""
    for leaf, state in _decided(subject, syntax.Match):
        if isinstance(leaf.left, syntax.Selector):
            kind = _field(leaf.left, state).kind
            if kind in (Kind.NUMBER, Kind.BOOLEAN, Kind.TIMESTAMP, Kind.OBJECT):
                problem = f"{leaf.left.text} holds {_words(kind)}: a regular expression matches nothing but text"
                yield Found(leaf.position, problem, "convert it to a string first")


def missing_member(subject: Subject) -> Iterator[Found]:
    """Find ``[a] in [b]`` with an ``[a]`` that may be missing."""
    for leaf, state in _decided(subject, syntax.Membership):
        if not (isinstance(leaf.left, syntax.Selector) and isinstance(leaf.right, syntax.Selector)):
            continue
        if not LIST_OF_ONE.fullmatch(leaf.right.text) and not _field(leaf.left, state).certain:
            problem = (
                f"where {leaf.left.text} is missing and {leaf.right.text} is a list, Logstash's pipeline stops here"
            )
            yield Found(leaf.left.position, problem, f"test it first: {leaf.left.text} and {leaf.left.text} in …")


def single_item_list(subject: Subject) -> Iterator[Found]:
    """Find lists of one item, which Logstash reads as a field."""
    for leaf, _ in _decided(subject, syntax.Membership):
        for side in (leaf.left, leaf.right):
            if isinstance(side, syntax.Selector) and LIST_OF_ONE.fullmatch(side.text):
                item = side.text[1:-1].strip()
                problem = (
                    f"{side.text} is read as a field of that name: this is always {'true' if leaf.negated else 'false'}"
                )
                yield Found(side.position, problem, f"write {'!=' if leaf.negated else '=='} {item}")


def variable_in_pattern(subject: Subject) -> Iterator[Found]:
    """Find variables in regular expressions, where Logstash does not replace them."""
    for leaf, _ in _decided(subject, syntax.Match):
        found = _VARIABLE.search(leaf.pattern.text)
        if found is not None:
            problem = f"Logstash does not replace {found[0]} in a regular expression of a condition"
            yield Found(leaf.pattern.position, problem, "put the variable in a field and compare that")


def mixed_operators(subject: Subject) -> Iterator[Found]:
    """Find ``and`` and ``or`` that Logstash binds otherwise than other languages do."""
    for branch in subject.branches:
        for arm in branch.arms:
            yield from _surprises(arm.condition)


def _surprises(condition: syntax.Condition | None) -> Iterator[Found]:
    if isinstance(condition, syntax.Joined):
        if condition.surprising:
            problem = "Logstash reads a and b and c or d as a and ((b and c) or d)"
            yield Found(condition.position, problem, "put parentheses around what belongs together")
        yield from _surprises(condition.left)
        yield from _surprises(condition.right)
    elif isinstance(condition, syntax.Not):
        yield from _surprises(condition.inner)


def constant_condition(subject: Subject) -> Iterator[Found]:
    """Find comparisons of constants, which are the same for all events."""
    for branch in subject.branches:
        for arm in branch.arms:
            for part in () if arm.condition is None else parts_of(arm.condition):
                verdict = constant_verdict(part)
                if verdict is not None:
                    problem = f"this is {'true' if verdict else 'false'} for every event"
                    yield Found(part.position, problem, "compare with a [field], or remove it")


def _decided(subject: Subject, kind: type[_LeafT]) -> Iterator[tuple[_LeafT, State]]:
    for decided in subject.flow.conditions:
        if isinstance(decided.leaf, kind):
            yield decided.leaf, decided.state


def _field(selector: syntax.Selector, state: State) -> Field:
    path = path_of(selector.text)
    return UNKNOWN if path is None else state.at(path)


def _differ(kind: Kind, other: syntax.Operand) -> bool:
    """Tell whether a field of a kind is never equal to a constant."""
    if isinstance(other, syntax.Number):
        return kind in (Kind.TEXT, Kind.BOOLEAN, Kind.LOGICAL, Kind.TIMESTAMP, Kind.OBJECT)
    if not isinstance(other, syntax.String):
        return False
    if kind is Kind.NUMERIC:
        return _NUMBER.fullmatch(other.text) is not None
    if kind is Kind.LOGICAL:
        return other.text.lower() in ("true", "false")
    return kind in (Kind.NUMBER, Kind.BOOLEAN, Kind.TIMESTAMP, Kind.OBJECT)


def _how_to_equal(other: syntax.Operand) -> str:
    if isinstance(other, syntax.Number):
        return "put the number in quotes, or convert the field first"
    if isinstance(other, syntax.String) and other.text.lower() in ("true", "false"):
        return "test the field alone: [field] or ![field]"
    return "write the number without quotes, or convert the field first"


_WORDS: Final = {
    Kind.TEXT: "text",
    Kind.NUMERIC: "a number",
    Kind.LOGICAL: "a boolean",
    Kind.OBJECT: "an object",
}


def _words(kind: Kind) -> str:
    return _WORDS.get(kind) or f"a {kind.name.lower()}"

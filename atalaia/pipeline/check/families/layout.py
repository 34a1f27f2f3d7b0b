"""Sections that are missing, and places no event gets to."""

from __future__ import annotations

from collections.abc import Iterator

from atalaia.pipeline.check.finding import Found
from atalaia.pipeline.check.meaning import Meaning, constant_verdict, meaning
from atalaia.pipeline.check.subject import Subject
from atalaia.pipeline.config import tree as syntax
from atalaia.pipeline.errors import Note, Position


def no_input(subject: Subject) -> Iterator[Found]:
    """Find that there is no input."""
    if not subject.configuration.statements("input"):
        yield Found(_start(subject), "no input brings events", "add input { … }, unless another file has it")


def no_output(subject: Subject) -> Iterator[Found]:
    """Find that there is no output."""
    if not subject.configuration.statements("output"):
        yield Found(_start(subject), "no output takes events", "add output { … }, unless another file has it")


def last_line_of_stdin(subject: Subject) -> Iterator[Found]:
    """Find the input that loses a last line."""
    for site in subject.sites:
        if site.kind == "input" and site.name == "stdin":
            problem = "Logstash loses the last line of standard input when no line feed ends it"
            yield Found(site.node.position, problem, "end what you pipe into it with a line feed")


def unreachable_arm(subject: Subject) -> Iterator[Found]:
    """Find arms that an earlier arm of the same branch never lets an event get to."""
    for branch in subject.branches:
        seen: dict[Meaning, Position] = {}
        always: Position | None = None
        for arm in branch.arms:
            before = always or (None if arm.condition is None else seen.get(meaning(arm.condition)))
            if before is not None:
                problem = "no event gets here"
                note = Note(before, "this arm has taken all of them" if always else "the same condition stands here")
                yield Found(arm.position, problem, "remove it, or correct one of the conditions", (note,))
            if arm.condition is not None:
                seen.setdefault(meaning(arm.condition), arm.position)
                always = always or (arm.position if constant_verdict(arm.condition) else None)


def unreachable_statement(subject: Subject) -> Iterator[Found]:
    """Find statements after all events were dropped."""
    for statement in subject.flow.unreached:
        yield Found(statement.position, "no event gets here: all were dropped before", "remove it, or move it up")


def _start(subject: Subject) -> Position:
    sections: tuple[syntax.Section, ...] = subject.configuration.sections
    return sections[0].position if sections else Position(subject.configuration.file, 1, 1, "")

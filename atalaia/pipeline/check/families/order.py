"""Options of ``mutate`` and of all filters that run in another order than they are written in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from atalaia.pipeline.check.effects.mutate import OPERATIONS, entries
from atalaia.pipeline.check.effects.registry import SHARED
from atalaia.pipeline.check.effects.written import Written, texts_of
from atalaia.pipeline.check.finding import Found
from atalaia.pipeline.check.flow.field_steps import Append, Become, Copy, Move, Set
from atalaia.pipeline.check.flow.fields import Path
from atalaia.pipeline.check.flow.references import path_of, references_in
from atalaia.pipeline.check.flow.steps import Read, Step
from atalaia.pipeline.check.sites import Site
from atalaia.pipeline.check.subject import Subject
from atalaia.pipeline.settings import SettingValue

_RUN: Final = (*OPERATIONS, *SHARED)
_IN_ORDER: Final = ("gsub", "uppercase", "capitalize", "lowercase", "strip")
"""Options that are lists: their items are worked off as they are written."""


@dataclass(frozen=True, slots=True)
class _Touched:
    """What one entry of an option reads and changes."""

    name: str
    reads: frozenset[Path]
    writes: frozenset[Path]

    def meets(self, other: _Touched) -> bool:
        """Tell whether it matters which of two comes first."""
        return _overlap(self.writes, other.reads | other.writes) or _overlap(self.reads, other.writes)


def hash_order(subject: Subject) -> Iterator[Found]:
    """Find entries of one hash that depend on each other."""
    for site in subject.sites:
        options = [*OPERATIONS, "add_field"] if site.name == "mutate" else ["add_field"]
        for option in options if site.kind == "filter" else ():
            if option not in _IN_ORDER:
                yield from _dependent(site, option)


def _dependent(site: Site, option: str) -> Iterator[Found]:
    for first, second in combinations(_touched(site.written, option), 2):
        if first.meets(second):
            problem = (
                f"Logstash runs through the entries of {option} in an order of its own, and it matters whether"
                f" {first.name} or {second.name} comes first"
            )
            yield Found(site.entry_place(option, second.name), problem, "write two filters, in the order you want")


def mutate_order(subject: Subject) -> Iterator[Found]:
    """Find operations of one ``mutate`` that are written before others which run before them."""
    for site in subject.filters("mutate"):
        written = [option for option in site.written.settings.values if option in _RUN and option != "remove_field"]
        for number, early in enumerate(written):
            sooner = [late for late in written[number + 1 :] if _RUN.index(early) > _RUN.index(late)]
            others = [late for late in sooner if _interfere(site.written, early, late)]
            if others:
                problem = f"{early} is written before {_and(others)} but runs later, on the same field"
                remedy = f"write {early} in a mutate of its own, before this one"
                yield Found(site.written.settings.position_of(early), problem, remedy)


def _and(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _interfere(plugin: Written, early: str, late: str) -> bool:
    return any(one.meets(other) for one in _touched(plugin, early) for other in _touched(plugin, late))


def _touched(plugin: Written, option: str) -> list[_Touched]:
    if option == "add_field":
        return [_of(name, [*_templates(value), Append(name)]) for name, value in plugin.pairs(option)]
    operation = OPERATIONS.get(option)
    if operation is None:
        return []
    return [_of(name, operation(name, value, option)) for name, value in entries(plugin, option)]


def _templates(value: SettingValue) -> Iterator[Step]:
    yield from (Read(reference, "") for text in texts_of(value) for reference in references_in(text))


def _of(name: str, steps: Iterator[Step] | list[Step]) -> _Touched:
    reads: set[Path] = set()
    writes: set[Path] = set()
    for step in steps:
        match step:
            case Read():
                reads |= _paths(step.field)
            case Copy():
                reads |= _paths(step.source)
                writes |= _paths(step.target) | (_paths(step.source) if isinstance(step, Move) else set())
            case Set() | Append() | Become():
                writes |= _paths(step.field)
    return _Touched(name, frozenset(reads), frozenset(writes))


def _paths(text: str) -> set[Path]:
    path = path_of(text)
    return set() if path is None else {path}


def _overlap(some: frozenset[Path], others: frozenset[Path]) -> bool:
    """Tell whether a place of the one is, or lies in, a place of the other."""
    return any(one[: len(other)] == other or other[: len(one)] == one for one in some for other in others)

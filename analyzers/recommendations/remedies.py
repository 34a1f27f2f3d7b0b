"""What could not be judged, told once for each remedy: most rules lack the same samples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analyzers.language import Message, english
from analyzers.recommendations.model import Unmeasured


@dataclass(frozen=True, slots=True)
class Remedy:
    """A reason why rules could not be judged, with what to run against it.

    Attributes:
        why: What was not measured.
        commands: What to run or set to have it measured, one a line.
        rules: The names of the rules that lack it, each once, in their order.
        titles: What these look at, likewise.
    """

    why: Message
    commands: tuple[str, ...]
    rules: tuple[str, ...]
    titles: tuple[Message, ...]


def remedies(unmeasured: Sequence[Unmeasured]) -> tuple[Remedy, ...]:
    """Return each reason once, in the order in which it first comes; the same command elsewhere is another remedy."""
    found: dict[tuple[str, tuple[str, ...]], dict[str, Unmeasured]] = {}
    for each in unmeasured:
        found.setdefault((english(each.why), each.commands), {}).setdefault(each.rule, each)
    return tuple(_remedy(tuple(rules.values())) for rules in found.values())


def _remedy(rules: tuple[Unmeasured, ...]) -> Remedy:
    first = rules[0]
    return Remedy(first.why, first.commands, tuple(e.rule for e in rules), tuple(e.title for e in rules))

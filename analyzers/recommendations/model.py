"""What a rule is asked and what it says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from fractions import Fraction
from typing import TypeAlias

from analyzers.blocks import Advice
from analyzers.language import Message
from analyzers.store.interface import Store
from analyzers.store.query import EVERYTHING, Predicate, Window


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked at.

    Attributes:
        store: Where the events are.
        window: Which of them, by their time.
        environment: The last part of the data streams' names; ``*`` for every one.
        where: Which requests, in the fields of requests; slow statements are narrowed by the same. Samples of machines
            and servers are not: they are nobody's.
    """

    store: Store
    window: Window
    environment: str = "*"
    where: Predicate = EVERYTHING


class Aim(IntEnum):
    """What following an advice is good for; the smaller goes first, whatever the amounts are."""

    NO_FAILURE = 1
    """Requests fail, or will when a limit is reached."""
    TIME = 2
    """People wait less."""
    SPACE = 3
    """Disk or memory is spared."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An advice with what it is worth.

    Attributes:
        advice: What people read.
        aim: What it is good for.
        share: How much, among advice of the same aim: of :attr:`Aim.TIME` the share of the time of all requests (of
            the recorded statements where that was not measured) that could go at most; of the others how much of the
            limit is used. From 0 to 1; it ranks, and is not shown.
    """

    advice: Advice
    aim: Aim
    share: Fraction


@dataclass(frozen=True, slots=True)
class Gap:
    """What could not be judged, which is not the same as nothing to advise.

    Attributes:
        why: What was not measured.
        commands: What to run or set to have it measured, one a line.
    """

    why: Message
    commands: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule says.

    Attributes:
        suggestions: Its advice.
        gaps: What it could not judge; empty when it could judge all it looks at.
        remarks: What a reader must know beside: statements that could not be read, and why.
    """

    suggestions: tuple[Suggestion, ...] = ()
    gaps: tuple[Gap, ...] = ()
    remarks: tuple[Message, ...] = ()


Judge: TypeAlias = Callable[[Asked], Finding]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the registry.

    Attributes:
        name: How ``--rule`` and JSON call it.
        title: What it looks at, in a line.
        judge: The rule itself: it reads the store and changes nothing.
    """

    name: str
    title: Message
    judge: Judge


@dataclass(frozen=True, slots=True)
class Unmeasured:
    """A rule that could not be judged, or not wholly.

    Attributes:
        rule: Its name.
        title: What it looks at.
        why: What was not measured.
        commands: What to run or set to have it measured, one a line.
    """

    rule: str
    title: Message
    why: Message
    commands: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Remark:
    """What a rule says beside its advice."""

    rule: str
    text: Message


@dataclass(frozen=True, slots=True)
class Advised:
    """What all rules say together.

    Attributes:
        advice: The most worthwhile first.
        unmeasured: What could not be judged, in the order of the rules.
        remarks: What a reader must know beside.
        rules: The names of the rules that were asked.
    """

    advice: tuple[Advice, ...]
    unmeasured: tuple[Unmeasured, ...]
    remarks: tuple[Remark, ...]
    rules: tuple[str, ...]

"""What a rule finds out, before anybody decides whom to tell: the contract between rules and the alert engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeAlias

from analyzers.store.interface import Store
from analyzers.store.query import Window
from analyzers.thresholds import Severity


@dataclass(frozen=True, slots=True)
class Signal:
    """One judgement of one rule about one thing at one instant.

    A rule gives a signal for every thing it judged, also where all is well or nothing could be measured: an alert
    resolves only on a signal of ``Severity.OK`` about it. What a rule that watches clients or routes no longer names is
    for the rule to say: it names again what it is told is ``standing``.

    Attributes:
        rule: The rule's name.
        labels: What it is about beside the rule, e.g. ``{"client.ip": "203.0.113.9"}``; empty for the whole. Rule and
            labels together are the alert's identity.
        severity: ``OK``, ``WARNING``, ``CRITICAL`` or ``UNMEASURED``.
        window: What was looked at.
        value: What was measured, in the rule's unit; ``None`` when unmeasured.
        events: How many events it rests on; ``None`` where it is not about events.
        message: One sentence: what, how much, against which limit, over which window, with how many events.
        explanation: Further lines for the message: who or what spent it, example request ids, what to look at.
        limits: ``warning`` and ``critical`` as numbers, where there are such.
    """

    rule: str
    labels: Mapping[str, str]
    severity: Severity
    window: Window
    value: float | None
    events: int | None
    message: str
    explanation: tuple[str, ...] = ()
    limits: Mapping[str, float] = field(default_factory=dict)


Standing: TypeAlias = tuple[Mapping[str, str], ...]
"""The labels of the rule's alerts that have not resolved."""

Evaluate: TypeAlias = Callable[[Store, datetime, Standing], tuple[Signal, ...]]
"""Judges a rule as of an instant, by events before it alone, so that the past can be replayed. Raises ``QueryError``
and ``StoreError`` as a store does."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Something to watch, and how its alert is handled.

    Attributes:
        name: Unique among the rules.
        evaluate: The judgement.
        pending: How long a breach must last before the alert fires; zero fires at once.
        keep_firing: How long all must be well before the alert resolves.
        runbook: A link that every message carries, or the command that shows a page.
        group: Alerts of one group are told in one message; the rule's own name by default.
        repeat: How often a firing alert is told again; ``None``: never.
        escalate: After how long a firing alert that nobody has acknowledged is told to the channels of escalation;
            ``None``: never.
        labels: What a person wants to sort by, e.g. ``{"team": "infra"}``; part of the payload.
    """

    name: str
    evaluate: Evaluate
    pending: timedelta = timedelta(0)
    keep_firing: timedelta = timedelta(0)
    runbook: str | None = None
    group: str | None = None
    repeat: timedelta | None = None
    escalate: timedelta | None = None
    labels: Mapping[str, str] = field(default_factory=dict)

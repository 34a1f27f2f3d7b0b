"""The keys that every ``[[rule]]`` has, and their defaults."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from fractions import Fraction
from typing import Final

from pydantic import Field

from analyzers.alerts.rules.file.values import Confidence, Events, Form, Interval, Name, Pause, Runbook, Text

CERTAIN: Final = Fraction(95, 100)
"""How sure a share must be to be an alarm, where the file does not say."""


class DefaultsForm(Form):
    """``[defaults]``: for every rule that does not say otherwise."""

    pending: Pause | None = None
    keep_firing: Pause | None = None
    repeat: Interval | None = None
    escalate: Interval | None = None
    minimum_events: Events = 20
    confidence: Confidence = CERTAIN
    runbook: Runbook | None = None


class RuleForm(Form):
    """What a rule of any kind may say."""

    name: Name
    pending: Pause | None = None
    keep_firing: Pause | None = None
    repeat: Interval | None = None
    escalate: Interval | None = None
    runbook: Runbook | None = None
    group: Name | None = None
    labels: Mapping[Name, Text] = Field(default_factory=dict)


NOTHING: Final = timedelta(0)

"""Spans of time in which alerts are tracked and nobody is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from logging_lib.errors import AtalaiaError

RULE: Final = "rule"
"""The matcher that is about the rule's name; every other is about a label."""


class Mute(Protocol):
    """Something that keeps alerts quiet."""

    @property
    def reason(self) -> str:
        """Why, for people."""
        ...

    def covers(self, rule: str, labels: Mapping[str, str], instant: datetime) -> bool:
        """Whether an alert is muted at an instant."""
        ...


@dataclass(frozen=True, slots=True)
class Silence:
    """A mute made on the command line.

    Attributes:
        id: Its name there.
        matchers: ``rule`` and labels, and what each must be; all must hold.
        start: Its first instant.
        until: The first instant after it.
        reason: Why.
        by: Who made it.
    """

    id: str
    matchers: Mapping[str, str]
    start: datetime
    until: datetime
    reason: str
    by: str

    def covers(self, rule: str, labels: Mapping[str, str], instant: datetime) -> bool:
        """Whether an alert is muted at an instant."""
        known = {**labels, RULE: rule}
        within = self.start <= instant < self.until
        return within and all(known.get(name) == value for name, value in self.matchers.items())


def parse_matchers(texts: tuple[str, ...]) -> dict[str, str]:
    """Read ``rule=error_rate`` and ``client.ip=203.0.113.9``.

    Raises:
        AtalaiaError: When there is none, one has no ``=``, or two are about the same name.
    """
    matchers: dict[str, str] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not name or not equals or not value:
            raise AtalaiaError(f"{text!r} says not what to silence", "write rule=NAME or LABEL=VALUE")
        if name in matchers:
            raise AtalaiaError(f"{name} is given twice", "make two silences")
        matchers[name] = value
    if not matchers:
        raise AtalaiaError("nothing says what to silence", "write rule=NAME or LABEL=VALUE")
    return matchers

"""What a shipper has done, and what it is waiting for."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from atalaia.pipeline.dead_letters import Reasons


@dataclass(frozen=True, slots=True)
class Waiting:
    """What keeps lines from being delivered.

    Attributes:
        since: When it began.
        attempts: How often it was tried.
        reason: Why it failed last.
        remedy: What a person can do; may be empty.
    """

    since: datetime
    attempts: int
    reason: str
    remedy: str


@dataclass(slots=True)
class Tally:
    """What has been done so far. The sender counts what it sent, the reader what it lost.

    Attributes:
        lines: Lines that the receiver has.
        size: Their bytes, line ends included.
        batches: The batches they came in.
        again: Batches that were sent again.
        letters: Lines that became dead letters.
        reasons: Why.
        lost_files: Files that went before all of them was delivered.
        lost_bytes: What was not delivered of them.
        waiting: What is waited for; ``None`` while lines are delivered.
    """

    lines: int = 0
    size: int = 0
    batches: int = 0
    again: int = 0
    letters: int = 0
    reasons: Reasons = field(default_factory=Reasons)
    lost_files: int = 0
    lost_bytes: int = 0
    waiting: Waiting | None = None

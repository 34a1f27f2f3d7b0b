"""A report as a document: one value that HTML, PDF, mail, JSON and the terminal show.

A builder (daily, weekly, monthly) turns answers of the store into sections of blocks. The order is the same everywhere:
the verdict in words, the numbers it rests on, the charts, what to do.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from analyzers.analysis import State
from analyzers.blocks import Section
from analyzers.language import Message
from analyzers.store.query import Window


class Kind(StrEnum):
    """How much a report spans; its name in ``atalaia report <kind>``."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report.

    Attributes:
        kind: Daily, weekly or monthly.
        key: Which one, as the command takes it: ``2024-01-15``, ``2024-W03``, ``2024-01``.
        title: Its title.
        zone: The IANA zone whose calendar it follows.
        window: Its span.
        store: How a person names the store that it was made from.
        state: The judgement of everything that was promised.
        verdict: That judgement in words; the first sentence is the subject of its mail.
        sections: The chapters in order.
        notes: What a reader must know about the numbers: samples, losses, gaps, restatements.
        made: When.
    """

    kind: Kind
    key: str
    title: Message
    zone: str
    window: Window
    store: str
    state: State
    verdict: tuple[Message, ...]
    sections: tuple[Section, ...]
    notes: tuple[Message, ...]
    made: datetime

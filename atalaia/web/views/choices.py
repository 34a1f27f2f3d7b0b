"""A choice among several, each an address."""

from __future__ import annotations

from dataclasses import dataclass

from analyzers.language import Message


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several things to choose from.

    Attributes:
        title: What it is called.
        href: Where it leads.
        is_chosen: Whether it is what is shown.
    """

    title: Message
    href: str
    is_chosen: bool

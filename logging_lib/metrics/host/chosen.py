"""Which processes have records of their own."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from logging_lib.metrics.host.options import HostOptions
from logging_lib.metrics.host.process import Seen, command_line


@dataclass(frozen=True, slots=True)
class Choice:
    """The chosen processes.

    Attributes:
        processes: Each with the first pattern that it was chosen by; ``None`` where it is among the greatest only.
        left_out: How many matched a pattern and were too many for it.
    """

    processes: tuple[tuple[Seen, str | None], ...]
    left_out: int


def choose(seen: Sequence[Seen], rates: Mapping[tuple[int, float], float], options: HostOptions) -> Choice:
    """Return those that use most, and those that match a pattern.

    Args:
        seen: All processes.
        rates: How much of a processor each uses, by its key, where that is known.
        options: How many, and the patterns.
    """
    named, left_out = _named(seen, options)
    busy = sorted((one for one in seen if rates.get(one.key)), key=lambda one: -rates[one.key])
    large = sorted(seen, key=lambda one: -one.rss)
    greatest = [*busy[: options.top], *large[: options.top]]
    chosen = {one.key: (one, pattern) for one, pattern in [*((one, None) for one in greatest), *named]}
    return Choice(tuple(chosen.values()), left_out)


def _named(seen: Iterable[Seen], options: HostOptions) -> tuple[list[tuple[Seen, str | None]], int]:
    if not options.compiled:
        return [], 0
    found: dict[str, list[Seen]] = {}
    for one in seen:
        if one.process.pid == os.getpid() and not options.itself:
            continue
        pattern = _first_match(one, options.compiled)
        if pattern is not None:
            found.setdefault(pattern, []).append(one)
    kept: list[tuple[Seen, str | None]] = []
    for pattern, ones in found.items():
        kept += [(one, pattern) for one in sorted(ones, key=lambda one: -one.rss)[: options.most]]
    return kept, sum(map(len, found.values())) - len(kept)


def _first_match(one: Seen, patterns: Iterable[re.Pattern[str]]) -> str | None:
    arguments = " ".join(command_line(one.process))
    return next((each.pattern for each in patterns if each.search(one.name) or each.search(arguments)), None)

"""What the rules about PostgreSQL have in common."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Final

from analyzers.recommendations.gaps import no_postgresql
from analyzers.recommendations.measuring import fraction, samples, text
from analyzers.recommendations.model import Asked, Finding
from analyzers.store.query import CalendarUnit, Max, Measure, Min
from analyzers.store.result import Row

DATASET: Final = "postgresql.server"
ADDRESS: Final = "postgresql.address"
DATABASE: Final = "postgresql.database.name"
MIB: Final = 1024 * 1024
_LONG: Final = timedelta(hours=6)
UNSAMPLED: Final = Finding(gaps=(no_postgresql(),))
"""What a rule says where no server was sampled."""


def setting(name: str, value: str, *, restart: bool = False) -> tuple[str, ...]:
    """Return the statements that show a setting, change it and have the server take it over.

    ``ALTER SYSTEM`` writes ``postgresql.auto.conf``; see PostgreSQL's documentation, "Setting Parameters".

    Args:
        name: The setting.
        value: Its value.
        restart: Whether only a restart makes it count, which ends every connection.
    """
    taken = "sudo systemctl restart postgresql" if restart else "SELECT pg_reload_conf();"
    return (f"SHOW {name};", f"ALTER SYSTEM SET {name} = '{value}';", taken)


def grown(
    asked: Asked, metricset: str, counters: Mapping[str, str], by: tuple[str, ...]
) -> Mapping[tuple[str, ...], Mapping[str, Fraction]]:
    """Return by how much counters grew in the window, for each group: a lower bound.

    Counters grow until they are reset, by somebody or by a crash. The window is cut into minutes or hours: where a
    part's least value is below the greatest of the part before, there was a reset, and what lies between is left out.

    Args:
        asked: What is looked at.
        metricset: Which samples.
        counters: Name to field.
        by: The fields to group by.
    """
    ends: dict[str, Measure] = {f"{name} most": Max(field) for name, field in counters.items()}
    ends |= {f"{name} least": Min(field) for name, field in counters.items()}
    parts: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in samples(asked, DATASET, metricset, ends, by, every=_part(asked)):
        parts[tuple(text(row, each) for each in by)].append(row)
    return {key: _growth(rows, tuple(counters)) for key, rows in parts.items()}


def _part(asked: Asked) -> CalendarUnit:
    return CalendarUnit.HOUR if asked.window.length > _LONG else CalendarUnit.MINUTE


def _growth(rows: Sequence[Row], names: tuple[str, ...]) -> Mapping[str, Fraction]:
    """Return the growth over the parts of the window, in order; all counters are reset together."""
    first = rows[0]
    grew = {name: _between(first, f"{name} least", first, f"{name} most") for name in names}
    if len(rows) > 1 and not _goes_on(first, rows[1], names):
        grew = dict.fromkeys(names, Fraction(0))
    for now, then in pairwise(rows):
        if _goes_on(now, then, names):
            grew = {name: grew[name] + _between(now, f"{name} most", then, f"{name} most") for name in names}
    return grew


def _goes_on(now: Row, then: Row, names: tuple[str, ...]) -> bool:
    """Tell whether no counter fell between two parts."""
    return all(_between(now, f"{name} most", then, f"{name} least") >= 0 for name in names)


def _between(one: Row, name: str, other: Row, its: str) -> Fraction:
    """Return how much a number grew; nought where it was not measured."""
    before, after = fraction(one, name), fraction(other, its)
    return Fraction(0) if before is None or after is None else after - before

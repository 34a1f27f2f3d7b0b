"""What of a daily, weekly or monthly report need not be the same to the last digit, and what follows from it.

Percentiles of Elasticsearch are estimates with a stated error. Sums of response times are sums of doubles, and their
order is the store's: so are the mean and the shares of time. What follows from either (a change, a rank) must fit
the report's own numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from math import isclose
from typing import Final

from analyzers.store.document import JsonValue
from analyzers.verification.estimates import PERCENTILES, close
from analyzers.verification.leaves import JsonObject, Near, tokens

ROUNDING: Final = 1e-12
"""Of sums of doubles, relative."""
_SUMMED: Final = frozenset({"seconds", "share", "db_time", "template_time", "avg_response_time", "time_chart"})
_FOLLOWS: Final = frozenset({"trend", "significance", "method"})
_ADVICE: Final = frozenset({"recommendations", "not_judged"})
"""The chapters of sentences in which percentiles may stand."""
_COMPARING: Final = ("summary", "week_before")
"""The chapters of figures."""
_RANKED: Final = {
    **dict.fromkeys(
        ("bottlenecks_total", "bottlenecks_p95", "bottlenecks_database", "bottlenecks_templates"), "endpoint"
    ),
    "statements": "statement",
    "time_chart": "name",
}
"""Tables and bars that are in an order by such numbers: what names a row of each."""
_NUMBER: Final = re.compile(r"\d[\d,]*(?:\.\d+)?")


def near_values(sides: int) -> Near:
    """Return what takes values for equal that can be.

    Args:
        sides: How many of the two stores estimate percentiles.
    """

    def near(path: str, reported: JsonValue, derived: JsonValue) -> bool:
        steps = tokens(path)
        if sides and PERCENTILES.intersection(steps):
            return steps[-1] in _FOLLOWS or close(reported, derived, 1 if sides == 1 else sides)
        if _is_summed(steps):
            return _rounded(reported, derived)
        return bool(sides) and bool(_ADVICE.intersection(steps)) and _same_words(reported, derived, sides)

    return near


def adopt(document: JsonObject, found: JsonObject, sides: int) -> None:
    """Derive what follows from such numbers from those of the report, where they are close to ours.

    Args:
        document: The report.
        found: The one built again; it is changed in place.
        sides: How many of the two stores estimate percentiles.
    """
    for name, key in _RANKED.items():
        for theirs, ours in zip(_rows(document, name), _rows(found, name), strict=False):
            _reorder(theirs, ours, key)
    if sides:
        for section in _COMPARING:
            for name in PERCENTILES:
                _follow(_figure(document, section, name), _figure(found, section, name), sides)


def _reorder(theirs: Sequence[JsonValue], ours: list[JsonValue], key: str) -> None:
    """Put our rows in the report's order, where they are of the same things."""
    names = [_named(each, key) for each in theirs]
    mine = {_named(each, key): each for each in ours}
    if len(mine) == len(ours) and sorted(names) == sorted(mine):
        ours[:] = [mine[name] for name in names]


def _named(row: JsonValue, key: str) -> str:
    return str(row.get(key)) if isinstance(row, dict) else ""


def _rows(document: JsonObject, name: str) -> Iterator[list[JsonValue]]:
    """Yield the lists of rows of the blocks of a name, in every chapter that has one."""
    sections = document.get("sections")
    for section in sections.values() if isinstance(sections, dict) else ():
        block = section.get(name) if isinstance(section, dict) else None
        rows = (block.get("rows") or block.get("bars")) if isinstance(block, dict) else None
        if isinstance(rows, list):
            yield rows


def _figure(document: JsonObject, section: str, name: str) -> dict[str, JsonValue]:
    value: JsonValue = dict(document)
    for step in ("sections", section, "figures", name):
        value = value.get(step) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def _follow(theirs: dict[str, JsonValue], ours: dict[str, JsonValue], sides: int) -> None:
    """Derive the relative change anew from the reported numbers."""
    reported, derived = theirs.get("change"), ours.get("change")
    if not isinstance(reported, dict) or not isinstance(derived, dict):
        return
    value, before = theirs.get("value"), reported.get("before")
    if not close(value, ours.get("value"), sides) or not close(before, derived.get("before"), sides):
        return
    now, then = float(str(value)), float(str(before))
    derived["difference"] = (now - then) / then if then else None


def _is_summed(steps: tuple[str, ...]) -> bool:
    return bool(_SUMMED.intersection(steps))


def _rounded(reported: JsonValue, derived: JsonValue) -> bool:
    numbers = [float(each) for each in (reported, derived) if isinstance(each, int | float)]
    return len(numbers) == 2 and isclose(*numbers, rel_tol=ROUNDING, abs_tol=ROUNDING)  # noqa: PLR2004 - the two


def _same_words(reported: JsonValue, derived: JsonValue, sides: int) -> bool:
    """Tell whether two sentences differ only in numbers that are close."""
    if not isinstance(reported, str) or not isinstance(derived, str):
        return False
    if _NUMBER.sub("#", reported) != _NUMBER.sub("#", derived):
        return False
    pairs = zip(_NUMBER.findall(reported), _NUMBER.findall(derived), strict=True)
    return all(close(_value(one), _value(other), sides) for one, other in pairs)


def _value(text: str) -> float:
    return float(text.replace(",", ""))

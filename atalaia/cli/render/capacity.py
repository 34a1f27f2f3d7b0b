"""A capacity plan for a person at a terminal, and for programs."""

from __future__ import annotations

from datetime import date
from typing import Final, TextIO, TypeAlias
from zoneinfo import ZoneInfo

from rich import box
from rich.table import Table
from rich.text import Text

from analyzers.analysis import State
from analyzers.capacity import CapacityPlan, Outlook, Planned
from analyzers.capacity.wording import growth_of, level_of, limit_of, sentence_of, share_of, title_of
from analyzers.language import Language, language_of
from analyzers.numbers import counted
from atalaia.cli.render.machine import dumped, rfc3339
from atalaia.cli.render.safe import printable
from atalaia.cli.render.table import console_for, print_whole, verdict
from atalaia.cli.render.text import ABSENT, percent

_Object: TypeAlias = dict[str, object]
_SHORT: Final = {
    Outlook.FULL: "full",
    Outlook.NOT_GROWING: "not within 3 years",
    Outlook.SHRINKING: "shrinks",
    Outlook.TOO_FEW_DAYS: "too few days",
    Outlook.TOO_NOISY: "varies too much",
    Outlook.NO_LIMIT: "no limit",
}


def print_plan(plan: CapacityPlan, within: int, stream: TextIO) -> None:
    """Print what runs out first in words, then everything that was looked at.

    Args:
        plan: What is printed.
        within: How many days ahead running out is a breach.
        stream: Where to.
    """
    console, english = console_for(stream), language_of("en", ZoneInfo(plan.zone))
    console.print(verdict(plan.state(within), _verdict(plan, within, english)), soft_wrap=True)
    if plan.planned:
        print_whole(console, _table(plan, english))


def plan_as_json(plan: CapacityPlan, *, within: int, store: str) -> str:
    """Return a plan as one JSON object; bytes and counts as numbers, days as dates, ``null`` for what is not known."""
    query = {
        "since": rfc3339(plan.window.start),
        "until": rfc3339(plan.window.end),
        "tz": plan.zone,
        "within_days": within,
        "store": store,
    }
    resources = [_object(plan, each) for each in plan.planned]
    return dumped({"query": query, "state": plan.state(within).value, "resources": resources})


def _verdict(plan: CapacityPlan, within: int, english: Language) -> str:
    state = plan.state(within)
    if state is State.UNMEASURED:
        return "capacity unmeasured: nothing with a limit was sampled on enough days; see 'atalaia metrics run'"
    first = plan.planned[0]
    if plan.left(first) is None:
        return "capacity met: no day can be told on which anything runs out"
    ahead = f"within {counted(within, 'day')}"
    words = f"something runs out {ahead}:" if state is State.MISSED else f"nothing runs out {ahead}; first"
    return f"capacity {state}: {words} {english.say(sentence_of(first))}"


def _table(plan: CapacityPlan, english: Language) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False, header_style="bold")
    table.add_column("resource", overflow="fold", min_width=16)
    for name in ("used", "limit", "share", "in 30 days"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("runs out", overflow="fold", min_width=10)
    for planned in plan.planned:
        table.add_row(*map(Text, _cells(planned, english)))
    return table


def _cells(planned: Planned, english: Language) -> tuple[str, ...]:
    limit, share, growth = limit_of(planned), share_of(planned), growth_of(planned)
    return (
        printable(english.say(title_of(planned.resource))),
        english.amount(level_of(planned)),
        ABSENT if limit is None else english.amount(limit),
        ABSENT if share is None else percent(share),
        ABSENT if growth.value is None else english.amount(growth),
        _when(planned),
    )


def _when(planned: Planned) -> str:
    if planned.runs_out is None:
        words = _SHORT[planned.forecast.outlook]
        return words if planned.earliest is None else f"{words}; not before {planned.earliest}"
    if planned.latest is None:
        return f"{planned.runs_out} (not before {planned.earliest})"
    if planned.earliest == planned.latest:
        return f"{planned.runs_out}"
    return f"{planned.runs_out} ({planned.earliest} to {planned.latest})"


def _object(plan: CapacityPlan, planned: Planned) -> _Object:
    resource, trend = planned.resource, planned.trend
    day, peak = resource.peak
    return {
        "kind": resource.kind.value,
        "place": list(resource.place),
        "unit": resource.kind.unit.value,
        "used": resource.used,
        "limit": resource.limit,
        "days_measured": len(resource.days),
        "last_day": resource.last.isoformat(),
        "peak": peak,
        "peak_day": day.isoformat(),
        "growth_per_day": None if trend is None else trend.slope,
        "growth_per_day_least": None if trend is None else trend.lowest,
        "growth_per_day_most": None if trend is None else trend.highest,
        "outlook": planned.forecast.outlook.value,
        "days_left": plan.left(planned),
        "runs_out": _text(planned.runs_out),
        "earliest": _text(planned.earliest),
        "latest": _text(planned.latest),
    }


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()

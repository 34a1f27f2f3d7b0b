"""A contract in words."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from typing import Final

from analyzers.numbers import plain
from analyzers.sla.contract.model import EVERY, Contract, Exclusion, Kind, Objective, Outage, RollingPeriod
from analyzers.sla.elapsed import instant_words, lasting

_MILLISECOND: Final = timedelta(milliseconds=1)
_SECOND: Final = 1000


def promise(objective: Objective) -> str:
    """Return what is promised: ``95 % of requests take less than 2 s``."""
    where = "" if objective.route is None else f" on {objective.route}"
    return f"{_promise(objective)}{where}"


def judged_by(objective: Objective) -> str:
    """Return over which periods: ``by month, over 30 days``."""
    return ", ".join(
        f"over {each.days} days" if isinstance(each, RollingPeriod) else f"by {each.name}" for each in objective.periods
    )


def about(contract: Contract) -> tuple[str, ...]:
    """Return what a contract says beside its objectives, a sentence each."""
    service = "every service" if contract.service == EVERY else contract.service
    environment = "every environment" if contract.environment == EVERY else contract.environment
    lines = [
        f"for {service} in {environment}, in {contract.zone}",
        f"events may arrive {lasting(contract.lateness)} late; {_coverage(contract)}",
    ]
    if contract.valid_from is not None:
        lines.append(f"in force from {instant_words(contract.valid_from)}")
    return tuple(lines)


def excluded(each: Exclusion) -> str:
    """Return an exclusion in words."""
    named = f" for {', '.join(each.objectives)}" if each.objectives else ""
    span = f"{instant_words(each.window.start)} to {instant_words(each.window.end)}"
    return f"excluded{named}: {span}, {each.reason} (approved by {each.approved_by})"


def declared(each: Outage) -> str:
    """Return a declared outage in words."""
    span = f"{instant_words(each.window.start)} to {instant_words(each.window.end)}"
    return f"outage: {span}, {each.reason} (declared by {each.declared_by})"


def _coverage(contract: Contract) -> str:
    if not contract.coverage:
        return "no coverage is demanded"
    return f"{plain(100 * contract.coverage)} % of the minutes must be measured"


def _promise(objective: Objective) -> str:
    target = "" if objective.target is None else plain(100 * objective.target)
    match objective.kind:
        case Kind.AVAILABILITY:
            return f"{target} % of requests do not fail"
        case Kind.LATENCY:
            return f"{target} % of requests take less than {_limit(objective)}"
        case Kind.ERROR_RATE:
            return f"less than {plain(100 - 100 * (objective.target or Fraction(0)))} % of requests fail"
        case Kind.UPTIME:
            return f"{target} % of minutes are good: {_good_minutes(objective)}"
        case Kind.RPO:
            return f"at every moment the last {objective.backup} is at most {_limit(objective)} old"
        case Kind.RTO:
            return f"no outage lasts longer than {_limit(objective)}: one ends when {_good_minutes(objective)}"


def _good_minutes(objective: Objective) -> str:
    return f"fewer than {plain(100 * objective.minute_errors)} % of a minute's requests fail"


def _limit(objective: Objective) -> str:
    limit = objective.limit or timedelta(0)
    millis = limit // _MILLISECOND
    return f"{millis} ms" if millis % _SECOND else lasting(limit)

"""A contract in words."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from typing import Final

from analyzers.language import Message, Value, english, message
from analyzers.language.parts import target
from analyzers.numbers import plain
from analyzers.sla.contract.model import EVERY, Contract, Exclusion, Kind, Objective, Outage, RollingPeriod
from analyzers.sla.elapsed import instant_words, lasting, span_value

_MILLISECOND: Final = timedelta(milliseconds=1)
_SECOND: Final = 1000


def promise(objective: Objective) -> str:
    """Return what is promised: ``95 % of requests take less than 2 s``."""
    return english(promise_said(objective))


def promise_said(objective: Objective) -> Message:
    """Return the same in any language."""
    promised = _promise(objective)
    if objective.route is None:
        return promised
    return message("{promise} on {route}", promise=promised, route=objective.route)


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


def _promise(objective: Objective) -> Message:
    share, limit = target(objective.target or Fraction(0)), _limit(objective)
    match objective.kind:
        case Kind.AVAILABILITY:
            return message("{share} of requests do not fail", share=share)
        case Kind.LATENCY:
            return message("{share} of requests take less than {limit}", share=share, limit=limit)
        case Kind.ERROR_RATE:
            failing = target(1 - (objective.target or Fraction(0)))
            return message("less than {share} of requests fail", share=failing)
        case Kind.UPTIME:
            return message("{share} of minutes are good: {good}", share=share, good=_good_minutes(objective))
        case Kind.RPO:
            backup = objective.backup
            return message("at every moment the last {backup} is at most {limit} old", backup=backup, limit=limit)
        case Kind.RTO:
            good = _good_minutes(objective)
            return message("no outage lasts longer than {limit}: one ends when {good}", limit=limit, good=good)


def _good_minutes(objective: Objective) -> Message:
    return message("fewer than {share} of a minute's requests fail", share=target(objective.minute_errors))


def _limit(objective: Objective) -> Value:
    limit = objective.limit or timedelta(0)
    millis = limit // _MILLISECOND
    return f"{millis} ms" if millis % _SECOND else span_value(limit)

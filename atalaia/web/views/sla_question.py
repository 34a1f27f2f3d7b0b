"""What an address asks of the agreement: the period, as of when, and of which part of the service."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from analyzers.language import message
from analyzers.selection import parse_instant
from analyzers.selection.errors import SelectionError
from analyzers.sla.asked import THIS, Asked
from analyzers.sla.contract.default import DEFAULT_CONTRACT
from analyzers.sla.contract.model import CalendarPeriod, Contract
from analyzers.sla.contract.periods import NamedPeriod, named_period, period_at, period_before
from analyzers.sla.scope import MINUTE
from analyzers.store.query import CalendarUnit
from atalaia.web.asked import Question
from atalaia.web.views.choices import Choice

PATH: Final = "/sla"
CONTRACT: Final = "contract"
"""``per=``: each objective over its own periods, rolling ones too."""
UNITS: Final = {
    CalendarUnit.DAY: message("Day"),
    CalendarUnit.WEEK: message("Week"),
    CalendarUnit.MONTH: message("Month"),
    CalendarUnit.QUARTER: message("Quarter"),
    CalendarUnit.YEAR: message("Year"),
}
"""The calendar periods that can be chosen."""


@dataclass(frozen=True, slots=True)
class SlaQuestion:
    """What is to be judged.

    Attributes:
        agreed: What was promised.
        contract: The same as the address alters it, where it does.
        asked: Which objectives and periods.
        period: The calendar period; ``None`` where each objective has its own.
        as_of: The instant.
    """

    agreed: Contract
    contract: Contract
    asked: Asked
    period: NamedPeriod | None
    as_of: datetime

    @property
    def is_promised(self) -> bool:
        """Whether the contract itself says so, as it does not of other periods, another service or any route."""
        return self.contract == self.agreed

    @property
    def is_default(self) -> bool:
        """Whether nobody made a contract: the one that is built in applies."""
        return self.agreed == DEFAULT_CONTRACT


def sla_question(question: Question, contract: Contract, now: datetime) -> SlaQuestion:
    """Return what an address asks of a contract.

    ``period=2024-10`` names a calendar period, ``per=week`` the one that holds the instant, a month by default;
    ``as_of=`` is the instant. ``objective=`` (repeatable) chooses objectives; ``service=`` and ``route=`` ask the same
    of a part of the traffic that the contract does not speak of.

    Raises:
        SelectionError: When it cannot be read, or the instant is yet to come.
    """
    as_of = _as_of(question, contract, now)
    period = _period(question, contract, as_of)
    altered = _altered(question, contract, period)
    asked = Asked(THIS if period is None else period.name, question.all("objective"))
    return SlaQuestion(contract, altered, asked, period, as_of)


def per_choices(question: Question, asked: SlaQuestion) -> tuple[Choice, ...]:
    """Return the kinds of period; a link to one begins with the one that holds what is shown."""
    unit = None if asked.period is None else _unit(asked.period)
    found = [Choice(title, _holding(question, asked, each), each is unit) for each, title in UNITS.items()]
    own = Choice(message("As agreed"), question.same(PATH, per=CONTRACT, period=None), is_chosen=unit is None)
    return (*found, own)


def earlier_and_later(question: Question, asked: SlaQuestion) -> tuple[Choice | None, Choice | None]:
    """Return the period before and, where it has begun, the one after."""
    if asked.period is None:
        return None, None
    before, end = period_before(asked.period), asked.period.window.end
    after = period_at(asked.period.period, asked.period.zone, end) if end <= asked.as_of else None
    return _leading(question, before), None if after is None else _leading(question, after)


def parts_of(question: Question) -> tuple[Choice, ...]:
    """Return the parts of the traffic that an address narrows to, each with the address without it."""
    service, route = question.one("service"), question.one("route")
    chosen: list[Choice] = []
    if service:
        chosen.append(_part("service", service, question.same(PATH, service=None)))
    if route:
        chosen.append(_part("route", route, question.same(PATH, route=None)))
    if question.environment:
        chosen.append(_part("environment", question.environment, question.same(PATH, environment=None)))
    objectives = question.all("objective")
    for each in objectives:
        left = [other for other in objectives if other != each]
        chosen.append(_part("objective", each, question.same(PATH, objective=left)))
    return tuple(chosen)


def _part(name: str, value: str, href: str) -> Choice:
    return Choice(message("{name} = {value}", name=name, value=value), href, is_chosen=True)


def _holding(question: Question, asked: SlaQuestion, unit: CalendarUnit) -> str:
    """Return the address of the period of a unit that holds the end of what is shown."""
    if asked.period is None:
        return question.same(PATH, per=unit.value, period=None)
    last = min(asked.period.window.end, asked.as_of) - MINUTE
    there = period_at(CalendarPeriod(unit), asked.contract.zone, max(last, asked.period.window.start))
    return question.same(PATH, per=None, period=there.name)


def _leading(question: Question, period: NamedPeriod) -> Choice:
    return Choice(period.said, question.same(PATH, period=period.name, per=None), is_chosen=False)


def _as_of(question: Question, contract: Contract, now: datetime) -> datetime:
    text = question.one("as_of")
    as_of = now if text is None else parse_instant(text, now=now, zone=ZoneInfo(contract.zone))
    if as_of > now:
        raise SelectionError(f"as_of={text} is yet to come", "give an instant that has passed")
    return as_of


def _period(question: Question, contract: Contract, as_of: datetime) -> NamedPeriod | None:
    name, per = question.one("period"), question.one("per") or CalendarUnit.MONTH.value
    if name is not None:
        return named_period(name, contract.zone)
    if per == CONTRACT:
        return None
    if per not in {unit.value for unit in UNITS}:
        units = ", ".join((*(unit.value for unit in UNITS), CONTRACT))
        raise SelectionError(f"per={per} is no period", f"give one of {units}")
    return period_at(CalendarPeriod(CalendarUnit(per)), contract.zone, as_of)


def _altered(question: Question, contract: Contract, period: NamedPeriod | None) -> Contract:
    """Return the contract: with the period where none of its objectives has it, and of a part of the traffic."""
    service, route = question.one("service"), question.one("route")
    environment = question.environment or contract.environment
    objectives = contract.objectives
    if period is not None and not any(period.period in each.periods for each in objectives):
        objectives = tuple(replace(each, periods=(period.period,)) for each in objectives)
    if route is not None:
        objectives = tuple(replace(each, route=route) for each in objectives)
    return replace(contract, service=service or contract.service, environment=environment, objectives=objectives)


def _unit(period: NamedPeriod) -> CalendarUnit | None:
    return period.period.unit if isinstance(period.period, CalendarPeriod) else None

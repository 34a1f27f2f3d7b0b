"""Which objectives and which periods a report is about."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from analyzers.selection.errors import SelectionError
from analyzers.sla.contract.model import Contract, Objective
from analyzers.sla.contract.periods import NamedPeriod, named_period, period_at, period_before
from analyzers.sla.scope import Scope, scope_of
from analyzers.store.document import JsonValue

THIS: Final = "this"
LAST: Final = "last"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a report is asked for.

    Attributes:
        period: :data:`THIS` for the period that holds the instant, :data:`LAST` for the one before, or a name such as
            ``2024-10``.
        objectives: Their names; empty for all.
    """

    period: str = THIS
    objectives: tuple[str, ...] = ()


def scopes(contract: Contract, asked: Asked, as_of: datetime) -> tuple[Scope, ...]:
    """Return what is to be judged: each objective asked for, in the contract's order, over each of its periods.

    Raises:
        SelectionError: When an objective or a period of that name does not exist, or none of the objectives is judged
            by such a period.
    """
    chosen = _objectives(contract, asked.objectives)
    found = tuple(
        scope_of(contract, objective, period, as_of)
        for objective in chosen
        for period in _periods(contract, objective, asked.period, as_of)
    )
    if not found:
        there = sorted({period.name for each in chosen for period in each.periods})
        raise SelectionError(
            f"no objective is judged by a period like {asked.period!r}", f"there are {', '.join(there)}"
        )
    return found


def asked_json(asked: Asked) -> dict[str, JsonValue]:
    """Return what was asked as JSON."""
    return {"period": asked.period, "objectives": list(asked.objectives)}


def _objectives(contract: Contract, names: tuple[str, ...]) -> tuple[Objective, ...]:
    known = [each.name for each in contract.objectives]
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(known)}"
            raise SelectionError(f"the contract has no objective {name!r}", hint)
    return tuple(each for each in contract.objectives if not names or each.name in names)


def _periods(contract: Contract, objective: Objective, asked: str, as_of: datetime) -> Iterator[NamedPeriod]:
    if asked in {THIS, LAST}:
        for each in objective.periods:
            this = period_at(each, contract.zone, as_of)
            yield this if asked == THIS else period_before(this)
        return
    named = named_period(asked, contract.zone)
    if named.period in objective.periods:
        yield named

"""A contract's request objectives as questions to a store."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from analyzers.fields import HTTP_ROUTE, RESPONSE_TIME, SERVICE_NAME
from analyzers.jobs.job import FAILED
from analyzers.sla.contract.default import DEFAULT_CONTRACT
from analyzers.sla.contract.model import EVERY, Contract, Kind, Objective
from analyzers.sla.contract.words import promise
from analyzers.sla.counting import REQUEST_KINDS
from analyzers.sla.judgement import target_of
from analyzers.store.query import EVERYTHING, And, Equals, Exists, Not, Predicate, Range


@dataclass(frozen=True, slots=True)
class RequestObjective:
    """A promise about a share of requests.

    Attributes:
        objective: The objective of the contract; of the kinds about requests.
    """

    objective: Objective

    @property
    def name(self) -> str:
        """Its name in rows and verdicts."""
        return self.objective.name

    @property
    def title(self) -> str:
        """Its name for people."""
        return self.name.replace("_", " ").capitalize()

    @property
    def promise(self) -> str:
        """What is promised, for people: ``95 % of requests take less than 2 s``."""
        return promise(self.objective)

    @property
    def counted(self) -> Predicate:
        """Which events it is about; the others have nothing to judge it by."""
        if self.objective.kind is not Kind.LATENCY:
            return self.about
        timed = Exists(RESPONSE_TIME)
        return timed if self.about == EVERYTHING else And((timed, self.about))

    @property
    def about(self) -> Predicate:
        """Which events it would be about if all told what it is judged by: those of its route."""
        return EVERYTHING if self.objective.route is None else Equals(HTTP_ROUTE, self.objective.route)

    @property
    def good(self) -> Predicate:
        """Which of those keep the promise."""
        return Not(FAILED) if self.limit is None else Range(RESPONSE_TIME, lt=self.limit)

    @property
    def limit(self) -> float | None:
        """The seconds that a response must stay under; ``None`` where it is not about time."""
        return None if self.objective.limit is None else self.objective.limit.total_seconds()

    @property
    def target(self) -> Fraction:
        """The share that must be good, between 0 and 1."""
        return target_of(self.objective)


def request_objectives(contract: Contract) -> tuple[RequestObjective, ...]:
    """Return the objectives of a contract that are about requests, in its order."""
    return tuple(RequestObjective(each) for each in contract.objectives if each.kind in REQUEST_KINDS)


def requests_of(contract: Contract) -> tuple[str, Predicate]:
    """Return the stream of the requests that a contract is about, and which of them it is about."""
    where = EVERYTHING if contract.service == EVERY else Equals(SERVICE_NAME, contract.service)
    return f"logs-web.request-{contract.environment}", where


AVAILABILITY, LATENCY, ERROR_RATE = map(RequestObjective, DEFAULT_CONTRACT.objectives)
DEFAULT_OBJECTIVES: Final = (AVAILABILITY, LATENCY, ERROR_RATE)
"""The three objectives of the TI OSN help desk's service-level agreement."""

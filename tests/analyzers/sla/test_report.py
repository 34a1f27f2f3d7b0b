"""The SLA report: what it says, and that nothing but contract, events and instant decides its bytes."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.analysis import State
from analyzers.selection.errors import SelectionError
from analyzers.sla.asked import LAST, Asked
from analyzers.sla.contract.loading import load_contract
from analyzers.sla.contract.model import Exclusion, Outage, RollingPeriod
from analyzers.sla.contract.serial import contract_hash, from_json
from analyzers.sla.evidence import Provenance, Restatement
from analyzers.sla.report import sla_report
from analyzers.sla.report_json import report_document, report_json
from tests.analyzers.sla.contracts import AVAILABILITY, DAY, LATENCY, MONTH, UPTIME, contract, utc, window
from tests.analyzers.sla.listed_evidence import Listed, Seen

MINUTE = timedelta(minutes=1)
AS_OF = utc("2024-10-05T12:00Z")
NIGHT = Exclusion(window("2024-10-05T02:00Z", "2024-10-05T03:00Z"), "move", "Ana")
POWER = Outage(window("2024-10-05T06:00Z", "2024-10-05T06:05Z"), "power", "Rui")
EVENTS = (
    *(Seen(utc("2024-10-04T10:00Z") + place * MINUTE) for place in range(20)),
    *(Seen(utc("2024-10-05T10:00Z") + place * MINUTE, 500 if place == 0 else 200) for place in range(4)),
)
LISBON = contract(replace(AVAILABILITY, periods=(DAY, MONTH)), LATENCY, UPTIME, zone="Europe/Lisbon")


def test_the_document_by_hand() -> None:
    """One objective over one day, every number worked out: 4 requests, one failed, 10 % may; yesterday had 20."""
    made = contract(AVAILABILITY, exclusions=(NIGHT,), outages=(POWER,))
    changed = Restatement(utc("2024-10-05T01:00Z"), 2, 3, 1, utc("2024-10-05T05:00Z"))
    morning, rest = window("2024-10-05T00:00Z", "2024-10-05T11:00Z"), window("2024-10-05T11:00Z", "2024-10-05T12:00Z")
    evidence = Listed(EVENTS, origin=Provenance((morning,), (rest,), (), (changed,)))
    found = json.loads(report_json(sla_report(made, evidence, utc("2024-10-05T12:00:59Z"))))
    [judgement] = found.pop("judgements")
    slots = judgement["budget"].pop("slots")
    # The day before sizes the budget; this evidence says the same of where any time comes from.
    assert judgement.pop("provenance_before") == judgement["provenance"]
    assert from_json(found.pop("contract")) == made
    assert len(found.pop("question_hash")) == 64
    assert found == {
        "report": "sla",
        "form": 1,
        "contract_hash": contract_hash(made),
        "as_of": "2024-10-05T12:00:00Z",
        "known": "2024-10-05T12:00:59Z",
        "asked": {"period": "this", "objectives": []},
        "state": "missed",
        "verdict": "SLA missed: 1 missed",
    }
    assert judgement == {
        "objective": "availability",
        "kind": "availability",
        "period": {
            "by": "day",
            "name": "2024-10-05",
            "title": "5 October 2024",
            "from": "2024-10-05T00:00:00+00:00",
            "to": "2024-10-06T00:00:00+00:00",
        },
        "judged": {"from": "2024-10-05T00:00:00Z", "to": "2024-10-05T12:00:00Z"},
        "running": True,
        "state": "missed",
        "sentence": "5 October 2024 so far: availability missed, 75.00 % of 90 %; 1 request over; "
        "measured 0.61 % of the time",
        "measured": {"unit": "request", "good": 3, "bad": 1, "total": 4, "seen": 4, "allowed": 0, "share": 0.75},
        "coverage": {"measured": 4, "due": 660, "share": 4 / 660, "demanded": 0.0},
        "exclusions": [
            {"from": "2024-10-05T02:00:00Z", "to": "2024-10-05T03:00:00Z", "reason": "move", "approved_by": "Ana"},
        ],
        "outages": [
            {"from": "2024-10-05T06:00:00Z", "to": "2024-10-05T06:05:00Z", "reason": "power", "declared_by": "Rui"},
        ],
        "budget": {
            "unit": "request",
            "size": 2,
            "spent": 1,
            "remaining": 1,
            "allowed": 0,
            "sized_by": "period_before",
            "sized_by_total": 20,
            "sized_by_period": "4 October 2024",
            "provisional": False,
            "overspent": None,
            # One in the 660 minutes that counted: the other one 660 minutes later, at 23:00.
            "projected": "2024-10-05T23:00:00Z",
            "sentence": "budget of 2 requests (sized by the 20 requests of 4 October 2024): 1 spent, 1 left",
        },
        "provenance": {
            "sealed": [{"from": "2024-10-05T00:00:00Z", "to": "2024-10-05T11:00:00Z"}],
            "raw": [{"from": "2024-10-05T11:00:00Z", "to": "2024-10-05T12:00:00Z"}],
            "missing": [],
            "restatements": [{"minute": "2024-10-05T01:00:00Z", "revision": 2, "total": 3, "errors": 1}],
        },
    }
    assert len(slots) == 12
    assert slots[10] == {
        "from": "2024-10-05T10:00:00Z",
        "to": "2024-10-05T11:00:00Z",
        "bad": 1,
        "total": 4,
        "spent": 1,
        "remaining": 1,
        "settled": True,
    }


def test_a_period_carries_the_offsets_of_its_zone() -> None:
    """October in Lisbon begins in summer time and ends in winter time."""
    report = sla_report(LISBON, Listed(EVENTS), AS_OF, Asked("2024-10"))
    [judgement] = json.loads(report_json(report))["judgements"]
    assert judgement["period"] == {
        "by": "month",
        "name": "2024-10",
        "title": "October 2024",
        "from": "2024-10-01T00:00:00+01:00",
        "to": "2024-11-01T00:00:00+00:00",
    }


@settings(deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_change_a_byte(shuffled: random.Random) -> None:
    """The same events in any order are the same report."""
    expected = report_json(sla_report(LISBON, Listed(EVENTS), AS_OF))
    events = list(EVENTS)
    shuffled.shuffle(events)
    assert report_json(sla_report(LISBON, Listed(events), AS_OF)) == expected


def test_a_report_can_be_derived_from_itself() -> None:
    """Contract, instant and question stand in it: with the same evidence they give the same bytes."""
    made = replace(LISBON, exclusions=(NIGHT,), coverage=Fraction(1, 2))
    text = report_json(sla_report(made, Listed(EVENTS), AS_OF, Asked(LAST, ("availability",))))
    said = json.loads(text)
    asked = Asked(said["asked"]["period"], tuple(said["asked"]["objectives"]))
    again = sla_report(from_json(said["contract"]), Listed(EVENTS), utc(said["as_of"]), asked)
    assert report_json(again) == text


def test_which_periods_are_judged() -> None:
    """Each objective over each of its periods; the last ones; those of a name; those of one objective."""
    rolling = replace(AVAILABILITY, name="rolling", periods=(RollingPeriod(7),))
    made = contract(replace(AVAILABILITY, periods=(DAY, MONTH)), rolling)

    def names(asked: Asked) -> list[str]:
        report = sla_report(made, Listed(EVENTS), AS_OF, asked)
        return [f"{each.scope.objective.name} {each.scope.period.name}" for each in report.entries]

    assert names(Asked()) == [
        "availability 2024-10-05",
        "availability 2024-10",
        "rolling 7d to 2024-10-05T12:00:00Z",
    ]
    assert names(Asked(LAST)) == [
        "availability 2024-10-04",
        "availability 2024-09",
        "rolling 7d to 2024-09-28T12:00:00Z",
    ]
    assert names(Asked("2024-09")) == ["availability 2024-09"]
    assert names(Asked(objectives=("rolling",))) == ["rolling 7d to 2024-10-05T12:00:00Z"]


@pytest.mark.parametrize(
    ("asked", "complaint"),
    [
        (Asked(objectives=("availabilty",)), "no objective 'availabilty'; did you mean 'availability'"),
        (Asked("2024-W40"), "no objective is judged by a period like '2024-W40'; there are day, month"),
        (Asked("yesterday"), "there is no period 'yesterday'"),
    ],
)
def test_what_the_contract_does_not_have_is_refused(asked: Asked, complaint: str) -> None:
    """A misspelt objective, a unit that no objective has, and what is no period."""
    with pytest.raises(SelectionError, match=complaint):
        sla_report(LISBON, Listed(EVENTS), AS_OF, asked)


def test_the_worst_state_is_the_reports() -> None:
    """Missed before unmeasured before met, and the sentences in that order."""
    untimed = [replace(each, millis=None) for each in EVENTS]
    report = sla_report(LISBON, Listed(untimed), AS_OF, Asked("2024-10-05"))
    assert [(each.judgement.state, each.scope.objective.name) for each in report.worst_first] == [
        (State.MISSED, "availability"),
        (State.MISSED, "uptime"),
        (State.UNMEASURED, "latency"),
    ]
    assert report.verdict == "SLA missed: 2 missed, 1 unmeasured"


def test_a_period_that_has_not_begun_is_unmeasured() -> None:
    """Nothing of it has passed: no numbers, no windows, and no crash."""
    found = json.loads(report_json(sla_report(LISBON, Listed(EVENTS), AS_OF, Asked("2024-10-06"))))
    for judgement in found["judgements"]:
        assert (judgement["state"], judgement["judged"], judgement["provenance"]) == ("unmeasured", None, None)


def test_the_example_is_a_contract_of_every_kind() -> None:
    """What examples/sla.toml shows can be read, and be judged as it is."""
    made = load_contract(Path(__file__).parents[3] / "examples" / "sla.toml")
    assert {each.kind.value for each in made.objectives} == {
        *("availability", "latency", "error_rate", "uptime", "rpo", "rto"),
    }
    document = report_document(sla_report(made, Listed(EVENTS), AS_OF))
    assert document["state"] == "unmeasured"

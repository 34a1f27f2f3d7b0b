"""Contracts as JSON, and their hash."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.sla.contract.loading import load_contract
from analyzers.sla.contract.model import (
    CalendarPeriod,
    Contract,
    Exclusion,
    Kind,
    Objective,
    Outage,
    Period,
    RollingPeriod,
)
from analyzers.sla.contract.serial import contract_hash, from_json, to_json
from analyzers.sla.ledger.edges import EDGES
from analyzers.store.query import CalendarUnit, Window
from analyzers.strict_toml import TomlError

_NAMES = st.from_regex(r"[a-z][a-z0-9_-]{0,10}", fullmatch=True)
_TEXT = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=8)
_PERCENT = st.decimals(Decimal("0.001"), Decimal("99.999"), places=3).map(lambda value: Fraction(value) / 100)
_EITHER: list[Period] = [CalendarPeriod(CalendarUnit.MONTH), CalendarPeriod(CalendarUnit.DAY), RollingPeriod(30)]
_PERIODS = st.lists(st.sampled_from(_EITHER), min_size=1, max_size=3, unique=True)
_SECONDS = st.integers(1, 10**6).map(lambda value: timedelta(seconds=value))
_MINUTES = st.integers(0, 10**6).map(lambda value: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=value))
_WINDOWS = st.tuples(_MINUTES, st.integers(1, 10**5)).map(
    lambda pair: Window(pair[0], pair[0] + timedelta(minutes=pair[1])),
)


@st.composite
def objectives(draw: st.DrawFn, name: str) -> Objective:
    """Any objective of a name."""
    kind = draw(st.sampled_from(Kind))
    by_minutes, requests = kind in {Kind.UPTIME, Kind.RTO}, kind in {Kind.AVAILABILITY, Kind.ERROR_RATE, Kind.LATENCY}
    limit = draw(_SECONDS) if kind in {Kind.RPO, Kind.RTO} else None
    if kind is Kind.LATENCY:
        limit = timedelta(milliseconds=draw(st.sampled_from(EDGES)))
    return Objective(
        name,
        kind,
        tuple(draw(_PERIODS)),
        None if kind in {Kind.RPO, Kind.RTO} else draw(_PERCENT),
        limit,
        None if kind is Kind.RPO else draw(st.none() | _TEXT),
        draw(_PERCENT) if by_minutes else Fraction(1, 2),
        draw(_TEXT) if kind is Kind.RPO else "backup.completed",
        draw(st.none() | st.integers(1, 10**9)) if requests else None,
    )


@st.composite
def contracts(draw: st.DrawFn) -> Contract:
    """Any contract."""
    names = draw(st.lists(_NAMES, min_size=1, max_size=3, unique=True))
    some = st.lists(st.sampled_from(names), unique=True).map(sorted).map(tuple)
    exclusions = draw(st.lists(st.builds(Exclusion, _WINDOWS, _TEXT, _TEXT, some), max_size=2))
    outages = draw(st.lists(st.builds(Outage, _WINDOWS, _TEXT, _TEXT), max_size=2))
    return Contract(
        draw(_TEXT),
        draw(st.sampled_from(["*", "production"])),
        draw(st.sampled_from(["UTC", "America/Sao_Paulo"])),
        tuple(draw(objectives(name)) for name in names),
        timedelta(minutes=draw(st.integers(1, 3000))),
        draw(_PERCENT),
        tuple(sorted(exclusions, key=lambda each: (each.window.start, each.window.end, each.reason, each.objectives))),
        tuple(sorted(outages, key=lambda each: (each.window.start, each.window.end, each.reason))),
        draw(st.none() | _MINUTES),
    )


@settings(deadline=None)
@given(contracts())
def test_a_contract_survives_json(contract: Contract) -> None:
    """What a report carries is the whole contract: written and read again it is the same, with the same hash."""
    found = from_json(json.loads(json.dumps(to_json(contract))))
    assert found == contract
    assert contract_hash(found) == contract_hash(contract)


def test_the_hash_is_of_the_meaning(tmp_path: Path) -> None:
    """Comments, order of keys and tables, defaults spelt out, other offsets of the same instants do not change it."""
    one, other = tmp_path / "one.toml", tmp_path / "other.toml"
    one.write_text(
        'service = "x"\nzone = "Europe/Lisbon"\n'
        '[[objective]]\nname = "a"\nkind = "availability"\ntarget = 99.9\n'
        '[[objective]]\nname = "b"\nkind = "error_rate"\ntarget = 1\n'
        '[[exclusion]]\nfrom = 2024-07-01T01:00:00\nto = 2024-07-01T02:00:00\nreason = "r"\napproved_by = "p"\n',
        encoding="utf-8",
    )
    other.write_text(
        'zone = "Europe/Lisbon" # a comment\nservice="x"\ncoverage = 95.0\nlateness = "60m"\n'
        '[[exclusion]]\napproved_by = "p"\nreason = "r"\nto = 2024-07-01T01:00:00Z\nfrom = 2024-07-01T00:00:00Z\n'
        '[[objective]]\ntarget = 1.00\nname = "b"\nkind = "error_rate"\nperiods = ["month"]\n'
        '[[objective]]\ntarget = 99.90\nname = "a"\nkind = "availability"\n',
        encoding="utf-8",
    )
    assert contract_hash(load_contract(one)) == contract_hash(load_contract(other))


@settings(deadline=None)
@given(contracts(), st.data())
def test_another_meaning_is_another_hash(contract: Contract, data: st.DataObject) -> None:
    """Whatever is promised otherwise shows in the hash."""
    first = contract.objectives[0]
    other = data.draw(
        st.sampled_from(
            [
                replace(contract, service=contract.service + "2"),
                replace(contract, lateness=contract.lateness + timedelta(minutes=1)),
                replace(contract, coverage=contract.coverage / 2),
                replace(contract, objectives=(replace(first, name=first.name + "x"), *contract.objectives[1:])),
                replace(contract, objectives=(replace(first, periods=(RollingPeriod(7),)), *contract.objectives[1:])),
                replace(contract, exclusions=(), valid_from=datetime(2020, 1, 1, tzinfo=UTC)),
            ],
        ),
    )
    assert contract_hash(other) != contract_hash(contract)


def test_a_tampered_contract_is_refused_by_place() -> None:
    """A report is read as strictly as a file."""
    document = {"service": "x", "zone": "UTC", "objective": [{"name": "a", "kind": "availability", "target": "101"}]}
    with pytest.raises(TomlError, match=r"objective\[1\]\.target: 101 is not between 0 and 100 percent"):
        from_json(document)

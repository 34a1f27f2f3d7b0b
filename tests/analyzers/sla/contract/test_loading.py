"""Contracts as files: what they mean."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from pathlib import Path

from analyzers.sla.contract.default import DEFAULT_CONTRACT
from analyzers.sla.contract.model import CalendarPeriod, Kind, Objective, RollingPeriod
from analyzers.store.query import CalendarUnit, Window
from tests.analyzers.sla.contract.files import AVAILABILITY, HEAD, load, utc


def test_everything_a_contract_can_say(tmp_path: Path) -> None:
    """Each key ends up where it is meant, decimals exactly, local times in the zone (three hours behind UTC)."""
    found = load(
        tmp_path,
        """
service = "ti-osn"
environment = "production"
zone = "America/Sao_Paulo"
lateness = "90m"
coverage = 97.5
valid_from = 2024-01-01

[[objective]]
name = "availability"
kind = "availability"
target = 99.9
periods = ["month", "30d"]
expected_requests = 1_000_000

[[objective]]
name = "slow-tickets"
kind = "latency"
target = 95
under = "250ms"
route = "/api/chamados"
periods = ["day", "week", "quarter", "year"]

[[objective]]
name = "errors"
kind = "error_rate"
target = 0.5

[[objective]]
name = "uptime"
kind = "uptime"
target = 99.95
minute_errors = 25

[[objective]]
name = "backups"
kind = "rpo"
limit = "1h"
backup = "pg_dump.done"

[[objective]]
name = "recovery"
kind = "rto"
limit = "1d"

[[exclusion]]
from = 2024-10-05T22:00:00
to = 2024-10-06T05:00:00+02:00
reason = "move"
approved_by = "Ana"
objectives = ["uptime", "availability"]

[[outage]]
from = 2024-10-20T03:00:00Z
to = 2024-10-20T03:30:00Z
reason = "power"
declared_by = "Rui"
""",
    )
    assert (found.service, found.environment, found.zone) == ("ti-osn", "production", "America/Sao_Paulo")
    assert (found.lateness, found.coverage) == (timedelta(minutes=90), Fraction(975, 1000))
    assert found.valid_from == utc("2024-01-01T03:00:00Z")
    month = (CalendarPeriod(CalendarUnit.MONTH),)
    assert found.objectives == (
        Objective(
            "availability",
            Kind.AVAILABILITY,
            (*month, RollingPeriod(30)),
            Fraction(999, 1000),
            expected_requests=1_000_000,
        ),
        Objective(
            "slow-tickets",
            Kind.LATENCY,
            tuple(
                CalendarPeriod(unit)
                for unit in (CalendarUnit.DAY, CalendarUnit.WEEK, CalendarUnit.QUARTER, CalendarUnit.YEAR)
            ),
            Fraction(95, 100),
            timedelta(milliseconds=250),
            "/api/chamados",
        ),
        Objective("errors", Kind.ERROR_RATE, month, Fraction(995, 1000)),
        Objective("uptime", Kind.UPTIME, month, Fraction(9995, 10000), minute_errors=Fraction(1, 4)),
        Objective("backups", Kind.RPO, month, limit=timedelta(hours=1), backup="pg_dump.done"),
        Objective("recovery", Kind.RTO, month, limit=timedelta(hours=24)),
    )
    assert [(each.window, each.reason, each.approved_by, each.objectives) for each in found.exclusions] == [
        (
            Window(utc("2024-10-06T01:00:00Z"), utc("2024-10-06T03:00:00Z")),
            "move",
            "Ana",
            ("availability", "uptime"),
        ),
    ]
    assert [(each.window, each.reason, each.declared_by) for each in found.outages] == [
        (Window(utc("2024-10-20T03:00:00Z"), utc("2024-10-20T03:30:00Z")), "power", "Rui"),
    ]


def test_what_is_not_said_has_documented_defaults(tmp_path: Path) -> None:
    """Months, an hour of lateness, 95 % coverage, every environment, no exclusions."""
    found = load(tmp_path, HEAD + AVAILABILITY)
    assert (found.environment, found.lateness, found.coverage) == ("*", timedelta(hours=1), Fraction(95, 100))
    assert (found.exclusions, found.outages, found.valid_from) == ((), (), None)
    assert found.objectives[0].periods == (CalendarPeriod(CalendarUnit.MONTH),)


def test_the_default_contract() -> None:
    """99.9 % available, 95 % under 2 s, under 1 % errors, by months in UTC, of every service, at any coverage."""
    assert (DEFAULT_CONTRACT.service, DEFAULT_CONTRACT.zone, DEFAULT_CONTRACT.coverage) == ("*", "UTC", Fraction(0))
    assert [(each.name, each.target, each.limit) for each in DEFAULT_CONTRACT.objectives] == [
        ("availability", Fraction(999, 1000), None),
        ("latency", Fraction(95, 100), timedelta(seconds=2)),
        ("error_rate", Fraction(99, 100), None),
    ]

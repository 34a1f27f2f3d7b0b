"""A file of alert rules with a rule of every kind, about one environment."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from analyzers.alerts.host import HostSample
from analyzers.alerts.rules.loading import load_rules
from analyzers.alerts.rules.model import RuleFile
from analyzers.alerts.rules.surroundings import Surroundings

CONTRACT = """
service = "{service}"
environment = "{environment}"
zone = "Europe/Lisbon"
coverage = 0
[[objective]]
name = "availability"
kind = "availability"
target = 99
periods = ["month", "7d"]
[[objective]]
name = "latency"
kind = "latency"
target = 90
under = "2s"
periods = ["week"]
"""
TOP = """
zone = "Europe/Lisbon"
environment = "{environment}"
contract = "sla.toml"
[defaults]
minimum_events = 5
"""
REQUESTS = 'stream = "logs-web.request"\nwindow = "2h"\n'
ROUTES = f'{REQUESTS}by = ["endpoint"]\n'
RULES = (
    'kind = "threshold"\nmeasure = "error_rate"\nwindow = "2h"',
    'kind = "threshold"\nmeasure = "error_rate"\nwindow = "1d"\nby = ["endpoint", "status_code"]',
    'kind = "threshold"\nmeasure = "response_time"\nwindow = "6h"',
    'kind = "threshold"\nmeasure = "cpu"\nwindow = "1h"',
    'kind = "threshold"\nmeasure = "memory"\nwindow = "1h"\nhost = true',
    'kind = "threshold"\nmeasure = "disk"\nwindow = "1h"',
    f'kind = "threshold"\nmeasure = "count"\n{REQUESTS}by = ["user_id"]\nabove = {{ warning = 2, critical = 4 }}',
    f'kind = "threshold"\nmeasure = "rate"\n{REQUESTS}below = {{ warning = 0.5 }}',
    f'kind = "threshold"\nmeasure = "share"\nof = "status_code = 404"\n{REQUESTS}above = {{ warning = 10 }}',
    f'kind = "threshold"\nmeasure = "sum"\nfield = "response_time"\n{REQUESTS}above = {{ warning = 10 }}',
    f'kind = "threshold"\nmeasure = "avg"\nfield = "response_time"\n{REQUESTS}above = {{ warning = 1 }}',
    f'kind = "threshold"\nmeasure = "min"\nfield = "status_code"\n{REQUESTS}below = {{ critical = 200 }}',
    f'kind = "threshold"\nmeasure = "max"\nfield = "status_code"\n{REQUESTS}above = {{ critical = 500 }}',
    f'kind = "threshold"\nmeasure = "distinct"\nfield = "user_id"\n{REQUESTS}above = {{ warning = 3 }}',
    f'kind = "threshold"\nmeasure = "p99"\nfield = "response_time"\n{ROUTES}above = {{ warning = 2 }}',
    f'kind = "threshold"\nmeasure = "last"\nfield = "response_time"\n{ROUTES}above = {{ warning = 1 }}',
    'kind = "threshold"\nmeasure = "count"\nstream = "logs-app.event"\nabove = { warning = 1 }',
    'kind = "burn_rate"\nobjective = "availability"',
    'kind = "burn_rate"\ntarget = 95\nunder = "1s"\nperiod = "7d"\nwhere = "endpoint:/a*"',
    'kind = "sla"',
    'kind = "anomaly"',
    'kind = "flood"\nfloor = 20',
    'kind = "scan"\npaths = 2\nrefusals = 2',
    'kind = "silence"',
)


ESTIMATED = ("p99", "response time", "sum of", "mean of", "cpu", "latency")
"""What the words of a rule contain whose numbers are percentiles, or sums of doubles: equal but for the last digits."""


def exact(words: str) -> bool:
    """Whether what a rule says must be equal to the last digit, by the words for what it watches."""
    return not any(each in words for each in ESTIMATED)


def rules(folder: Path, environment: str, now: datetime, service: str = "ti-osn") -> RuleFile:
    """Return a file with a rule of every kind, about one environment."""
    (folder / "sla.toml").write_text(CONTRACT.format(environment=environment, service=service), encoding="utf-8")
    tables = [f'[[rule]]\nname = "rule {place}"\n{text}\n' for place, text in enumerate(RULES)]
    (folder / "alerts.toml").write_text(TOP.format(environment=environment) + "".join(tables), encoding="utf-8")
    around = Surroundings(clock=lambda: now, sampler=lambda: HostSample(50.0, 81.0, 50.0))
    return load_rules(folder / "alerts.toml", around)

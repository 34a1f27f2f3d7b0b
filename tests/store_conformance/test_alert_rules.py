"""Alert rules of every kind say the same in every store: as the store in memory, which answers by the definition."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from analyzers.alerts.host import HostSample
from analyzers.alerts.rules.loading import load_rules
from analyzers.alerts.rules.model import RuleFile
from analyzers.alerts.rules.surroundings import Surroundings
from analyzers.alerts.signal import Signal, Standing
from analyzers.store.document import Document, JsonValue
from analyzers.store.interface import Store
from analyzers.store.memory.store import MemoryStore
from tests.store_conformance.backends import BackendTest

NOW = datetime(2024, 3, 31, 12, tzinfo=UTC)
WEEKS = 5
CONTRACT = """
service = "ti-osn"
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


def history(environment: str) -> list[Document]:
    """Return five weeks of requests in Lisbon's spring, a burst of errors before noon, and samples of two machines."""
    dice = random.Random(7)  # noqa: S311  # the same history at every run
    start = NOW - timedelta(weeks=WEEKS)
    events = [
        request(environment, number, start + timedelta(seconds=dice.randrange(WEEKS * 7 * 86_400)), dice, errors=0.01)
        for number in range(2500)
    ]
    events += [
        request(environment, 2500 + number, NOW - timedelta(seconds=dice.randrange(1, 5400)), dice, errors=0.4)
        for number in range(120)
    ]
    return events + [sample(environment, number, dice) for number in range(120)]


def request(environment: str, number: int, when: datetime, dice: random.Random, *, errors: float) -> Document:
    """Return one request; one of ten of the first ones stands for five."""
    status = 500 if dice.random() < errors else dice.choice([200, 200, 200, 302, 404])
    body: dict[str, JsonValue] = {
        "@timestamp": (when + timedelta(milliseconds=number)).isoformat(timespec="milliseconds"),
        "http": {"response": {"status_code": status}, "route": dice.choice(["/a", "/ab", "/b"])},
        "service": {"name": "ti-osn"},
        "url": {"path": f"/{dice.randrange(40)}"},
        "user": {"id": f"u{dice.randrange(6)}"},
        "client": {"ip": f"203.0.113.{dice.randrange(1, 9)}"},
    }
    if dice.random() < 0.9:
        body["response_time"] = round(dice.lognormvariate(-1, 1), 4)
    if number % 10 == 0:
        body |= {"sample_weight": 5, "_doc_count": 5}
    return Document(f"logs-web.request-{environment}", f"r{number}", body)


def sample(environment: str, number: int, dice: random.Random) -> Document:
    """Return a sample of one of two machines, a minute after the one before."""
    system: dict[str, JsonValue] = {"cpu": {"total": {"norm": {"pct": round(dice.random(), 3)}}}}
    metricset = "system"
    if number % 3 == 0:
        metricset, used = "filesystem", round(dice.random(), 3)
        system = {"filesystem": {"mount_point": dice.choice(["/", "/data"]), "used": {"pct": used}}}
    body: dict[str, JsonValue] = {
        "@timestamp": (NOW - timedelta(minutes=number + 1)).isoformat(),
        "metricset": {"name": metricset},
        "host": {"name": f"web-{number % 2}"},
        "system": system,
    }
    return Document(f"metrics-host.system-{environment}", f"s{number}", body)


def rules(folder: Path, environment: str) -> RuleFile:
    """Return a file with a rule of every kind, about one environment."""
    (folder / "sla.toml").write_text(CONTRACT.format(environment=environment), encoding="utf-8")
    tables = [f'[[rule]]\nname = "rule {place}"\n{text}\n' for place, text in enumerate(RULES)]
    (folder / "alerts.toml").write_text(TOP.format(environment=environment) + "".join(tables), encoding="utf-8")
    around = Surroundings(clock=lambda: NOW, sampler=lambda: HostSample(50.0, 81.0, 50.0))
    return load_rules(folder / "alerts.toml", around)


def said(store: Store, file: RuleFile, name: str, instant: datetime) -> Mapping[tuple[tuple[str, str], ...], Signal]:
    """Return the signals of a rule by their labels."""
    [rule] = [each for each in file.rules if each.name == name]
    standing: Standing = ({}, {"user.id": "gone"}, {"http.route": "/a"}, {"objective": "availability"})
    return {tuple(each.labels.items()): each for each in rule.evaluate(store, instant, standing)}


@pytest.mark.parametrize("hours", [0, 30], ids=["in the burst", "the day before"])
def test_every_kind_of_rule_says_the_same(backend: BackendTest, stream: str, hours: int, tmp_path: Path) -> None:
    """Signals, numbers and sentences are the same.

    Percentiles are within the stated error of a store, so what they say is compared without their digits.
    """
    environment, instant = stream.rpartition("-")[2], NOW - timedelta(hours=hours)
    documents, file = history(environment), rules(tmp_path, environment)
    memory = MemoryStore(documents)
    breached = 0
    with backend.fresh() as store:
        assert store.append(documents).stored == len(documents)
        for rule in file.rules:
            expected, found = (said(each, file, rule.name, instant) for each in (memory, store))
            assert found.keys() == expected.keys(), rule.name
            for labels, signal in expected.items():
                compare(found[labels], signal, backend.percentile_error, file.words[rule.name])
            breached += sum(each.severity.breached for each in found.values())
    assert breached


def compare(found: Signal, expected: Signal, error: float, words: str) -> None:
    """Fail unless two signals are the same up to the error of percentiles and the last digits of sums."""
    exact = not any(word in words for word in ("p99", "response time", "sum of", "mean of", "cpu", "latency"))
    if expected.value is None:
        assert found.value is None, words
    else:
        assert found.value == pytest.approx(expected.value, rel=max(error, 1e-9)), words
    if exact:
        assert found == expected, words
    else:
        without = (replace(each, value=None, message="", explanation=()) for each in (found, expected))
        assert next(without) == next(without), words

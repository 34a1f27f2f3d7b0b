"""Alert rules of every kind say the same in every store: as the store in memory, which answers by the definition."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from analyzers.alerts.rules.model import RuleFile
from analyzers.alerts.signal import Signal, Standing
from analyzers.store.document import Document, JsonValue
from analyzers.store.interface import Store
from analyzers.store.memory.store import MemoryStore
from tests.store_conformance.alert_rule_files import exact, rules
from tests.store_conformance.backends import BackendTest

NOW = datetime(2024, 3, 31, 12, tzinfo=UTC)
WEEKS = 5


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
    documents, file = history(environment), rules(tmp_path, environment, NOW)
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
    if expected.value is None:
        assert found.value is None, words
    else:
        assert found.value == pytest.approx(expected.value, rel=max(error, 1e-9)), words
    if exact(words):
        assert found == expected, words
    else:
        without = (replace(each, value=None, message="", explanation=()) for each in (found, expected))
        assert next(without) == next(without), words

"""The same files, the same questions, the same answers: the embedded store against a real Elasticsearch."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from analyzers.store.elastic.local import LocalElasticsearch
from analyzers.store.query import Window
from atalaia.demo.history import HistorySettings, write_history
from tests.end_to_end.cli import JsonRow, rows_of, run_atalaia
from tests.end_to_end.paths import ACCESS_CONF, ACCESS_LOG, REQUEST_CONF

pytestmark = pytest.mark.elasticsearch

HDR_RELATIVE_ERROR = 0.001
"""What Elasticsearch's percentiles with three significant digits may differ from the exact ones."""
ESTIMATES = ("p50", "p95", "p99")
"""The only measures that may differ at all; everything else is equal to the last digit."""


@dataclass(frozen=True, slots=True)
class Engines:
    """The two stores, filled with the same lines by the same pipeline."""

    embedded: str
    elasticsearch: str


def fill(elasticsearch: str, directory: Path, files: list[Path], pipeline: Path) -> Engines:
    """Push the files through the pipeline into both stores."""
    embedded = str(directory / "data")
    for store in (embedded, elasticsearch):
        dead = str(directory / "dead-letter")
        names = [str(file) for file in files]
        run_atalaia("ingest", *names, "--pipeline", str(pipeline), "--store", store, "--dead-letter", dead)
    return Engines(embedded, elasticsearch)


@pytest.fixture(scope="module")
def access_log(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engines]:
    """The 10,000 real lines in both stores."""
    directory = tmp_path_factory.mktemp("access")
    with LocalElasticsearch(directory / "elasticsearch") as server:
        yield fill(server.url, directory, [ACCESS_LOG], ACCESS_CONF)


@pytest.fixture(scope="module")
def two_weeks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engines]:
    """The demonstration's two weeks, with the incident inside, in both stores."""
    directory = tmp_path_factory.mktemp("weeks")
    start = datetime(2026, 3, 2, 3, tzinfo=UTC)
    incident = start + timedelta(days=9, hours=14)
    settings = HistorySettings(seed=7, incident=Window(incident, incident + timedelta(hours=2)), working_day=1000)
    files = write_history(directory / "logs", start, start + timedelta(days=14), settings)
    with LocalElasticsearch(directory / "elasticsearch") as server:
        yield fill(server.url, directory, files, REQUEST_CONF)


ACCESS_QUESTIONS = [
    ("errors",),
    ("errors", "--by", "http.response.status_code"),
    ("errors", "--by", "status_code", "--by", "http.request.method"),
    ("throughput", "--every", "hour"),
    ("throughput", "--every", "day", "--tz", "America/Sao_Paulo"),
    ("throughput", "--by", "client.ip"),
    ("errors", "--by", "url.path"),
    ("errors", "--where", "status_code >= 400", "--by", "status_code", "--every", "day"),
    ("availability", "--every", "hour"),
    ("errors", "--by", "user_agent.name", "--since", "2015-05-18", "--until", "2015-05-19"),
]

WEEK_QUESTIONS = [
    ("errors", "--by", "endpoint"),
    ("errors", "--by", "endpoint", "--every", "day", "--tz", "America/Sao_Paulo"),
    ("latency",),
    ("latency", "--by", "endpoint"),
    ("latency", "--every", "hour", "--tz", "America/Sao_Paulo"),
    ("throughput", "--by", "user.id"),
    ("throughput", "--every", "week", "--tz", "America/Sao_Paulo"),
    ("availability", "--by", "service.environment"),
    ("sla", "judge"),
    ("sla", "judge", "--every", "day", "--tz", "America/Sao_Paulo"),
    ("sla", "judge", "--by", "endpoint"),
    ("errors", "--where", 'endpoint = "/api/chamados" and status_code >= 400', "--by", "status_code"),
]


def assert_same(question: tuple[str, ...], ours: list[JsonRow], theirs: list[JsonRow]) -> None:
    """Hold two answers against each other: estimates within their bound, everything else equal."""
    assert ours, f"{question} has no rows: the comparison would prove nothing"
    assert len(ours) == len(theirs), question
    for mine, other in zip(ours, theirs, strict=True):
        assert mine.keys() == other.keys(), question
        for name, value in mine.items():
            twin = other[name]
            if name in ESTIMATES and isinstance(value, float) and isinstance(twin, float):
                assert math.isclose(value, twin, rel_tol=HDR_RELATIVE_ERROR), (question, name, mine, other)
            else:
                assert value == twin, (question, name, mine, other)


@pytest.mark.parametrize("question", ACCESS_QUESTIONS, ids=" ".join)
def test_access_log_has_one_answer(access_log: Engines, question: tuple[str, ...]) -> None:
    """Real access log lines: both stores answer alike, to the last digit for counts."""
    assert_same(
        question,
        rows_of(*question, "--store", access_log.embedded),
        rows_of(*question, "--store", access_log.elasticsearch),
    )


@pytest.mark.parametrize("question", WEEK_QUESTIONS, ids=" ".join)
def test_two_weeks_have_one_answer(two_weeks: Engines, question: tuple[str, ...]) -> None:
    """The demonstration's history: both stores answer alike, to the last digit for counts."""
    assert_same(
        question,
        rows_of(*question, "--store", two_weeks.embedded),
        rows_of(*question, "--store", two_weeks.elasticsearch),
    )


def test_ingesting_again_adds_nothing_to_either(two_weeks: Engines, tmp_path: Path) -> None:
    """A second run over the same record writes nothing new: its event_id is the document's id."""
    line = (
        '{"timestamp":"2026-03-03T12:00:00.000Z","level":"INFO","service":"ti-osn","endpoint":"/again","user_id":1,'
        '"response_time":0.2,"status_code":200,"user_agent":"-","ip_address":"192.168.1.1",'
        '"event_id":"0195a000-0000-7000-8000-00000000000a"}\n'
    )
    for number, store in enumerate((two_weeks.embedded, two_weeks.elasticsearch) * 2):
        log = tmp_path / f"copy-{number}.ndjson"
        log.write_text(line, encoding="utf-8")
        run_atalaia("ingest", str(log), "--pipeline", str(REQUEST_CONF), "--store", store)
    for store in (two_weeks.embedded, two_weeks.elasticsearch):
        rows = rows_of("throughput", "--where", 'endpoint = "/again"', "--store", store)
        assert [row["requests"] for row in rows] == [1]

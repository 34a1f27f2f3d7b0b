"""Reports verified as a person would: where they were made, and in the Elasticsearch that the history was copied to."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from analyzers.store.elastic.local import LocalElasticsearch
from analyzers.store.query import Window
from atalaia.demo.history import HistorySettings, write_history
from tests.end_to_end.cli import call_atalaia, run_atalaia
from tests.end_to_end.paths import REQUEST_CONF

pytestmark = [pytest.mark.elasticsearch, pytest.mark.slow]

START = datetime(2026, 3, 2, 3, tzinfo=UTC)
CONTRACT = """
service = "*"
zone = "America/Sao_Paulo"
coverage = 0
[[objective]]
name = "availability"
kind = "availability"
periods = ["week", "10d"]
target = 99
[[objective]]
name = "fast"
kind = "latency"
periods = ["week"]
target = 95
under = "2s"
[[objective]]
name = "up"
kind = "uptime"
periods = ["week"]
target = 99
[[objective]]
name = "back"
kind = "rto"
periods = ["week"]
limit = "4h"
"""
QUESTIONS = (
    ("errors", "--by", "endpoint", "--every", "day", "--tz", "America/Sao_Paulo"),
    ("latency", "--by", "endpoint"),
    ("sla", "judge", "--by", "endpoint"),
)


@dataclass(frozen=True, slots=True)
class Places:
    """A history in a directory and, copied from there, in Elasticsearch; and where reports are written."""

    embedded: str
    cluster: str
    folder: Path


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Places]:
    """Two weeks with an incident."""
    folder = tmp_path_factory.mktemp("verified")
    incident = START + timedelta(days=9, hours=14)
    settings = HistorySettings(seed=7, incident=Window(incident, incident + timedelta(hours=6)), working_day=500)
    files = write_history(folder / "logs", START, START + timedelta(days=14), settings)
    embedded = str(folder / "data")
    run_atalaia("ingest", *map(str, files), "--pipeline", str(REQUEST_CONF), "--store", embedded)
    (folder / "sla.toml").write_text(CONTRACT, encoding="utf-8")
    with LocalElasticsearch(folder / "elasticsearch") as server:
        run_atalaia("store", "copy", embedded, server.url)
        yield Places(embedded, server.url, folder)


@pytest.fixture(scope="module")
def made(places: Places) -> Mapping[str, list[Path]]:
    """A report of every kind of each store."""
    return {store: reports(store, places) for store in (places.embedded, places.cluster)}


def reports(store: str, places: Places) -> list[Path]:
    """Make a report of every kind from a store."""
    folder, made = places.folder / f"of-{Path(store).name}", list[Path]()
    folder.mkdir()
    for kind, period in (("daily", "--day=2026-03-11"), ("weekly", "--week=2026-W11"), ("monthly", "--month=2026-03")):
        made.append(folder / f"{kind}.json")
        words = ("report", kind, period, "--tz", "America/Sao_Paulo", "--format", "json", "--output", str(made[-1]))
        call_atalaia(*words, "--store", store, expect=(0, 1, 2))
    contract = ("--contract", str(places.folder / "sla.toml"), "--as-of", "2026-03-14T12:00")
    made.append(folder / "agreement.json")
    run_atalaia("sla", "show", *contract, "--store", store, "--output", str(made[-1]), expect=(0, 1, 2))
    for number, question in enumerate(QUESTIONS):
        made.append(folder / f"{number}.json")
        said = call_atalaia(*question, "--store", store, "--format", "json", expect=(0, 1))
        made[-1].write_text(said, encoding="utf-8")
    return made


def test_reports_of_a_directory_are_equal_there_and_in_its_copy(places: Places, made: Mapping[str, list[Path]]) -> None:
    """Every kind; in the copy percentiles within the stated error, all else to the last digit."""
    for report in made[places.embedded]:
        for store in (places.embedded, places.cluster):
            assert " equal: all " in call_atalaia("verify", str(report), "--store", store)


def test_reports_of_a_cluster_are_equal_there_and_in_the_directory(
    places: Places, made: Mapping[str, list[Path]]
) -> None:
    """The other way round; the agreement by processes of their own."""
    for report in made[places.cluster]:
        for store in (places.embedded, places.cluster):
            words = ("verify", str(report), "--store", store)
            said = run_atalaia(*words).stdout if report.stem == "agreement" else call_atalaia(*words)
            assert " equal: all " in said


@pytest.mark.parametrize(
    ("key", "factor", "status"), [("p95", 1.0015, 0), ("p95", 1.01, 1), ("requests", 1.0015, 1), ("p95", None, 1)]
)
def test_only_percentiles_have_an_error(places: Places, key: str, factor: float | None, status: int) -> None:
    """In Elasticsearch a p95 of 0.15 % more could be its estimate of the same, twice over; 1 % more cannot be."""
    done = run_atalaia("latency", "--store", places.cluster, "--format", "json", expect=(0, 1))
    document = json.loads(done.stdout)
    row = document["rows"][0]
    row[key] = None if factor is None else row[key] * factor
    edited = places.folder / "edited.json"
    edited.write_text(json.dumps(document), encoding="utf-8")
    found = run_atalaia("verify", str(edited), "--store", places.cluster, expect=status)
    assert (f"/rows/0/{key}\n" in found.stdout) is (status == 1)


def test_a_percentile_of_a_directory_must_be_the_same_there(places: Places) -> None:
    """Where none of the two is an estimate, not even the last digit may differ."""
    done = run_atalaia("latency", "--store", places.embedded, "--format", "json", expect=(0, 1))
    document = json.loads(done.stdout)
    document["rows"][0]["p95"] *= 1 + 2**-50
    edited = places.folder / "edited.json"
    edited.write_text(json.dumps(document), encoding="utf-8")
    assert "/rows/0/p95\n" in run_atalaia("verify", str(edited), "--store", places.embedded, expect=1).stdout


def test_what_has_expired_is_unverifiable(places: Places, made: Mapping[str, list[Path]]) -> None:
    """The first week is deleted: reports on it are neither confirmed nor denied."""
    copy = str(places.folder / "copy")
    run_atalaia("store", "copy", places.embedded, copy)
    age = (datetime.now(UTC) - (START + timedelta(days=9))).days
    run_atalaia("store", "expire", copy, "--older-than", f"{age}d", "--yes")
    for report in made[places.embedded]:
        assert "have expired" in call_atalaia("verify", str(report), "--store", copy, expect=2)

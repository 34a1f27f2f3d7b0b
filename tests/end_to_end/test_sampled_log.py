"""A log of which a sampler kept one of several, beside the whole log: the same answers, from either store."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from analyzers.store.elastic.local import LocalElasticsearch
from analyzers.store.query import Window
from atalaia.demo.history import HistorySettings, write_history
from tests.end_to_end.cli import Answer, JsonRow, run_atalaia
from tests.end_to_end.paths import REQUEST_CONF
from tests.end_to_end.test_two_engines import assert_same

pytestmark = pytest.mark.elasticsearch

_WEIGHTS = (2, 5, 10)
_FIRST_ERROR = 500
_SLOW = 1.0


@dataclass(frozen=True, slots=True)
class Stores:
    """The whole log in a directory, its sample in another and in Elasticsearch."""

    whole: str
    sample: str
    cluster: str
    requests: int
    kept: int


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stores]:
    """A week of which errors and slow requests are all kept, and of the rest one of 2, 5 or 10 that are alike."""
    directory = tmp_path_factory.mktemp("sampled")
    start = datetime(2026, 3, 2, 3, tzinfo=UTC)
    incident = start + timedelta(days=1, hours=9)
    settings = HistorySettings(seed=7, incident=Window(incident, incident + timedelta(hours=2)), working_day=100)
    files = write_history(directory / "logs", start, start + timedelta(days=7), settings)
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    whole, sample = directory / "whole.ndjson", directory / "sample.ndjson"
    requests = _write(lines, whole, sample)
    with LocalElasticsearch(directory / "elasticsearch") as server:
        found = Stores(str(directory / "a"), str(directory / "b"), server.url, requests, len(lines))
        for log, store in ((whole, found.whole), (sample, found.sample), (sample, found.cluster)):
            run_atalaia("ingest", str(log), "--pipeline", str(REQUEST_CONF), "--store", store)
        yield found


def _write(lines: list[str], whole: Path, sample: Path) -> int:
    """Write the sample, and what it was drawn from; return how many requests that has."""
    kept: list[str] = []
    drawn: list[str] = []
    for number, line in enumerate(lines):
        record: JsonRow = json.loads(line)
        weight = 1 if _is_always_kept(record) else _WEIGHTS[number % 3]
        kept.append(json.dumps(record | ({"sample_weight": weight} if weight > 1 else {})))
        drawn += [json.dumps(record | {"event_id": f"{number}-{copy}"}) for copy in range(weight)]
    sample.write_text("\n".join(kept) + "\n", encoding="utf-8")
    whole.write_text("\n".join(drawn) + "\n", encoding="utf-8")
    return len(drawn)


def _is_always_kept(record: JsonRow) -> bool:
    status, seconds = record["status_code"], record["response_time"]
    assert isinstance(status, int)
    assert isinstance(seconds, float)
    return status >= _FIRST_ERROR or seconds >= _SLOW


_QUESTIONS = [
    ("errors",),
    ("errors", "--by", "endpoint", "--every", "day", "--tz", "America/Sao_Paulo"),
    ("availability", "--every", "hour"),
    ("latency",),
    ("latency", "--by", "endpoint"),
    ("latency", "--every", "day", "--by", "status_code"),
    ("throughput", "--by", "user.id"),
    ("sla", "judge"),
    ("sla", "judge", "--by", "endpoint"),
    ("errors", "--where", 'endpoint = "/api/chamados" and response_time < 0.1', "--by", "status_code"),
]


@pytest.mark.parametrize("question", _QUESTIONS, ids=" ".join)
def test_the_sample_answers_as_the_whole_log(stores: Stores, question: tuple[str, ...]) -> None:
    """Counts, shares and judgements to the last digit; the answer from the sample says that it is one, once."""
    whole, _ = _asked(*question, "--store", stores.whole)
    sample, said = _asked(*question, "--store", stores.sample)
    cluster, said_there = _asked(*question, "--store", stores.cluster)
    assert sample["rows"] == whole["rows"]
    assert_same(question, whole["rows"], cluster["rows"])
    assert "sampled" not in whole
    assert sample.get("sampled") == cluster.get("sampled")
    assert said.count("sampled: ") == said_there.count("sampled: ") == 1


def test_the_sample_tells_its_own_size(stores: Stores) -> None:
    """How many requests were kept, how many they stand for, and the weights, in JSON and in words."""
    sample, said = _asked("errors", "--store", stores.sample)
    weights = {"least_weight": 2, "greatest_weight": 10}
    assert sample.get("sampled") == {"stored": stores.kept, "requests": stores.requests, **weights}
    assert f"sampled: {stores.kept:,} of {stores.requests:,} requests were kept, with weights of 2 to 10" in said


def twelve_digits(text: str) -> float:
    """Return a number without what the order of a sum makes of its last digits."""
    return float(f"{float(text):.12g}")


def test_the_report_of_the_sample_is_that_of_the_whole_log(stores: Stores) -> None:
    """Every number of the week but the store's name; the notes say once that it rests on a sample.

    Sums of doubles are those of other addends: they are compared to twelve digits.
    """
    week = ("report", "weekly", "--week", "2026-W10", "--format", "json", "--output", "-", "--tz", "America/Sao_Paulo")
    whole, sample = (
        json.loads(run_atalaia(*week, "--store", store, expect=(0, 1)).stdout, parse_float=twelve_digits)
        for store in (stores.whole, stores.sample)
    )
    [said] = [each for each in sample["notes"] if each not in whole["notes"]]
    assert said.startswith("sampled: ")
    sample["notes"].remove(said)
    for report in (whole, sample):  # where and when it was made
        del report["store"], report["made"], report["question_hash"]
    assert sample == whole


def test_a_sample_is_copied_with_its_weights(stores: Stores, tmp_path: Path) -> None:
    """``store copy`` counts documents, finds none lacking, and the copy answers as the cluster does."""
    copied = run_atalaia("store", "copy", stores.cluster, str(tmp_path / "copy"), "--format", "json")
    rows = json.loads(copied.stdout)["rows"]
    assert sum(row["from"] for row in rows) == sum(row["to"] for row in rows) == stores.kept
    there, _ = _asked("sla", "judge", "--by", "endpoint", "--store", str(tmp_path / "copy"))
    here, _ = _asked("sla", "judge", "--by", "endpoint", "--store", stores.cluster)
    assert there["rows"] == here["rows"]


def _asked(*words: str) -> tuple[Answer, str]:
    """Return an answer, and what was said beside it."""
    done = run_atalaia(*words, "--format", "json", expect=(0, 1))
    answer: Answer = json.loads(done.stdout)
    return answer, done.stderr

"""Under every schedule of troubles: nothing is lost, nothing is doubled, and the counts add up."""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from analyzers.store.document import Document, WriteResult
from analyzers.store.elastic.connection import Credentials
from analyzers.store.elastic.patience import Patience
from analyzers.store.elastic.store import ElasticStore
from analyzers.store.interface import StoreError
from tests.analyzers.store.elastic.hostile import Hostile, Trouble, besieged, schedule_of
from tests.environment import clean_environment
from tests.store_conformance.events import document

_STREAMS = ("logs-web.request-production", "logs-app.event-production")
_AT = "2024-01-15T10:30:00Z"
_SCHEDULES = 240
_GROUPS = 12
_SECONDS = 0.25


def batch_of(seed: int) -> list[Document]:
    """Return some documents of two streams, of different sizes, some of them twice, one that no store takes."""
    chance = random.Random(f"batch {seed}")  # noqa: S311 - repeatable, no secret
    events = [
        document(chance.choice(_STREAMS), f"e{number}", _AT, {"message": "x" * chance.randint(0, 300)})
        for number in range(chance.randint(1, 40))
    ]
    batch = events + chance.choices(events, k=len(events) // 4)
    chance.shuffle(batch)
    return [*batch, document(_STREAMS[0], "bad", "yesterday")]


def append(store: ElasticStore, batch: Sequence[Document]) -> WriteResult:
    """Append a batch; the look for templates, which is under no trouble, has no patience with a busy machine."""
    while True:
        try:
            return store.append(batch)
        except StoreError as error:
            if not error.message.endswith(f"did not answer within {_SECONDS:g} s"):
                raise


def store_of(url: str) -> ElasticStore:
    """Return a store that does not wait between attempts, and not long for an answer."""
    patience = Patience(1e6, sleep=lambda _: None)
    return ElasticStore(url, credentials=Credentials(), patience=patience, request_seconds=_SECONDS)


@pytest.mark.parametrize("group", range(_GROUPS))
def test_nothing_is_lost_or_doubled_under_any_schedule(group: int) -> None:
    """240 schedules of up to eight troubles, 413 above a size among them; then the whole batch once more.

    New events count as stored exactly once each, whatever became of the answers; the same batch sent again adds none.
    """
    for seed in range(group, _SCHEDULES, _GROUPS):
        batch = batch_of(seed)
        ids = {(each.stream, each.id) for each in batch} - {(_STREAMS[0], "bad")}
        hostile = Hostile(schedule_of(seed), seed, largest=random.Random(seed).choice((600, 2_000, 1 << 30)), slow=0.35)  # noqa: S311
        with besieged(hostile) as url, store_of(url) as store:
            first = append(store, batch)
            second = append(store, batch)
        assert set(hostile.documents) == ids, seed
        assert set(hostile.written.values()) == {1}, seed
        assert first.stored == len(ids), seed
        assert first.duplicates == len(batch) - 1 - len(ids), seed
        assert (second.stored + second.duplicates, len(second.rejected)) == (len(batch) - 1, 1), seed
        assert [each.document.id for each in first.rejected] == ["bad"], seed


def test_the_schedules_have_every_trouble() -> None:
    """No kind of trouble is left out by chance, and none comes only once."""
    met = Counter(trouble for seed in range(_SCHEDULES) for trouble in schedule_of(seed))
    assert set(met) == set(Trouble)
    assert min(met.values()) >= 20


def ingest(file: Path, url: str, work: Path) -> subprocess.CompletedProcess[str]:
    """Run ``atalaia ingest`` as a process of its own that soon gives up."""
    impatient = {"ATALAIA_ES_RETRY_SECONDS": "0.4", "ATALAIA_ES_REQUEST_SECONDS": "0.3"}
    words = ["ingest", str(file), "--pipeline", "request", "--store", url, "--format", "json"]
    return subprocess.run(
        [sys.executable, "-m", "atalaia", *words],
        env=clean_environment(**impatient, PYTHONPATH=os.pathsep.join(sys.path)),
        cwd=work,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("seed", range(3))
def test_ingesting_until_it_succeeds_stores_every_line_once(seed: int, tmp_path: Path) -> None:
    """Processes that give up half-way and are started again leave each line in the cluster once, and count it."""
    file = tmp_path / "app.ndjson"
    record: Mapping[str, object] = {
        "timestamp": _AT, "level": "INFO", "service": "s", "endpoint": "/a", "user_id": None, "response_time": 0.1,
        "status_code": 200, "user_agent": "u", "ip_address": "10.0.0.1",
    }  # fmt: skip
    file.write_text("".join(json.dumps({**record, "event_id": f"e{n}"}) + "\n" for n in range(60)), encoding="utf-8")
    troubles = [trouble for offset in range(5) for trouble in schedule_of(1_000 * seed + offset)]
    hostile = Hostile(troubles, seed, largest=9_000, slow=0.4)
    runs: list[subprocess.CompletedProcess[str]] = []
    with besieged(hostile) as url:
        while not runs or runs[-1].returncode != 0:
            assert len(runs) < 40, runs[-1].stderr
            runs.append(ingest(file, url, tmp_path))
    assert len(runs) > 1, "the schedule was no trouble at all"
    assert {run.returncode for run in runs[:-1]} == {2}
    gave_up = re.compile("send the batch again later|did not answer within")  # the latter while it looked for templates
    assert all(gave_up.search(run.stderr) for run in runs[:-1])
    assert {identity for _, identity in hostile.documents} == {f"e{n}" for n in range(60)}
    assert set(hostile.written.values()) == {1}
    summary = json.loads(runs[-1].stdout)
    assert summary["stored"] + summary["duplicates"] == summary["lines"] == 60
    assert not (tmp_path / "atalaia-dead-letter").exists()

"""A history moves to a real Elasticsearch and back: the same documents, the same answers, whatever interrupts it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest

from analyzers.store.document import Document, JsonValue
from analyzers.store.elastic.answers import JsonObject
from analyzers.store.elastic.connection import Connection, Credentials
from analyzers.store.open import open_store
from analyzers.store.schema import load_templates
from tests.end_to_end.cli import rows_of, run_atalaia
from tests.end_to_end.histories import DEADLINE, START, arrived, count, documents, fill, ids, request, wait_until
from tests.end_to_end.paths import ACCESS_LOG

APPENDING = """
import sys
from pathlib import Path
from analyzers.store.embedded.store import EmbeddedStore
from tests.end_to_end.histories import request

number = 1_000_000
with EmbeddedStore(Path(sys.argv[1]), writable=True) as store:
    print("ready", flush=True)
    while not Path(sys.argv[2]).exists():
        store.append([request(sys.argv[3], each) for each in range(number, number + 20)])
        number += 20
"""


def started(*args: str) -> subprocess.Popen[str]:
    """Start a copy in a process of its own, which lets this one go first: it is to be interrupted in time."""
    command = ["nice", "-n", "19", sys.executable, "-m", "atalaia", "store", "copy", *args]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.fixture
def stream(unique_environment: str) -> str:
    """Return the name of a stream that no other test uses."""
    return f"logs-web.request-{unique_environment}"


def test_there_and_back_everything_is_equal(tmp_path: Path, elasticsearch_url: str, stream: str) -> None:
    """Directory, Elasticsearch, directory: every body and every answer is the same; both comparisons say so."""
    here, back = tmp_path / "here", tmp_path / "back"
    fill(here, stream, 6_000)
    there = run_atalaia("store", "copy", str(here), elasticsearch_url)
    assert "6,000 stored" in there.stdout
    run_atalaia("store", "copy", elasticsearch_url, str(back), "--stream", stream)
    assert documents(str(back), stream) == documents(elasticsearch_url, stream) == documents(str(here), stream)
    for question in (("errors", "--by", "endpoint", "--every", "day"), ("latency", "--by", "status_code")):
        assert rows_of(*question, "--store", str(back)) == rows_of(*question, "--store", str(here))
    again = json.loads(run_atalaia("store", "copy", str(here), elasticsearch_url, "--format", "json").stdout)
    assert again["copied"]["read"] == 0
    assert [(row["since"], row["from"], row["to"], row["lacking"]) for row in again["rows"]] == [
        ("2024-01-15T00:00:00Z", 2160, 2160, 0),
        ("2024-01-16T00:00:00Z", 2160, 2160, 0),
        ("2024-01-17T00:00:00Z", 1680, 1680, 0),
    ]


def test_killed_while_the_source_is_written_to(tmp_path: Path, elasticsearch_url: str, stream: str) -> None:
    """Kill -9 in the middle, twice, an appender at work all the time: run to its end, nothing is lost or doubled."""
    here, ended = tmp_path / "here", tmp_path / "ended"
    fill(here, stream, 12_000)
    arguments = [sys.executable, "-c", APPENDING, str(here), str(ended), stream]
    appender = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, env=os.environ)
    try:
        assert appender.stdout is not None
        assert appender.stdout.readline() == "ready\n"
        for least in (1, 5_000):
            with started(str(here), elasticsearch_url) as copying:
                wait_until(lambda least=least: arrived(elasticsearch_url, stream) >= least)  # type: ignore[misc]
                copying.kill()
    finally:
        ended.touch()
        appender.communicate(timeout=DEADLINE)
    run_atalaia("store", "copy", str(here), elasticsearch_url)
    assert documents(elasticsearch_url, stream) == documents(str(here), stream)


def test_ctrl_c_stops_between_batches_and_says_how_to_go_on(tmp_path: Path, stream: str) -> None:
    """The exit status is 130, what is left is said, and the same command copies the rest and no more."""
    here, there = tmp_path / "here", tmp_path / "there"
    with open_store(str(here), writable=True) as store:  # many days, so that it is long at work
        days = [(START + timedelta(days=number)).isoformat() for number in range(100)]
        store.append([Document(stream, f"{number}", {"@timestamp": at}) for number, at in enumerate(days)])
    with started(str(here), str(there)) as copying:
        wait_until(lambda: len(list(there.glob("streams/*/*/*.parquet"))) >= 1)
        copying.send_signal(signal.SIGINT)
        _, said = copying.communicate(timeout=DEADLINE)
    assert copying.returncode == 130, said
    assert "run the same command again to go on" in said
    assert "days of streams are left" in said
    rest = json.loads(run_atalaia("store", "copy", str(here), str(there), "--format", "json").stdout)
    assert 0 < rest["copied"]["days"] < 100
    assert documents(str(there), stream) == documents(str(here), stream)


def test_after_a_rollover_nothing_is_doubled(tmp_path: Path, elasticsearch_url: str, stream: str) -> None:
    """Ids are looked up in all backing indices: with the state gone, copying again stores nothing."""
    here = tmp_path / "here"
    fill(here, stream, 300)
    run_atalaia("store", "copy", str(here), elasticsearch_url)
    connection = Connection(elasticsearch_url, Credentials())
    assert connection.call("POST", f"/{stream}/_rollover")["rolled_over"] is True
    fresh = ("--state", str(tmp_path / "fresh"))
    again = run_atalaia("store", "copy", str(here), elasticsearch_url, *fresh, "--format", "json")
    copied = json.loads(again.stdout)["copied"]
    assert (copied["read"], copied["stored"], copied["known"]) == (300, 0, 300)
    with open_store(elasticsearch_url) as store:
        assert count(store, stream) == 300
        # What a writer doubled that does not look is one event again in a directory.
        store.append([request(stream, number) for number in range(7)])
        assert count(store, stream) == 307
    connection.close()
    back = run_atalaia("store", "copy", elasticsearch_url, str(tmp_path / "back"), "--stream", stream)
    assert "7 twice in the source" in back.stdout
    assert documents(str(tmp_path / "back"), stream) == documents(str(here), stream)


def test_what_the_target_refuses_is_told_and_not_lost(tmp_path: Path, elasticsearch_url: str, stream: str) -> None:
    """A cluster that takes no unknown fields refuses a document: exit 1, the reason, the day that is short."""
    name = f"{stream}-strict"
    with open_store(elasticsearch_url) as store:
        store.append([])  # installs our templates, on which the strict one is built
    ours = cast("JsonObject", load_templates().index["atalaia-logs-web.request"])
    strict: JsonObject = {"mappings": {"dynamic": "strict"}}
    connection = Connection(elasticsearch_url, Credentials())
    body: JsonObject = {**ours, "index_patterns": [name], "priority": 999, "template": strict}
    connection.call("PUT", "/_index_template/strict-for-test", body)
    here = tmp_path / "here"
    with open_store(str(here), writable=True) as store:
        good: dict[str, JsonValue] = {"@timestamp": "2024-01-15T00:00:00Z", "http": {"route": "/a"}}
        store.append([Document(name, "good", good), Document(name, "bad", {**good, "surprise": 1})])
    try:
        done = run_atalaia("store", "copy", str(here), elasticsearch_url, expect=1)
    finally:
        connection.call("DELETE", "/_index_template/strict-for-test")
        connection.close()
    assert "1 refused" in done.stdout
    assert "1 events were refused" in done.stderr
    assert "the first is bad of" in done.stderr
    assert "surprise" in done.stderr
    assert "lacks 1 events on 1 of 1 days" in done.stdout
    assert len(documents(str(here), name)) == 2


def test_a_dry_run_writes_nothing(tmp_path: Path, stream: str) -> None:
    """It compares with a directory that is not there, says what would be copied, and makes no file."""
    here, there = tmp_path / "here", tmp_path / "there"
    fill(here, stream, 10)
    before = sorted(tmp_path.rglob("*"))
    done = run_atalaia("store", "copy", str(here), str(there), "--dry-run")
    assert "would copy 10 events, 1 of 1 days" in done.stdout
    assert sorted(tmp_path.rglob("*")) == before
    run_atalaia("store", "copy", str(here), str(there))
    plan = json.loads(run_atalaia("store", "copy", str(here), str(there), "--dry-run", "--format", "json").stdout)
    assert [(row["from"], row["to"], row["copy"]) for row in plan["rows"]] == [(10, 10, False)]


def test_mistakes_are_told(tmp_path: Path, stream: str) -> None:
    """One store twice, a store that is not there, a span that is empty, a stream nobody has."""
    here = tmp_path / "here"
    fill(here, stream, 10)
    same = run_atalaia("store", "copy", str(here), f"{here}/../here", expect=2)
    assert "FROM and TO are both" in same.stderr
    run_atalaia("store", "copy", str(tmp_path / "none"), str(tmp_path / "there"), expect=2)
    assert not (tmp_path / "there").exists()
    there = str(tmp_path / "there")
    span = run_atalaia("store", "copy", str(here), there, "--since", "2024-02-01", "--until", "2024-01-01", expect=2)
    assert "is empty" in span.stderr
    unknown = run_atalaia("store", "copy", str(here), there, "--stream", "logs-web.request-nobody", expect=2)
    assert stream in unknown.stderr
    assert unknown.stderr.count("\n") == 1  # nothing was begun that could be gone on with


def test_a_file_is_read_on_in_the_directory_that_was_moved_to(tmp_path: Path) -> None:
    """An access log without ids, half read before the move: the new directory reads the rest only, each line once."""
    lines = ACCESS_LOG.read_text(encoding="utf-8").splitlines(keepends=True)[:200]
    log, here, there = tmp_path / "access.log", tmp_path / "here", tmp_path / "there"
    log.write_text("".join(lines[:120]), encoding="utf-8")
    run_atalaia("ingest", str(log), "--pipeline", "access", "--store", str(here))
    moved = run_atalaia("store", "copy", str(here), str(there))
    assert "1 read positions taken over" in moved.stdout
    with log.open("a", encoding="utf-8") as file:
        file.writelines(lines[120:])
    rest = run_atalaia("ingest", str(log), "--pipeline", "access", "--store", str(there))
    assert rest.stdout.startswith("80 lines: 80 stored, 0 known already")
    run_atalaia("ingest", str(log), "--pipeline", "access", "--store", str(here))
    assert ids(there) == ids(here)
    assert len(ids(here)) == 200

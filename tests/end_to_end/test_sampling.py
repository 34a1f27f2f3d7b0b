"""``atalaia metrics`` as an administrator uses it: tried once, run, ended, taken into a store."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from analyzers.store.open import open_store
from analyzers.store.query import Avg, Count, Max, NamedMeasure, Query, Window
from logging_lib.metrics.threads import LOCK_NAME
from tests.end_to_end.cli import run_atalaia
from tests.environment import clean_environment


def lines_of(directory: Path) -> list[dict[str, object]]:
    """Return the whole lines that are in a log directory."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(directory.glob("*.ndjson"))]
    return [json.loads(line) for text in texts for line in text.split("\n")[:-1]]


@contextmanager
def running(directory: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    """Run ``atalaia metrics run`` while the block lasts, from its first records on."""
    command = [sys.executable, "-m", "atalaia", "metrics", "run", "--directory", str(directory), *options]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=clean_environment()) as process:
        deadline = time.monotonic() + 60
        while not lines_of(directory) and time.monotonic() < deadline:
            time.sleep(0.05)
        try:
            yield process
        finally:
            process.kill()


def test_once_shows_what_would_be_recorded_and_writes_nothing(tmp_path: Path) -> None:
    """A table with rates and units, no file, no directory."""
    done = run_atalaia("metrics", "run", "--once", "--directory", str(tmp_path / "logs"))
    assert "host.system system\n" in done.stdout
    assert "system.cpu.total.norm.pct" in done.stdout
    (memory,) = [line.split() for line in done.stdout.splitlines() if line.startswith("system.memory.total ")]
    assert memory[2] in {"MiB", "GiB", "TiB"}
    assert not (tmp_path / "logs").exists()


def test_once_as_json_goes_into_a_store_and_is_aggregated_there(tmp_path: Path) -> None:
    """The lines for programs are the log's own: through the pipeline they are documents, whose numbers add up."""
    options = ("--once", "--format", "json", "--environment", "test", "--process", "python")
    done = run_atalaia("metrics", "run", *options)
    records = [json.loads(line) for line in done.stdout.splitlines()]
    (tmp_path / "once.ndjson").write_text(done.stdout, encoding="utf-8")
    told = run_atalaia(
        "ingest", str(tmp_path / "once.ndjson"), "--pipeline", "request", "--store", str(tmp_path / "store")
    )
    assert f"{len(records)} stored, 0 known already, 0 dropped, 0 dead-lettered" in told.stdout + told.stderr
    (system,) = [record["system"] for record in records if record["metricset"] == "system"]
    now = datetime.now(tz=UTC)
    query = Query(
        stream="metrics-host.system-test",
        window=Window(now - timedelta(hours=1), now + timedelta(hours=1)),
        measures=(
            NamedMeasure("busy", Avg("system.cpu.total.norm.pct")),
            NamedMeasure("memory", Max("system.memory.total")),
            NamedMeasure("events", Count()),
        ),
    )
    with open_store(str(tmp_path / "store")) as store:
        (row,) = store.query(query).rows
    assert row["busy"] == pytest.approx(system["cpu"]["total"]["norm"]["pct"])
    assert row["memory"] == system["memory"]["total"]
    assert row["events"] == len(records)


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_it_samples_at_the_interval_until_a_signal_ends_it(tmp_path: Path, number: int, status: int) -> None:
    """Two intervals later the file has three readings of the machine; the signal ends it with a sum on stderr."""

    def readings() -> list[dict[str, object]]:
        return [record for record in lines_of(tmp_path) if record.get("metricset") == "system"]

    with running(tmp_path, "--interval", "1s", "--service", "watch") as process:
        deadline = time.monotonic() + 60
        while len(readings()) < 3 and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(number)
        _, told = process.communicate(timeout=60)
    assert process.returncode == status
    count = sum("metricset" in record for record in lines_of(tmp_path))  # a busy machine may be late, which is a line
    assert f"took {count:,} samples" in told
    assert "sampling every 1 s" in told
    assert {record["service"] for record in lines_of(tmp_path)} == {"watch"}
    assert len(readings()) >= 3
    assert [path.name[:6] for path in tmp_path.glob("*.ndjson")] == ["watch-"]


def test_a_server_that_cannot_be_read_is_told_on_the_terminal_too(tmp_path: Path) -> None:
    """Nobody has to look into the file to learn that the address is wrong."""
    target = "host=127.0.0.1 port=1 dbname=tickets"
    with running(tmp_path, "--no-host", "--postgresql", target) as process:
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=60)
    (failed,) = [record for record in lines_of(tmp_path) if record["event"] == "sampler failed"]
    assert f"postgresql 127.0.0.1:1/tickets failed: {failed['reason']}" in told
    assert "took 0 samples; at the end these failed: postgresql 127.0.0.1:1/tickets" in told


def test_a_second_one_for_the_same_directory_is_refused(tmp_path: Path) -> None:
    """Numbers are not recorded twice by mistake; the message says what to do."""
    with running(tmp_path):
        done = run_atalaia("metrics", "run", "--directory", str(tmp_path), expect=2)
    assert done.stderr.count("\n") == 1
    assert f"another process samples into {tmp_path} already; end it" in done.stderr
    assert (tmp_path / LOCK_NAME).exists()


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--no-host"], "there is nothing to sample; leave out --no-host"),
        (["--interval", "1ms"], "no interval of at least a second; write 15s or 1m"),
        (["--interval", "soon"], "no interval of at least a second"),
        (["--process", "("], "'(' is no regular expression"),
        (["--environment", "a-b"], "environment= cannot be 'a-b'; use lower-case letters"),
    ],
)
def test_mistakes_are_told_in_one_line(tmp_path: Path, options: list[str], told: str) -> None:
    """Each names what was wrong and what to write instead; nothing is started."""
    done = run_atalaia("metrics", "run", "--directory", str(tmp_path), *options, expect=2)
    assert told in done.stderr
    assert done.stderr.count("\n") == 1


def test_fields_are_listed_for_people_and_programs() -> None:
    """The table has name, unit and meaning, the JSON the dataset too."""
    assert "system.cpu.total.norm.pct" in run_atalaia("metrics", "fields", "host").stdout
    listed = json.loads(run_atalaia("metrics", "fields", "host", "--format", "json").stdout)
    (memory,) = [each for each in listed if each["name"] == "system.memory.actual.used.pct"]
    assert (memory["dataset"], memory["kind"], memory["unit"]) == ("host.system", "double", "share 0..1")


def test_a_password_on_the_command_line_is_warned_of_and_not_repeated(tmp_path: Path) -> None:
    """It can be read by others; the message names the variable to use, and no message has the password."""
    dsn = "postgresql://monitor:hunter2-c0ffee@127.0.0.1:1/tickets?connect_timeout=2"
    options = ("--once", "--no-host", "--directory", str(tmp_path), "--postgresql", dsn)
    done = run_atalaia("metrics", "run", *options, expect=2)
    assert "can read the password in --postgresql; set ATALAIA_METRICS_POSTGRESQL instead" in done.stderr
    assert "hunter2" not in done.stdout + done.stderr

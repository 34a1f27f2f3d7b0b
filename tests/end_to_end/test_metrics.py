"""What a pipeline did, scraped from ``atalaia serve`` as Prometheus would."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from prometheus_client.parser import text_string_to_metric_families

from tests.end_to_end.cli import run_atalaia
from tests.environment import clean_environment

CONF = "input { stdin { } } filter { if [message] == 'no' { drop { id => 'away' } } } output { file { path => 'out' } }"


@contextmanager
def started(folder: Path, *words: str) -> Iterator[subprocess.Popen[str]]:
    """Run ``atalaia`` in a folder until the block is left."""
    process = subprocess.Popen(
        [sys.executable, "-m", "atalaia", *words],
        cwd=folder,
        env=clean_environment(),
        text=True,
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate(timeout=30)


def scrape(address: str) -> dict[tuple[str, str], float]:
    """Read ``/metrics``: name and plugin's id to value."""
    with urlopen(f"{address}metrics", timeout=30) as answer:  # noqa: S310 - the address is our own process'
        text = answer.read().decode("utf-8")
    families = text_string_to_metric_families(text)
    return {(each.name, each.labels.get("id", "")): each.value for family in families for each in family.samples}


def wait_for(address: str, key: tuple[str, str], value: float) -> None:
    """Scrape until a metric has a value, within a minute."""
    end = time.monotonic() + 60
    while (found := scrape(address)).get(key) != value:
        assert time.monotonic() < end, found
        time.sleep(0.2)


def test_a_running_pipeline_is_seen_and_its_death_too(tmp_path: Path) -> None:
    """Three lines, one dropped, while it runs: up and counted. Killed: down, its counts as they were."""
    (tmp_path / "a.conf").write_text(CONF, encoding="utf-8")
    with started(tmp_path, "serve", "--store", "data", "--port", "0") as page:
        assert page.stderr is not None
        found = next(filter(None, (re.search(r"http://\S+/", line) for line in page.stderr)), None)
        assert found
        with started(tmp_path, "pipeline", "run", "a.conf", "--path-data", "data") as pipeline:
            assert pipeline.stdin is not None
            pipeline.stdin.write("yes\nno\nyes\n")
            pipeline.stdin.flush()
            wait_for(found[0], ("atalaia_pipeline_plugin_events_dropped_total", "away"), 1)
            wait_for(found[0], ("atalaia_pipeline_up", ""), 1)
            wait_for(found[0], ("atalaia_pipeline_plugin_events_out_total", "stdin:1:9"), 3)
            pipeline.send_signal(signal.SIGKILL)
            pipeline.wait(30)
        wait_for(found[0], ("atalaia_pipeline_up", ""), 0)
        assert scrape(found[0])["atalaia_pipeline_plugin_events_out_total", "stdin:1:9"] == 3


def test_ingest_counts_too(tmp_path: Path) -> None:
    """The counters of an ingest stand beside its events."""
    (tmp_path / "app.ndjson").write_text("nonsense\n", encoding="utf-8")
    words = ("ingest", str(tmp_path / "app.ndjson"), "--pipeline", "request", "--store", str(tmp_path / "data"))
    run_atalaia(*words, expect=2)
    counted = json.loads((tmp_path / "data" / "counters" / "request.json").read_text(encoding="utf-8"))
    assert counted["running"] is False
    assert [each["events_in"] for each in counted["plugins"] if each["kind"] == "input"] == [1]

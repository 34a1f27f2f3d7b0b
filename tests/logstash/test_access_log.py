"""Ten thousand real lines of an Apache log through access.conf, counted again by awk."""

from __future__ import annotations

import os
import subprocess
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest

from analyzers.store.document import JsonValue
from tests.logstash.pipelines import LOGSTASH, Kept, run_pipeline

LOG = Path(os.environ.get("ATALAIA_SHARED", LOGSTASH.parents[1] / "shared")) / "data" / "apache_access.log"


@pytest.fixture(scope="module")
def kept() -> Kept:
    """What became of the log's lines."""
    return run_pipeline("access.conf", LOG.read_text(encoding="utf-8").splitlines(), {})


def awk(program: str) -> Counter[str]:
    """Count the lines of the log by what an awk program prints for each."""
    done = subprocess.run(["awk", program, str(LOG)], capture_output=True, text=True, check=True)
    return Counter(done.stdout.splitlines())


def value(body: JsonValue, *names: str) -> JsonValue:
    """Return a nested value, or None."""
    for name in names:
        body = body.get(name) if isinstance(body, dict) else None
    return body


def count(kept: Kept, *names: str) -> Counter[str]:
    """Count the documents by the text of a field; those without it are left out."""
    values = [value(dict(document.body), *names) for document in kept.documents]
    return Counter(str(item) for item in values if item is not None)


def test_every_line_is_a_request(kept: Kept) -> None:
    """All lines are stored, the one that is cut off in its last quotes included."""
    assert (len(kept.documents), kept.letters) == (awk("1").total(), [])


def test_status_method_client_and_size_equal_awk(kept: Kept) -> None:
    """The columns awk sees are the fields that are stored."""
    assert count(kept, "http", "response", "status_code") == awk("{print $9}")
    assert count(kept, "http", "request", "method") == awk("{print substr($6, 2)}")
    assert count(kept, "client", "ip") == awk("{print $1}")
    assert count(kept, "http", "response", "body", "bytes") == awk('$10 != "-" {print $10}')
    assert count(kept, "url", "original") == awk("{print $7}")


def test_hours_equal_awk(kept: Kept) -> None:
    """Each hour has as many requests as awk counts by the text of the time stamp (all are +0000)."""
    hours = Counter(
        datetime.fromisoformat(str(document.body["@timestamp"])).strftime("%d/%b/%Y:%H") for document in kept.documents
    )
    assert hours == awk("{print substr($4, 2, 14)}")

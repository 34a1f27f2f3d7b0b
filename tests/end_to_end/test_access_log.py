"""The 10,000 real lines, through the command line, counted again by awk."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest

from tests.end_to_end.cli import rows_of, run_atalaia
from tests.end_to_end.paths import ACCESS_CONF, ACCESS_LOG


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An embedded store that holds the access log."""
    directory = tmp_path_factory.mktemp("access") / "data"
    run_atalaia("ingest", str(ACCESS_LOG), "--pipeline", str(ACCESS_CONF), "--store", str(directory))
    return directory


def awk(program: str) -> Counter[str]:
    """Count the lines of the access log by what an awk program prints for each."""
    done = subprocess.run(["awk", program, str(ACCESS_LOG)], capture_output=True, text=True, check=True)
    return Counter(done.stdout.splitlines())


def test_requests_by_status_equal_awk(store: Path) -> None:
    """Each status has as many requests as awk counts in the ninth column, and only 5xx are errors."""
    rows = rows_of("errors", "--by", "http.response.status_code", "--store", str(store))
    expected = awk("{print $9}")
    assert {str(row["http.response.status_code"]): row["requests"] for row in rows} == expected
    assert {str(row["http.response.status_code"]): row["errors"] for row in rows} == {
        status: count if int(status) >= 500 else 0 for status, count in expected.items()
    }


def test_hourly_counts_equal_awk(store: Path) -> None:
    """Each hour has as many requests as awk counts by the text of the time stamp."""
    rows = rows_of("throughput", "--every", "hour", "--store", str(store))
    counted = {datetime.fromisoformat(str(row["bucket"])).strftime("%d/%b/%Y:%H"): row["requests"] for row in rows}
    assert counted == awk("{print substr($4, 2, 14)}")


def test_no_line_vanishes(tmp_path: Path) -> None:
    """Stored, duplicate, dead-lettered and dropped lines add up to what wc counts; a second run adds nothing."""
    args = ("ingest", str(ACCESS_LOG), "--pipeline", str(ACCESS_CONF), "--store", str(tmp_path / "data"))
    first = json.loads(run_atalaia(*args, "--format", "json").stdout)
    assert first["lines"] == awk('{print "line"}')["line"]
    assert first["stored"] + first["dead_lettered"] == first["lines"]
    assert first["duplicates"] == first["dropped"] == 0
    again = json.loads(run_atalaia(*args, "--format", "json").stdout)
    assert again["stored"] == again["dead_lettered"] == 0
    total = rows_of("throughput", "--store", str(tmp_path / "data"))
    assert [row["requests"] for row in total] == [first["stored"]]


def test_two_identical_lines_are_two_requests(tmp_path: Path) -> None:
    """A line that stands twice in a file counts twice."""
    line = ACCESS_LOG.read_text(encoding="utf-8").splitlines()[0] + "\n"
    log = tmp_path / "access.log"
    log.write_text(line * 2, encoding="utf-8")
    run_atalaia("ingest", str(log), "--pipeline", str(ACCESS_CONF), "--store", str(tmp_path / "data"))
    assert [row["requests"] for row in rows_of("errors", "--store", str(tmp_path / "data"))] == [2]

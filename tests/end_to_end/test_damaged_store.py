"""A disk that damages a store, from the first error to the last event restored, through the command line."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.end_to_end.cli import Answer, run_atalaia
from tests.end_to_end.paths import REQUEST_CONF

ACCESS = """
input { file { path => "/var/log/access.log" } }
filter {
  grok { match => { "message" => "%{HTTPD_COMBINEDLOG}" } }
  date { match => [ "timestamp", "dd/MMM/yyyy:HH:mm:ss Z" ] }
  mutate { remove_field => [ "timestamp", "message", "event", "log", "host", "url", "user_agent", "http", "source" ] }
}
output { elasticsearch { data_stream => "true" data_stream_type => "logs" data_stream_dataset => "web.request" } }
"""


def requests(folder: Path) -> Path:
    """Write 5,000 requests of two days; the service failed every seventh of them."""
    log = folder / "app.ndjson"
    with log.open("w", encoding="utf-8") as file:
        for number in range(5_000):
            day, second = 15 + number // 2_500, number % 2_500
            record = {
                "timestamp": f"2024-01-{day}T10:{second // 60:02d}:{second % 60:02d}Z",
                "level": "INFO",
                "service": "ti-osn",
                "endpoint": "/api/chamados",
                "user_id": number,
                "response_time": 0.2,
                "status_code": 503 if number % 7 == 0 else 200,
                "user_agent": "Mozilla/5.0",
                "ip_address": "192.168.1.100",
                "event_id": f"event-{number:05d}",
            }
            file.write(json.dumps(record, separators=(",", ":")) + "\n")
    return log


def counted(log: Path, day: str) -> tuple[int, int]:
    """Count a day's requests and errors with awk."""
    found, failed = f'/"timestamp":"{day}/', f'/"timestamp":"{day}.*"status_code":503/'
    program = f"{found} {{ n++ }} {failed} {{ e++ }} END {{ print n+0, e+0 }}"
    done = subprocess.run(["awk", program, str(log)], check=True, capture_output=True, text=True)
    requests_found, errors_found = done.stdout.split()
    return int(requests_found), int(errors_found)


def answered(store: Path, *words: str) -> tuple[list[tuple[object, object]], Answer, str]:
    """Return requests and errors by day, the whole answer, and what was said beside it."""
    done = run_atalaia("errors", "--every", "day", "--store", str(store), "--format", "json", *words, expect=(0, 1))
    answer: Answer = json.loads(done.stdout)
    return [(row["requests"], row["errors"]) for row in answer["rows"]], answer, done.stderr


def flip(path: Path) -> None:
    """Flip one bit in the middle of a file."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def test_damage_is_noticed_set_aside_and_restored_from_the_log(tmp_path: Path) -> None:
    """Nothing is believed that is damaged; the loss is said; the log file brings back exactly what was lost."""
    log, store = requests(tmp_path), tmp_path / "data"
    ingest = ("ingest", str(log), "--pipeline", str(REQUEST_CONF), "--store", str(store))
    run_atalaia(*ingest)
    run_atalaia("store", "compact", str(store))
    by_day = [counted(log, "2024-01-15"), counted(log, "2024-01-16")]
    assert by_day == [(2500, 358), (2500, 357)]  # multiples of seven below 2,500: 0 … 2499; then up to 4,998
    assert answered(store)[0] == by_day

    first, second = sorted((store / "streams").rglob("*.parquet"))
    flip(first)
    refused = run_atalaia("errors", "--store", str(store), expect=2)
    assert refused.stderr.count("\n") == 1
    assert f"{first} is damaged" in refused.stderr
    assert f"atalaia store verify {store} --set-aside" in refused.stderr
    assert "2024-01-15" in run_atalaia("store", "verify", str(store), expect=1).stdout

    aside = run_atalaia("store", "verify", str(store), "--set-aside", expect=1)
    assert "2,500 events lost, 0 kept" in aside.stdout
    assert second.exists()
    rows, answer, said = answered(store)
    assert rows == by_day[1:]
    assert "2,500 events were lost of 2024-01-15 (UTC) to disk damage and not counted" in said
    assert [(each["events"], each["first"]) for each in answer["lost"]] == [(2500, "2024-01-15T10:00:00Z")]
    assert "2,500 events of logs-web.request-default" in run_atalaia("store", "info", str(store)).stdout

    moved = run_atalaia("store", "copy", str(store), str(tmp_path / "moved"))
    assert "in FROM 2,500 events were lost of 2024-01-15 (UTC)" in moved.stderr
    later = run_atalaia("store", "copy", str(store), str(tmp_path / "later"), "--since", "2024-01-16")
    assert "lost" not in later.stderr

    again = json.loads(run_atalaia(*ingest, "--format", "json").stdout)
    assert (again["lines"], again["stored"]) == (0, 0)
    again = json.loads(run_atalaia(*ingest, "--from-start", "--format", "json").stdout)
    assert (again["lines"], again["stored"], again["duplicates"]) == (5000, 2500, 2500)
    assert answered(store)[0] == by_day
    run_atalaia("store", "verify", str(store), "--deep", "--restored")
    rows, answer, said = answered(store)
    assert (rows, said, "lost" in answer) == (by_day, "", False)


def test_a_writer_that_meets_damage_sets_it_aside_and_says_so(tmp_path: Path) -> None:
    """Reading the file again needs the damaged segment's ids: it is set aside, and everything is there at the end."""
    log, store = requests(tmp_path), tmp_path / "data"
    ingest = ("ingest", str(log), "--pipeline", str(REQUEST_CONF), "--store", str(store))
    run_atalaia(*ingest)
    run_atalaia("store", "compact", str(store))
    flip(min((store / "streams").rglob("*.parquet")))
    again = run_atalaia(*ingest, "--from-start", "--format", "json")
    assert "2500 of its 2500 events are lost" in again.stderr
    assert json.loads(again.stdout)["stored"] == 2500
    assert answered(store)[0] == [counted(log, "2024-01-15"), counted(log, "2024-01-16")]


@pytest.mark.parametrize("again", [1, 2])
def test_an_access_log_is_known_line_by_line(tmp_path: Path, again: int) -> None:
    """Its lines have no ids but where they stand: read from the start they are the same events, however often."""
    log, store, conf = tmp_path / "access.log", tmp_path / "data", tmp_path / "access.conf"
    conf.write_text(ACCESS, encoding="utf-8")
    line = '10.0.0.1 - - [15/Jan/2024:10:00:00 +0000] "GET / HTTP/1.1" 200 12 "-" "x"\n'
    log.write_text(line * 3, encoding="utf-8")
    ingest = ("ingest", str(log), "--pipeline", str(conf), "--store", str(store), "--format", "json")
    assert json.loads(run_atalaia(*ingest).stdout)["stored"] == 3
    for _ in range(again):
        summary = json.loads(run_atalaia(*ingest, "--from-start").stdout)
        assert (summary["lines"], summary["stored"], summary["duplicates"]) == (3, 0, 3)
    with log.open("a", encoding="utf-8") as file:
        file.write(line)
    assert json.loads(run_atalaia(*ingest).stdout)["stored"] == 1

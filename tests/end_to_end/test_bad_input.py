"""Hostile input through the command line: stored or dead-lettered with a reason, counted, and the process goes on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.end_to_end.cli import rows_of, run_atalaia
from tests.end_to_end.paths import ACCESS_CONF, REQUEST_CONF

GOOD = {
    "timestamp": "2024-01-15T10:30:00Z",
    "level": "INFO",
    "service": "ti-osn",
    "endpoint": "/api/chamados",
    "user_id": 123,
    "response_time": 0.234,
    "status_code": 200,
    "user_agent": "Mozilla/5.0",
    "ip_address": "192.168.1.100",
}


def record(**changes: object) -> bytes:
    """One record as a line, with some keys changed; ``...`` removes a key."""
    merged = GOOD | changes
    return json.dumps({key: value for key, value in merged.items() if value is not ...}).encode() + b"\n"


STORED = {
    "as documented": record(),
    "anonymous": record(user_id=None),
    "far future": record(timestamp="2124-01-15T10:30:00Z"),
    "nul in text": record(user_agent="a\x00b"),
    "unknown key": record(color={"deep": [1, "x"]}),
    "no user agent": record(user_agent=...),
    "no address": record(ip_address=...),
    "not an address": record(ip_address="proxy.local"),
}
DEAD = {
    "broken json": b'{"timestamp": "2024-01-15T10:30:00Z", \n',
    "not an object": b"[1, 2]\n",
    "nul bytes": b"\x00\x00\x00\x00\n",
    "not utf-8": b"\xff\xfe\xfd\n",
    "no timestamp": record(timestamp=...),
    "bad timestamp": record(timestamp="yesterday"),
    "no status": record(status_code=...),
    "status is text": record(status_code="many"),
    "status out of range": record(status_code=99999),
    "negative time": record(response_time=-1),
    "time is text": record(response_time="fast"),
    "ten megabytes": record(user_agent="x" * 10_000_000),
}


@pytest.mark.parametrize("name", STORED)
def test_odd_but_sound_records_are_stored(tmp_path: Path, name: str) -> None:
    """A record that can be understood is stored, whatever else it carries."""
    summary = ingest(tmp_path, STORED[name])
    assert (summary["stored"], summary["dead_lettered"]) == (1, 0)


@pytest.mark.parametrize("name", DEAD)
def test_what_cannot_be_understood_is_dead_lettered(tmp_path: Path, name: str) -> None:
    """A line that cannot be understood is kept aside with a reason, and the line after it is stored."""
    summary = ingest(tmp_path, DEAD[name] + record())
    assert (summary["lines"], summary["stored"], summary["dead_lettered"]) == (2, 1, 1)
    letters = [
        json.loads(line)
        for file in sorted((tmp_path / "data" / "dead-letter").glob("*.ndjson"))
        for line in file.read_text(encoding="utf-8").splitlines()
    ]
    assert len(letters) == 1
    reason = letters[0].get("reason") or letters[0]["error"]["message"]
    assert len(str(reason)) > len("no")


def test_everything_at_once_is_counted(tmp_path: Path) -> None:
    """All of it in one file: the counts add up and the future event is pointed out."""
    summary = ingest(tmp_path, b"".join([*STORED.values(), *DEAD.values()]))
    assert summary["stored"] == len(STORED)
    assert summary["dead_lettered"] == len(DEAD)
    assert summary["future"] == 1
    total = rows_of("errors", "--store", str(tmp_path / "data"))
    assert [row["requests"] for row in total] == [len(STORED)]


def test_nothing_that_could_be_stored_is_no_success(tmp_path: Path) -> None:
    """A run that only filled the dead letters ends with status 2 and names the pipeline; one known line suffices."""
    log = tmp_path / "access.log"
    log.write_bytes(DEAD["broken json"] + DEAD["no status"])
    args = ("ingest", str(log), "--pipeline", str(REQUEST_CONF), "--store", str(tmp_path / "data"))
    done = run_atalaia(*args, expect=2)
    assert "2 lines: 0 stored, 0 known already, 0 dropped, 2 dead-lettered" in done.stdout
    assert f"nothing of what was read could be stored: is {REQUEST_CONF} the pipeline" in done.stderr
    run_atalaia(*args)
    log.write_bytes(log.read_bytes() + record(event_id="018d0c6e-6c00-7000-8000-000000000001"))
    assert "1 stored" in run_atalaia(*args, "--from-start").stdout
    assert "1 known already" in run_atalaia(*args, "--from-start").stdout


def ingest(directory: Path, content: bytes) -> dict[str, int]:
    """Write a file, ingest it, return the summary."""
    log = directory / "app.ndjson"
    log.write_bytes(content)
    args = ("ingest", str(log), "--pipeline", str(REQUEST_CONF), "--store", str(directory / "data"))
    summary: dict[str, int] = json.loads(run_atalaia(*args, "--format", "json").stdout)
    return summary


@pytest.mark.parametrize(
    "args",
    [
        ("ingest", "/nowhere/access.log", "--pipeline", str(ACCESS_CONF)),
        ("ingest", "/", "--pipeline", str(ACCESS_CONF)),
        ("ingest", __file__, "--pipeline", "no-such-pipeline"),
        ("errors", "--by", "endpont"),
        ("errors", "--where", "status_code >="),
        ("errors", "--where", "status_code = abc"),
        ("errors", "--tz", "Mars/Olympus"),
        ("errors", "--window", "soon"),
        ("errors", "--since", "2024-01-02", "--until", "2024-01-01"),
        ("errors", "--every", "fortnight"),
        ("errors", "--store", "/nowhere/at/all"),
        ("errors", "--store", "ftp://example.org"),
        ("errors", "--store", "http://127.0.0.1:9"),
        ("latency", "--no-such-option"),
        ("report", "weekly", "--week", "2024-W60"),
        ("alerts", "check", "--webhook", "not a url"),
    ],
    ids=" ".join,
)
def test_a_bad_option_is_one_clear_line(tmp_path: Path, args: tuple[str, ...]) -> None:
    """A mistake is answered with exit status 2 and one line that says what was wrong."""
    store = tmp_path / "data"
    ingest(tmp_path, record())
    located = args if "--store" in args else (*args, "--store", str(store))
    done = run_atalaia(*located, expect=2)
    lines = [line for line in done.stderr.splitlines() if line and not line.startswith(("Usage:", "Try "))]
    assert len(lines) == 1, done.stderr
    assert len(lines[0]) > len("atalaia: error")


def test_a_pipeline_that_is_none_is_shown_with_its_line(tmp_path: Path) -> None:
    """The message names file, line and column; below it stand the line and a caret."""
    ingest(tmp_path, record())
    done = run_atalaia("ingest", __file__, "--pipeline", __file__, "--store", str(tmp_path / "data"), expect=2)
    message, line, caret, *_ = done.stderr.splitlines()
    assert f"{__file__}:1:" in message
    assert line.strip() == Path(__file__).read_text(encoding="utf-8").splitlines()[0]
    assert caret.strip() == "^"

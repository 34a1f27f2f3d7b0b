"""``atalaia pipeline run`` killed, resumed, and its dead letters sent again, through the command line."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.atalaia.pipeline.corpus import Case, Json, alike, read_cases, without
from tests.end_to_end.cli import rows_of, run_atalaia
from tests.end_to_end.paths import REQUEST_CONF
from tests.environment import clean_environment

STORE = 'elasticsearch { data_stream => "true" data_stream_dataset => "web.request" document_id => "%{id}" }'
CONF = f"input {{ stdin {{ codec => json_lines }} }} output {{ {STORE} }}"
RECORDS = 60_000


def record(number: int) -> dict[str, object]:
    """A request as the store wants it."""
    return {
        "@timestamp": f"2024-01-15T10:{number // 60 % 60:02}:{number % 60:02}Z",
        "id": f"r{number}",
        "http": {"route": "/a", "response": {"status_code": 200}},
        "response_time": 0.1,
    }


def stored(store: Path) -> int:
    """How many requests the store has."""
    rows = rows_of("errors", "--store", str(store), expect=(0, 1, 2))
    return int(str(rows[0]["requests"])) if rows else 0


def test_killed_and_run_again_each_record_is_stored_once(tmp_path: Path) -> None:
    """``kill -9`` while it stores what it reads from stdin: the store is sound, and the same input completes it."""
    (tmp_path / "app.conf").write_text(CONF, encoding="utf-8")
    lines = tmp_path / "app.ndjson"
    lines.write_text("".join(f"{json.dumps(record(number))}\n" for number in range(RECORDS)), encoding="utf-8")
    store = tmp_path / "data"
    words = ["pipeline", "run", str(tmp_path / "app.conf"), "--store", str(store)]
    with lines.open("rb") as given:
        process = subprocess.Popen([sys.executable, "-m", "atalaia", *words], stdin=given, env=clean_environment())
        deadline = time.monotonic() + 60
        while len(list(store.glob("**/*.parquet"))) < 2:  # the first batch is committed then
            assert process.poll() is None, "it ended before it could be killed"
            assert time.monotonic() < deadline
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.wait(60)
    assert 0 < stored(store) < RECORDS
    with lines.open("rb") as given:
        subprocess.run(
            [sys.executable, "-m", "atalaia", *words], stdin=given, env=clean_environment(), check=True, timeout=600
        )
    assert stored(store) == RECORDS


def test_dead_letters_of_the_shipped_pipeline_are_sent_again(tmp_path: Path) -> None:
    """A record without a time is listed with its reason; with a mended pipeline it goes through, and once only."""
    bad = {"level": "INFO", "service": "s", "endpoint": "/a", "response_time": 0.1, "status_code": 200}
    good = bad | {"timestamp": "2024-01-15T10:30:00Z"}
    log = tmp_path / "app.ndjson"
    log.write_text(f"{json.dumps(good)}\n{json.dumps(bad)}\n", encoding="utf-8")
    store = ("--store", str(tmp_path / "data"))
    run_atalaia("ingest", str(log), "--pipeline", "request", *store)
    listed = json.loads(run_atalaia("pipeline", "dlq", "list", "--format", "json", *store).stdout)
    assert listed["total"] == 1
    assert listed["reasons"][0]["pipeline"] == "request"
    assert "timestamp is missing" in listed["reasons"][0]["reason"]
    assert listed["letters"][0]["original"] == json.dumps(bad)
    table = run_atalaia("pipeline", "dlq", "list", *store).stdout
    assert table.startswith("1 dead letters\n\n1  request  -  timestamp is missing")

    unchanged = run_atalaia("pipeline", "dlq", "replay", *store, expect=1)
    assert unchanged.stdout == "1 dead letters: 0 went through, 1 stay\n"
    mended = tmp_path / "request.conf"
    text = REQUEST_CONF.read_text(encoding="utf-8")
    assert text.count("if [record][timestamp] !~ ") == 1
    mended.write_text(text.replace("if [record][timestamp] !~ ", "if [record][timestamp] and [record][timestamp] !~ "))
    words = ("pipeline", "dlq", "replay", "--pipeline", "request", "--pipeline-file", str(mended), *store)
    assert run_atalaia(*words, "--dry-run").stdout == "1 dead letters: 1 would go through, 0 would stay\n"
    assert run_atalaia(*words).stdout == "1 dead letters: 1 went through, 0 stay\n"
    assert run_atalaia(*words).stdout == "0 dead letters: 0 went through, 0 stay\n"
    assert run_atalaia("pipeline", "dlq", "list", *store).stdout == "no dead letters\n"
    assert stored(tmp_path / "data") == 2


def test_a_letter_is_not_sent_again_by_another_selection(tmp_path: Path) -> None:
    """What the filters do not choose stays."""
    log = tmp_path / "app.ndjson"
    log.write_text("nonsense\n{}\n", encoding="utf-8")
    store = ("--store", str(tmp_path / "data"))
    run_atalaia("ingest", str(log), "--pipeline", "request", *store, expect=2)
    for words in (("--pipeline", "access"), ("--reason", "no such reason"), ("--since", "2999-01-01")):
        done = run_atalaia("pipeline", "dlq", "replay", *words, *store)
        assert done.stdout == "0 dead letters: 0 went through, 0 stay\n"
    run_atalaia("pipeline", "dlq", "list", "--dead-letter", str(tmp_path / "nowhere"), expect=2)


def test_two_pipelines_of_one_file(tmp_path: Path) -> None:
    """A pipelines.yml with a distributor: each request reaches the store once, through the pipeline meant for it."""
    (tmp_path / "pipelines.yml").write_text(
        "- pipeline.id: in\n  config.string: 'input { stdin { codec => json_lines } }"
        ' output { if [id] == "r1" { pipeline { send_to => "one" } } else { pipeline { send_to => "rest" } } }\'\n'
        f"- pipeline.id: one\n  config.string: 'input {{ pipeline {{ address => one }} }} output {{ {STORE} }}'\n"
        "- pipeline.id: rest\n  config.string: 'input { pipeline { address => rest } } output { stdout {"
        ' codec => line { format => "%{id}" } } }\'\n',
        encoding="utf-8",
    )
    done = subprocess.run(
        [
            *(sys.executable, "-m", "atalaia", "pipeline", "run", "--pipelines", str(tmp_path / "pipelines.yml")),
            *("--store", str(tmp_path / "data")),
        ],
        input="".join(f"{json.dumps(record(number))}\n" for number in range(3)),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.split() == ["r0", "r2"]
    assert stored(tmp_path / "data") == 1
    assert {path.name for path in (tmp_path / "data" / "counters").iterdir()} == {"in.json", "one.json", "rest.json"}


INPUT = "input { stdin { ecs_compatibility => disabled codec => json_lines { ecs_compatibility => disabled } } }"
OUTPUT = "output { stdout { codec => json_lines } }"
SOME = ("drop-", "mutate-01", "grok-01", "json-01", "lang-01", "sprintf-01", "event-01")
WHOLE = [case for case in read_cases() if case.folder.name.startswith(SOME) and not case.refused]


@pytest.mark.parametrize("case", WHOLE, ids=str)
def test_prints_what_logstash_prints(tmp_path: Path, case: Case) -> None:
    """Input, filters and output from three files, as a filter in a pipe: the events Logstash printed, in its order."""
    (tmp_path / "1-input.conf").write_text(INPUT, encoding="utf-8")
    (tmp_path / "3-output.conf").write_text(OUTPUT, encoding="utf-8")
    files = (str(tmp_path / "1-input.conf"), str(case.folder / "pipeline.conf"), str(tmp_path / "3-output.conf"))
    with (case.folder / "input.ndjson").open("rb") as given:
        done = subprocess.run(
            [sys.executable, "-m", "atalaia", "pipeline", "run", *files, "--ecs-compatibility", case.ecs],
            stdin=given,
            capture_output=True,
            check=True,
            timeout=60,
        )
    printed: list[Json] = [without(json.loads(line), case.ignore) for line in done.stdout.splitlines()]
    expected: list[Json] = [without(each, case.ignore) for each in case.expected]
    assert alike(printed, expected)

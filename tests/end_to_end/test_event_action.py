"""A backup that says it is complete, from Python or a shell script, can be asked for by name in every store."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from analyzers.fields import SERVICE_NAME
from analyzers.store.elastic.local import LocalElasticsearch
from analyzers.store.open import open_store
from analyzers.store.query import And, Count, CountIf, Equals, Exists, NamedMeasure, Query, Window
from tests.end_to_end.cli import run_atalaia
from tests.end_to_end.paths import CHECKOUT, REQUEST_CONF

pytestmark = pytest.mark.elasticsearch

_DONE = And((Equals("event.action", "backup.completed"), Equals(SERVICE_NAME, "ti-osn")))


def example(language: str) -> str:
    """Return the example of a language in the section about recovery of the documentation."""
    section = (CHECKOUT / "docs" / "sla.md").read_text(encoding="utf-8").partition("## Recovery\n")[2]
    blocks = re.findall(rf"```{language}\n(.*?)```", section, re.DOTALL)
    [found] = [block for block in blocks if "backup.completed" in block]
    return str(found)


def write_lines(logs: Path) -> None:
    """Run the documented examples as an administrator would: the Python program and the shell script."""
    for word, program in (("python", sys.executable), ("sh", "sh")):
        text = example(word).replace("/var/log/atalaia", str(logs))
        text = re.sub(r"^pg_dump .*$", "true", text, flags=re.MULTILINE)
        subprocess.run([program, "-c", text], check=True, timeout=60)


def test_a_backup_is_found_by_its_name_in_both_stores(tmp_path: Path) -> None:
    """Two backups, told in two ways, and a message that merely mentions one: exactly the two are found."""
    logs, embedded = tmp_path / "logs", str(tmp_path / "data")
    logs.mkdir()
    write_lines(logs)
    now = datetime.now(UTC)
    said = {"timestamp": now.isoformat(), "level": "INFO", "service": "ti-osn", "event": "the backup is completed"}
    (logs / "other.ndjson").write_text(f"{json.dumps(said)}\n", encoding="utf-8")
    day = timedelta(days=1)
    measures = (
        NamedMeasure("done", CountIf(_DONE)),
        NamedMeasure("named", CountIf(Exists("event.action"))),
        NamedMeasure("all", Count()),
    )
    question = Query("logs-app.event-*", Window(now - day, now + day), measures)
    with LocalElasticsearch(tmp_path / "elasticsearch") as server:
        for store in (embedded, server.url):
            files = [str(file) for file in logs.glob("*.ndjson")]
            run_atalaia("ingest", *files, "--pipeline", str(REQUEST_CONF), "--store", store)
            with open_store(store) as opened:
                assert opened.query(question).rows == ({"done": 2, "named": 2, "all": 3},)

"""A disk that is full while a pipeline runs: it waits, says so, and goes on when there is room."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.end_to_end.cli import rows_of, run_atalaia

CONF = """
input { stdin { codec => json } }
output {
  elasticsearch {
    data_stream => "true" data_stream_type => "logs" data_stream_dataset => "web.request"
    document_id => "%{[event][id]}"
  }
}
"""
EVENTS = 3_000


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """Mount a disk of 600 kB."""
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def test_a_pipeline_waits_for_room(tmp_path: Path) -> None:
    """Each attempt is one line; readers, info and verify work meanwhile; with room again every event is there once."""
    conf, log = tmp_path / "run.conf", tmp_path / "events.ndjson"
    conf.write_text(CONF, encoding="utf-8")
    with log.open("w", encoding="utf-8") as file:
        for number in range(EVENTS):
            # Powers modulo a prime: text that does not compress well.
            noise = "".join(str(pow(number + 3, power, 1_000_000_007)) for power in range(7, 37))
            at = f"2024-01-15T10:{number // 60:02d}:{number % 60:02d}Z"
            event = {"@timestamp": at, "event": {"id": f"e{number}"}}
            file.write(json.dumps(event | {"user_agent": {"original": noise}}) + "\n")
    with small_disk(tmp_path / "disk") as disk:
        store = disk / "data"
        command = [sys.executable, "-m", "atalaia", "pipeline", "run", str(conf), "--store", str(store)]
        with log.open("rb") as stdin, subprocess.Popen(command, stdin=stdin, stderr=subprocess.PIPE, text=True) as run:
            assert run.stderr is not None
            said = [next(line for line in run.stderr if "No space left on device" in line)]
            assert f"process {run.pid} writes it" in run_atalaia("store", "info", str(store)).stdout
            run_atalaia("store", "verify", str(store), "--deep")
            subprocess.run(["mount", "-o", "remount,size=20m", str(disk)], check=True)
            said += list(run.stderr)
        assert run.returncode == 0, said
        assert all(line.startswith("atalaia: ") for line in said)
        assert [row["requests"] for row in rows_of("errors", "--store", str(store))] == [EVENTS]
        run_atalaia("store", "verify", str(store), "--deep")

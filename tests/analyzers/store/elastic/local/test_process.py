"""The local Elasticsearch as a process: it starts, says what is wrong, and never outlives its parent."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import httpx
import psutil
import pytest

from analyzers.store.elastic.local import LocalElasticsearch
from analyzers.store.interface import StoreError

_PARENT = """\
import sys, time
from pathlib import Path
from analyzers.store.elastic.local import LocalElasticsearch
server = LocalElasticsearch(Path(sys.argv[1])).start()
print(server.pid, server.url, flush=True)
time.sleep(600)
"""


def test_it_keeps_its_indices_and_stops_with_its_parent(tmp_path: Path) -> None:
    """A parent killed by SIGKILL cannot stop it; it stops by itself, and keeps what was written."""
    command = [sys.executable, "-c", _PARENT, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid, url = parent.stdout.readline().split()
        server = psutil.Process(int(pid))
        written = httpx.put(f"{url}/kept/_doc/1?refresh=true", json={"a": 1}, timeout=120)
        assert written.status_code == 201
        parent.kill()
    assert server.wait(timeout=120) in {0, None}
    with LocalElasticsearch(tmp_path) as again:
        httpx.get(f"{again.url}/_cluster/health/kept?wait_for_status=yellow", timeout=120).raise_for_status()
        assert httpx.get(f"{again.url}/kept/_doc/1", timeout=120).json()["_source"] == {"a": 1}
        assert again.url.startswith("http://127.0.0.1:")


def test_a_start_that_fails_says_why(tmp_path: Path, elasticsearch_url: str) -> None:
    """A port that is taken, or a heap that is none, is one line, not a hang."""
    taken = int(elasticsearch_url.rsplit(":", 1)[1])
    with pytest.raises(StoreError, match="did not start"):
        LocalElasticsearch(tmp_path / "port", port=taken).start()
    with pytest.raises(StoreError, match="did not start"):
        LocalElasticsearch(tmp_path / "heap", heap="much").start()


def test_its_address_is_known_only_while_it_runs(tmp_path: Path) -> None:
    """Asking a server that does not run is an error of its own, not an empty address."""
    with pytest.raises(StoreError, match="not running"):
        _ = LocalElasticsearch(tmp_path).url

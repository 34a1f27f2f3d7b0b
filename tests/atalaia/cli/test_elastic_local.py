"""``atalaia elasticsearch local``: a real server for development, on the loopback interface and nowhere else."""

from __future__ import annotations

import ipaddress
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import psutil
import pytest

from atalaia.cli.main import main
from tests.atalaia.cli.test_boundary import start


def listened_on(process: psutil.Process) -> set[str]:
    """Return the addresses that a process and its children listen on."""
    return {
        connection.laddr.ip
        for each in (process, *process.children(recursive=True))
        for connection in each.net_connections(kind="all")
        if connection.status == psutil.CONN_LISTEN
    }


@pytest.mark.elasticsearch
def test_it_starts_says_what_is_next_and_keeps_its_data(tmp_path: Path) -> None:
    """The address on stdout, the next step on stderr; Ctrl-C stops it in order; the next start finds what was there."""
    words = ["elasticsearch", "local", "--port", "0", "--data", str(tmp_path / "es")]
    found = []
    for _ in range(2):
        process = start(words)
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+", url), process.communicate()
        addresses = listened_on(psutil.Process(process.pid))
        found.append(httpx.get(f"{url}/kept/_doc/1", timeout=120).status_code)
        httpx.put(f"{url}/kept/_doc/1?refresh=true", json={"a": 1}, timeout=120).raise_for_status()
        server = psutil.Process(process.pid).children()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=120)
        assert (process.returncode, out) == (130, "")
        assert f"next: atalaia elasticsearch setup --elasticsearch {url}" in err
        assert err.count("\n") == 2
        assert addresses
        assert all(ipaddress.ip_address(each.removeprefix("::ffff:")).is_loopback for each in addresses)
        assert psutil.wait_procs(server, timeout=120)[1] == []
    assert found == [404, 200]


def test_without_the_extra_it_says_what_to_install(tmp_path: Path) -> None:
    """One line that names the extra, before anything is fetched or started."""
    (tmp_path / "jpype.py").write_text("raise ImportError('not here')\n", encoding="ascii")
    path = os.pathsep.join([str(tmp_path), *sys.path])
    result = subprocess.run(
        [sys.executable, "-m", "atalaia", "elasticsearch", "local", "--data", str(tmp_path / "es")],
        env=os.environ | {"PYTHONPATH": path, "XDG_CACHE_HOME": str(tmp_path / "cache")},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert result.returncode == 2
    (line,) = result.stderr.splitlines()
    assert "pip install 'atalaia[elasticsearch-local]'" in line
    assert not (tmp_path / "es").exists()


@pytest.mark.parametrize("heap", ["much", "0g", "1.5g", "512"])
def test_a_heap_that_is_no_size_is_refused(heap: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Before anything is started: the JVM would end without a word that helps."""
    assert main(["elasticsearch", "local", "--data", str(tmp_path / "es"), "--heap", heap]) == 2
    assert f"{heap!r} is not a size; write 512m or 1g" in capsys.readouterr().err
    assert not (tmp_path / "es").exists()

"""The demonstration, ended as the README says."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.environment import clean_environment


@pytest.mark.parametrize("used", [False, True], ids=["at once", "while people use it"])
def test_ctrl_c_ends_the_demonstration(tmp_path: Path, used: bool) -> None:  # noqa: FBT001  as pytest passes it
    """It ends with status 0 and says how many requests arrived, all of them."""
    command = [sys.executable, "-u", "-m", "atalaia", "demo", "--port", "0", "--directory", str(tmp_path / "demo")]
    with subprocess.Popen(
        command, env=clean_environment(), text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        assert process.stdout is not None
        said = ""
        while "Ctrl-C stops it." not in said:
            line = process.stdout.readline()
            assert line, said
            said += line
        deadline = time.monotonic() + 60
        while used and not any(path.stat().st_size for path in (tmp_path / "demo").rglob("logs/*.ndjson")):
            assert time.monotonic() < deadline
            time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        rest = process.communicate(timeout=120)[0]
    assert process.returncode == 0, rest
    counted = re.search(r"([\d,]+) requests were answered, ([\d,]+) of them are in the store", rest)
    assert counted is not None, rest
    assert counted[1] == counted[2]
    assert not used or counted[1] != "0"

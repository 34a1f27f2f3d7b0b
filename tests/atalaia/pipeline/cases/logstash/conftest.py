"""A Logstash that is none."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

STANDIN = Path(__file__).parent / "standin.py"
ROOT = Path(__file__).parents[5]


@pytest.fixture
def logstash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A ``logstash`` on the PATH that is the stand-in."""
    program = tmp_path / "bin" / "logstash"
    program.parent.mkdir()
    note = 'test -z "$STANDIN_PID" || echo $$ > "$STANDIN_PID"'  # at once: a busy machine takes long to start Python
    start = f'PYTHONPATH="{ROOT}" exec "{sys.executable}" "{STANDIN}" "$@"'
    program.write_text(f"#!/bin/sh\n{note}\n{start}\n", encoding="utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.delenv("LOGSTASH_HOME", raising=False)
    return program

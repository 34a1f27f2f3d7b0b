"""Run the command line as a person would: another process, text in, text out."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from typing import NotRequired, TypeAlias, TypedDict

from atalaia.cli.main import main
from tests.environment import clean_environment

Cell: TypeAlias = str | int | float | bool | None
JsonRow: TypeAlias = dict[str, Cell]


class Answer(TypedDict):
    """What ``--format json`` prints."""

    query: dict[str, object]
    rows: list[JsonRow]
    lost: NotRequired[list[JsonRow]]
    sampled: NotRequired[JsonRow]


def run_atalaia(
    *args: str,
    expect: int | tuple[int, ...] = 0,
    environment: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run ``atalaia`` and check its exit status.

    Args:
        *args: The command line after the program's name.
        expect: The exit status, or those that are allowed.
        environment: Variables on top of a clean environment without ``ATALAIA_*``.
    """
    done = subprocess.run(
        [sys.executable, "-m", "atalaia", *args],
        capture_output=True,
        text=True,
        check=False,
        env=clean_environment(**(environment or {})),
    )
    allowed = (expect,) if isinstance(expect, int) else expect
    assert done.returncode in allowed, f"{args}: exit {done.returncode}\n{done.stdout}\n{done.stderr}"
    assert "Traceback" not in done.stderr
    return done


def call_atalaia(*args: str, expect: int | tuple[int, ...] = 0) -> str:
    """Run ``atalaia`` in this process, where a test runs so many that their starting would be most of its time.

    Args:
        *args: The command line after the program's name.
        expect: The exit status, or those that are allowed.

    Returns:
        What it printed.
    """
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        status = main(args)
    allowed = (expect,) if isinstance(expect, int) else expect
    assert status in allowed, f"{args}: exit {status}\n{out.getvalue()}\n{err.getvalue()}"
    return out.getvalue()


def rows_of(*args: str, expect: int | tuple[int, ...] = (0, 1)) -> list[JsonRow]:
    """Run an analysis with ``--format json`` and return its rows."""
    answer: Answer = json.loads(run_atalaia(*args, "--format", "json", expect=expect).stdout)
    assert set(answer) == {"query", "rows"}
    return answer["rows"]

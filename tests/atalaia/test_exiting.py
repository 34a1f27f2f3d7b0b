"""A process ends with its own status and without a word, whatever its threads are doing."""

from __future__ import annotations

import subprocess
import sys

import pytest

_LEFT_BEHIND = """
import atexit, sys, threading

import duckdb

from atalaia.exiting import run_and_exit


def ask(begun):
    connection = duckdb.connect()
    while True:
        connection.execute("SELECT sum(i * i) FROM range(200000) t(i)").fetchall()
        begun.set()


def main():
    begun = threading.Event()
    threading.Thread(target=ask, args=[begun], daemon=True).start()
    begun.wait()
    atexit.register(print, "handled", end="")
    sys.stdout.write("said, ")
    return 3


run_and_exit(main)
"""
_ALONE = """
import atexit

from atalaia.exiting import run_and_exit


def main():
    atexit.register(print, "handled", end="")
    print("said, ", end="")
    return 3


run_and_exit(main)
"""


@pytest.mark.parametrize("program", [_LEFT_BEHIND, _ALONE], ids=["left behind", "alone"])
def test_the_status_is_that_of_the_program(program: str) -> None:
    """With a thread inside a query too; output is written and handlers have run before."""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (3, "said, handled", "")

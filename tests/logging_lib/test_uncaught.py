"""What nobody caught leaves a line, and the interpreter prints it as ever."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import warnings
from pathlib import Path

import pytest

import logging_lib
from logging_lib.values import Record
from tests.logging_lib.support import read_lines

CONFIGURE = "import logging_lib, sys, threading, atexit, warnings, logging; logging_lib.configure();"


def run(directory: Path, program: str) -> tuple[int, str, list[Record]]:
    """Run a program with logging configured; return its status, what it printed on standard error, and its lines."""
    environment = {**os.environ, "ATALAIA_SERVICE": "ti-osn", "ATALAIA_LOG_DIRECTORY": str(directory)}
    command = [sys.executable, "-c", f"{CONFIGURE}\n{program}"]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    return ran.returncode, ran.stderr, read_lines(directory)


def test_a_process_that_dies_leaves_a_line(tmp_path: Path) -> None:
    """The last line is CRITICAL with type, message and trace; the traceback is printed and the status is 1."""
    status, printed, (record,) = run(tmp_path, "int('x')")
    assert (status, record["level"], record["event"]) == (1, "CRITICAL", "uncaught exception")
    assert record["error_type"] == "ValueError"
    assert str(record["stack_trace"]).startswith("Traceback")
    assert "Traceback" in printed


@pytest.mark.parametrize("program", ["raise KeyboardInterrupt", "sys.exit(3)", "raise SystemExit('bye')"])
def test_an_end_on_purpose_is_no_error(tmp_path: Path, program: str) -> None:
    """Ctrl+C and ``sys.exit`` leave no line."""
    status, _, records = run(tmp_path, program)
    assert status != 0
    assert records == []


def test_a_thread_and_a_destructor_leave_lines(tmp_path: Path) -> None:
    """A thread that dies is an ERROR with its name; so is what ``__del__`` raises. ``sys.exit`` in a thread is none."""
    program = """
class Broken:
    def __del__(self): raise LookupError('gone')
Broken()
for target in (lambda: int('x'), sys.exit):
    thread = threading.Thread(target=target, name='worker'); thread.start(); thread.join()
"""
    status, printed, records = run(tmp_path, program)
    assert status == 0
    assert [(record["level"], record["error_type"], record.get("thread")) for record in records] == [
        ("ERROR", "LookupError", None),
        ("ERROR", "ValueError", "worker"),
    ]
    assert printed.count("Traceback") == 2


def test_a_task_that_nobody_awaits_leaves_a_line(tmp_path: Path) -> None:
    """The report that asyncio makes of a lost exception is in the file, trace and all."""
    _, _, records = run(
        tmp_path,
        """
import asyncio, gc
async def fail(): raise LookupError('gone')
async def main():
    task = asyncio.create_task(fail()); await asyncio.sleep(0); await asyncio.sleep(0); del task; gc.collect()
asyncio.run(main())
""",
    )
    (record,) = records
    assert (record["level"], record["logger"], record["error_type"]) == ("ERROR", "asyncio", "LookupError")


def test_warnings_are_lines(tmp_path: Path) -> None:
    """A warning is a line of ``py.warnings``."""
    _, printed, (record,) = run(tmp_path, "warnings.warn('old thing', UserWarning)")
    assert (record["level"], record["logger"]) == ("WARNING", "py.warnings")
    assert str(record["event"]).startswith("<string>:2: UserWarning: old thing")
    assert printed == ""


def test_lines_at_exit_reach_the_file(tmp_path: Path) -> None:
    """What others log while the process ends is written, too: after ours has closed, and from a thread that goes on."""
    program = """
logging_lib.shutdown()
atexit.register(lambda: logging_lib.get_logger().info('at exit'))
logging_lib.configure()
import time
threading.Thread(target=lambda: (threading.main_thread().join(), logging.getLogger('t').info('thread'))).start()
"""
    _, printed, records = run(tmp_path, program)
    assert [record["event"] for record in records] == ["thread", "at exit"]
    assert printed == ""


def test_shutdown_puts_the_hooks_back(tmp_path: Path) -> None:
    """Afterwards the interpreter's functions are what they were; two ``configure`` chain nothing twice."""
    before = (sys.excepthook, threading.excepthook, sys.unraisablehook, warnings.showwarning)
    logging_lib.configure(service="a", directory=tmp_path)
    logging_lib.configure(service="b", directory=tmp_path)
    assert sys.excepthook is not before[0]
    logging_lib.shutdown()
    assert (sys.excepthook, threading.excepthook, sys.unraisablehook, warnings.showwarning) == before


def test_another_hook_in_front_of_ours_stays(tmp_path: Path) -> None:
    """A reporter installed later keeps its place; one exception is one line, also after a second ``configure``."""
    program = """
ours = sys.excepthook
def reporter(*args):
    print('reported', file=sys.stderr); ours(*args)
sys.excepthook = reporter
logging_lib.configure()
int('x')
"""
    _, printed, records = run(tmp_path, program)
    assert len(records) == 1
    assert printed.count("reported") == 1
    assert printed.count("Traceback") == 1

"""Helpers of the file's tests: programs that write, and what they have written."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

PRELUDE = """
import contextlib, gc, os, signal, sys, threading
from pathlib import Path
from logging_lib.record import Identity
from logging_lib.sink.dated_file import DatedFile
from logging_lib.values import encode_line

file = DatedFile(Path(sys.argv[1]), Identity("ti-osn", "test"))

def write(who, number):
    file.write(encode_line({"writer": who, "number": number}))
"""


def run(directory: Path, program: str) -> str:
    """Run a program that must come to its end, and return what it printed."""
    done = subprocess.run(
        [sys.executable, "-c", program, directory], check=True, timeout=300, stdout=subprocess.PIPE, text=True
    )
    return done.stdout


def written(directory: Path) -> Counter[str]:
    """Return how many lines each writer has; every line is whole and a writer's lines are in order."""
    lines = [json.loads(line) for path in directory.iterdir() for line in path.read_bytes().splitlines()]
    counts = Counter(str(line["writer"]) for line in lines)
    for writer, count in counts.items():
        assert [line["number"] for line in lines if line["writer"] == writer] == list(range(count))
    return counts

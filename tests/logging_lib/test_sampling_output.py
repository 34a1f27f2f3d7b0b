"""Sampling as an application has it: configured, in the file, to the end of the process."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import weakref
from pathlib import Path

import pytest

import logging_lib
from logging_lib.errors import AtalaiaError
from logging_lib.output import current
from logging_lib.sampling import SampleOptions, Sampler
from tests.logging_lib.support import read_lines, served


def test_the_file_has_the_weights(tmp_path: Path) -> None:
    """Configured to write one of twenty, a process writes weights that sum up; shutting down writes the rest."""
    logging_lib.configure(service="ti-osn", directory=tmp_path, sample=20, sample_slow=0.5)
    for _ in range(100):
        current().emit(served())
    current().emit(served(seconds=0.5))
    logging_lib.shutdown()
    lines = read_lines(tmp_path)
    assert [line.get("sample_weight", 1) for line in lines] == [1] * 10 + [20] * 4 + [1] + [10]


def test_a_process_that_ends_writes_what_it_holds(tmp_path: Path) -> None:
    """Without a call of ``shutdown``, the end of the program writes the rest; what comes after it is written too."""
    program = (
        "import atexit, sys, logging_lib\n"
        "from logging_lib.output import current\n"
        "from tests.logging_lib.support import served\n"
        "atexit.register(lambda: logging_lib.get_logger().info('last'))\n"
        "logging_lib.configure(service='ti-osn', directory=sys.argv[1])\n"
        "for _ in range(25): current().emit(served())\n"
    )
    environ = {**os.environ, "ATALAIA_LOG_SAMPLE": "1000", "PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run([sys.executable, "-c", program, tmp_path], check=True, timeout=60, env=environ)
    lines = read_lines(tmp_path)
    assert sum(int(str(line.get("sample_weight", 1))) for line in lines if "endpoint" in line) == 25
    assert [line["event"] for line in lines if "event" in line] == ["last"]


@pytest.mark.parametrize(
    ("given_", "wrong"),
    [({"sample": 0}, "sample= cannot be 0"), ({"sample_slow": 61.0}, "sample_slow= cannot be 61.0")],
)
def test_nonsense_is_refused(tmp_path: Path, given_: dict[str, float], wrong: str) -> None:
    """A rate of none and a slowness above a minute are refused, each by its value."""
    with pytest.raises(AtalaiaError, match=wrong):
        logging_lib.configure(service="ti-osn", directory=tmp_path, **given_)  # type: ignore[arg-type]


def test_a_sampler_that_is_let_go_is_collected() -> None:
    """The note for forks keeps no sampler alive."""
    sampler = Sampler(SampleOptions(2))
    seen = weakref.ref(sampler)
    del sampler
    gc.collect()
    assert seen() is None

"""``atalaia metrics run --once``: what would be recorded, on stdout."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from atalaia.cli.metrics_options import Typed
from atalaia.cli.render.metrics import print_records
from atalaia.cli.render.safe import one_line
from atalaia.cli.runtime import ExitStatus, note
from logging_lib import configure, shutdown
from logging_lib.clock import Clock
from logging_lib.metrics.emitting import emit
from logging_lib.metrics.sample import Sampler, SamplingError

_BETWEEN: Final = 1.0
"""Seconds from the first reading to the second, which has rates."""


def print_once(samplers: Sequence[Sampler], typed: Typed, clock: Clock) -> int:
    """Read twice and print the second reading's records as the file would have them.

    The records take the whole road of the log, into a file that is gone afterwards, so that what is shown is what
    would be stored.
    """
    with TemporaryDirectory(prefix="atalaia-metrics-") as folder:
        configure(
            service=typed["service"],
            environment=typed["environment"],
            directory=folder,
            console=False,
            stream="none",
            clock=clock,
        )
        try:
            failed = _read_twice(samplers, clock)
        finally:
            shutdown()
        lines = list(_lines(Path(folder)))
    if typed["form"] == "json":
        sys.stdout.writelines(lines)
    else:
        print_records(lines, sys.stdout)
    return ExitStatus.ERROR if failed else ExitStatus.OK


def _read_twice(samplers: Sequence[Sampler], clock: Clock) -> bool:
    """Emit each sampler's second reading and return whether one failed, which is told."""
    failed = [sampler for sampler in samplers if not _read(sampler, clock, keep=False)]
    working = [sampler for sampler in samplers if sampler not in failed]
    if working:
        time.sleep(_BETWEEN)
    failed += [sampler for sampler in working if not _read(sampler, clock, keep=True)]
    for sampler in samplers:
        sampler.close()
    return bool(failed)


def _read(sampler: Sampler, clock: Clock, *, keep: bool) -> bool:
    now = clock()
    try:
        samples = sampler.sample(now)
    except SamplingError as error:
        note(one_line(f"{sampler.name}: {error}"))
        return False
    if keep:
        emit(samples, now)
    return True


def _lines(folder: Path) -> Iterator[str]:
    for path in sorted(folder.glob("*.ndjson")):
        yield from path.read_text(encoding="utf-8").splitlines(keepends=True)

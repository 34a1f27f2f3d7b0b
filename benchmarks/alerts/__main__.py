"""Replay the example's rules over the histories of the seeds that are named, and print the table."""

from __future__ import annotations

import sys
from concurrent.futures import ProcessPoolExecutor
from typing import Final

from benchmarks.alerts.replaying import sent
from benchmarks.alerts.scoring import Trial, scored
from benchmarks.alerts.table import document
from benchmarks.anomalies.table import DAYS, REPORTED

TUNED_ON: Final = (1,)
"""Seeds whose histories were looked at while the rules of the example were written."""


def main() -> None:
    """Replay them, two at a time; a history takes some minutes."""
    seeds = tuple(map(int, sys.argv[1:])) or REPORTED
    with ProcessPoolExecutor(max_workers=2) as pool:
        trials: list[Trial] = []
        for one in pool.map(sent, seeds, [DAYS] * len(seeds)):
            trials.append(scored(one))
            sys.stderr.write(f"seed {one.seed}: {len(one.notices)} notices\n")
            sys.stderr.flush()
    sys.stdout.write(document(trials, TUNED_ON))


if __name__ == "__main__":
    main()

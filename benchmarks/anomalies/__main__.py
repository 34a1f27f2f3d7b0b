"""Run all detectors over the histories, and print the table."""

from __future__ import annotations

import sys
from concurrent.futures import ProcessPoolExecutor

from benchmarks.anomalies.scoring import Trial, trial
from benchmarks.anomalies.table import DAYS, REPORTED, document


def main() -> None:
    """Judge the histories, several at a time; takes some minutes."""
    with ProcessPoolExecutor(max_workers=3) as pool:
        trials: list[Trial] = []
        for one in pool.map(trial, REPORTED, [DAYS] * len(REPORTED)):
            trials.append(one)
            sys.stderr.write(f"seed {one.seed}: {len(one.false_alarms)} false alarms\n")
            sys.stderr.flush()
    sys.stdout.write(document(trials))


if __name__ == "__main__":
    main()

"""The latency thresholds that a slice counts at."""

from __future__ import annotations

from typing import Final

EDGES: Final = (
    10, 20, 25, 50, 75, 100, 150, 200, 250, 300, 400, 500, 600, 700, 750, 800, 900,
    1_000, 1_200, 1_250, 1_500, 2_000, 2_500, 3_000, 4_000, 5_000, 6_000, 7_500, 8_000, 10_000,
    15_000, 20_000, 30_000, 45_000, 60_000, 120_000,
)  # fmt: skip
"""Milliseconds, ascending: round numbers that people write into agreements. A contract may use these and no others, so
that every sealed slice can answer for every later contract."""

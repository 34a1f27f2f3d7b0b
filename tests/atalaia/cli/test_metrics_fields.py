"""The reference of metrics, and how numbers of samples are shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from atalaia.cli.metrics_fields import reference
from atalaia.cli.render.metrics import shown
from logging_lib.metrics.fields import Unit

DOCUMENTED = Path(__file__).parents[3] / "docs" / "metrics-fields.md"


def test_the_reference_is_what_the_samplers_document() -> None:
    """docs/metrics-fields.md lists every field of every kind."""
    remedy = "run python -m atalaia.cli.metrics_fields > docs/metrics-fields.md"
    assert DOCUMENTED.read_text(encoding="utf-8") == reference(), remedy


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0, "bytes", "0 bytes"),
        (1023, "bytes", "1,020 bytes"),
        (1536, "bytes", "1.50 KiB"),
        (25_276_514_304, "bytes", "23.5 GiB"),
        (2**70, "bytes", "1,020 EiB"),
        (2_097_152.0, "bytes/s", "2.00 MiB/s"),
        (0.0442, "share 0..1", "4.42 %"),
        (1204, "ms", "1,204 ms"),
        (0.5, "", "0.500"),
        ("ext4", "", "ext4"),
        ("\x1b[2J", "", "\\x1b[2J"),
    ],
)
def test_values_are_shown_with_their_unit(value: float | str, unit: Unit, text: str) -> None:
    """Three significant digits, sizes in the largest unit that fits, and nothing that commands a terminal."""
    assert shown(value, unit) == text

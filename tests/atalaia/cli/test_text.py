"""Numbers and keys as a person reads them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.analysis import Unit
from analyzers.store.query import CalendarUnit
from atalaia.cli.render.safe import printable
from atalaia.cli.render.sparkline import GAP, sparkline
from atalaia.cli.render.text import bucket, cell, percent, significant


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0"),
        (0.001234, "0.00123"),
        (0.9996, "1.00"),
        (2.345, "2.35"),
        (12.34, "12.3"),
        (999.6, "1,000"),
        (1234.5, "1,230"),
        (1234567, "1,230,000"),
    ],
)
def test_three_significant_digits(number: float, text: str) -> None:
    """Three digits count, thousands are grouped, and powers of ten never appear."""
    assert significant(number) == text


@pytest.mark.parametrize(
    ("ratio", "text"),
    [
        (0.0, "0 %"),
        (1.0, "100 %"),
        (0.99871, "99.871 %"),
        (0.9999999, "99.9999900 %"),
        (0.0003, "0.0300 %"),
        (0.5, "50.0 %"),
    ],
)
def test_percent_never_hides_a_failure(ratio: float, text: str) -> None:
    """A share close to the whole keeps three digits of what it lacks."""
    assert percent(ratio) == text


@given(st.floats(min_value=0, max_value=1, exclude_max=True))
def test_less_than_the_whole_is_never_written_as_the_whole(ratio: float) -> None:
    """No share below one reads 100 %."""
    assert float(percent(ratio).removesuffix(" %")) < 100


@given(st.text())
def test_no_text_commands_the_terminal(text: str) -> None:
    """Whatever stands in a log, what is printed has no control character."""
    assert printable(text).isprintable()


def test_escapes_show_what_was_there() -> None:
    """An escape sequence is shown, not obeyed."""
    assert printable("\x1b[31mred\u202e") == r"\x1b[31mred\u202e"


def test_absent_is_not_zero() -> None:
    """A measure without a value and a group without a key have looks of their own."""
    assert cell(None, Unit.SECONDS) == "—"
    assert cell(None, Unit.KEY) == "(none)"
    assert cell(0, Unit.COUNT) == "0"


def test_buckets_tell_the_repeated_hour_apart() -> None:
    """The hour that occurs twice is written with its two offsets."""
    lisbon = ZoneInfo("Europe/Lisbon")
    first, second = (datetime(2024, 10, 27, 1, tzinfo=lisbon, fold=fold) for fold in (0, 1))
    assert bucket(first, CalendarUnit.HOUR) == "2024-10-27 01:00 +0100"
    assert bucket(second, CalendarUnit.HOUR) == "2024-10-27 01:00 +0000"
    assert bucket(datetime(2024, 1, 15, tzinfo=lisbon), CalendarUnit.WEEK) == "2024-W03"
    assert bucket(datetime(2024, 10, 1, tzinfo=lisbon), CalendarUnit.QUARTER) == "2024-Q4"
    assert bucket(datetime(2024, 1, 1, tzinfo=lisbon), CalendarUnit.QUARTER) == "2024-Q1"
    assert bucket(datetime(2024, 1, 1, tzinfo=lisbon), CalendarUnit.YEAR) == "2024"


def test_sparkline_starts_at_zero_and_leaves_gaps() -> None:
    """Heights are shares of the greatest value; what was not measured is a gap."""
    assert sparkline([0, 4, None, 8]) == f"▁▅{GAP}█"
    assert sparkline([None, None]) == GAP * 2
    assert sparkline([0, 0]) == "▁▁"


def test_long_sparkline_keeps_the_peaks() -> None:
    """With more values than marks each mark is the greatest of its run: 5 values on 2 marks are runs of 3 and 2."""
    assert sparkline([1, 8, 1, 1, 4], width=2) == "█▅"

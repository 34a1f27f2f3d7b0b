"""One number of decimals for a column of percents, and none that misleads."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.blocks import Cell, Heading, Judged, Linked, Table
from analyzers.language import language_of, message
from analyzers.reports.percents import places_of, rounded
from analyzers.reports.rendering.shown import Speaker
from analyzers.units import Unit

_TARGET = Fraction(999, 1000)


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ((0.995, 0.99873, 1, None), ("99,50", "99,87", "100,00", "não medido")),
        ((0.5, 0.99999, 0.0), ("50,000", "99,999", "0,000")),
        ((Linked(0.00004, "/logs"), 0.25), ("0,004", "25,000")),
        ((Decimal("0.99995"), Decimal("0.9")), ("99,995", "90,000")),
        ((Judged(Fraction(99_899, 100_000), _TARGET), 0.5), ("99,899", "50,000")),
        ((Judged(Fraction(998_996, 1_000_000), _TARGET),), ("99,8996",)),
        ((Judged(Fraction(999_004, 1_000_000), _TARGET), 1.0), ("99,9004", "100,0000")),
        ((Judged(_TARGET, _TARGET),), ("99,90",)),
    ],
)
def test_a_column_has_one_number_of_decimals(cells: tuple[Cell, ...], said: tuple[str, ...]) -> None:
    """Two, unless a percent reads as 0 or 100, a target loses digits, or what missed one seems to meet it."""
    table = Table(
        "t", message("p95"), (Heading("c", message("p95"), Unit.RATIO),), tuple((c,) for c in cells), message("p95")
    )
    speaker = Speaker(language_of("pt_BR", ZoneInfo("UTC")))
    assert tuple(row[0].text for row in speaker.rows(table)) == said


@given(st.integers(1, 10**7), st.data(), st.sampled_from(["0.9", "0.95", "0.99", "0.999", "0.9995", "0.99999"]))
def test_no_rounding_changes_a_judgement(total: int, data: st.DataObject, promised: str) -> None:
    """Whatever share of up to ten million was good: what is shown is on the same side of its target."""
    target = Fraction(promised)
    good = data.draw(
        st.integers(0, total) | st.integers(-2, 2).map(lambda d: max(0, min(total, int(target * total) + d)))
    )
    share = Judged(Fraction(good, total), target)
    shown = Fraction(rounded(share, places_of([share])))
    assert (shown < target, shown > target) == (share.value < target, share.value > target)

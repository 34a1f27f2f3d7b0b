"""Cells, spans and changes, as every rendering says them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from analyzers.analysis import State, Unit
from analyzers.blocks import Change, Figure, Linked, Plain, Trend
from analyzers.language import Amount, Language, Message
from analyzers.reports.rendering.shown import Speaker, methods
from analyzers.store.query import Window


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (1_234_567, Unit.COUNT, ("1,234,567", "1.234.567")),
        (0.99871, Unit.RATIO, ("99.87", "99,87")),
        (Decimal("0.9987"), Unit.RATIO, ("99.87", "99,87")),
        (Fraction(1, 8), Unit.RATIO, ("12.50", "12,50")),
        (0.25, Unit.SECONDS, ("0.250", "0,250")),
        (12.5, Unit.PER_SECOND, ("12.5", "12,5")),
        (3 * 2**30, Unit.BYTES, ("3.00\u00a0GiB", "3,00\u00a0GiB")),
        (500, Unit.KEY, ("500", "500")),
        ("/login", Unit.KEY, ("/login", "/login")),
        (date(2026, 3, 4), Unit.KEY, ("March 4, 2026", "4 de março de 2026")),
        (Amount(0.5, Unit.SECONDS), Unit.KEY, ("0.500\u00a0s", "0,500\u00a0s")),
        (State.MISSED, Unit.KEY, ("missed", "descumprido")),
        (None, Unit.COUNT, ("unmeasured", "não medido")),
        (Amount(None, Unit.SECONDS), Unit.KEY, ("unmeasured", "não medido")),
        (None, Unit.KEY, ("\u2014", "\u2014")),
    ],
)
def test_a_cell(english: Language, portuguese: Language, value: Plain, unit: Unit, expected: tuple[str, str]) -> None:
    """A number without the unit of its heading, by locale; a link shows its value; a missing number is no zero."""
    speakers = (Speaker(english), Speaker(portuguese))
    assert tuple(each.cell(value, unit).text for each in speakers) == expected
    assert tuple(each.cell(Linked(value, "/x"), unit).text for each in speakers) == expected


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        (datetime(2026, 3, 4, 3, tzinfo=UTC), datetime(2026, 3, 5, 3, tzinfo=UTC), "Wednesday"),
        (datetime(2026, 3, 2, 3, tzinfo=UTC), datetime(2026, 3, 9, 3, tzinfo=UTC), "Mar 2 \u2013 8, 2026"),
        (datetime(2026, 3, 1, 3, tzinfo=UTC), datetime(2026, 4, 1, 3, tzinfo=UTC), "Mar 1 \u2013 31, 2026"),
        (
            datetime(2026, 3, 1, 3, tzinfo=UTC),
            datetime(2026, 3, 1, 15, tzinfo=UTC),
            "Mar 1, 2026, 12:00 AM to 12:00 PM",
        ),
    ],
)
def test_a_span_names_its_last_day(english: Language, start: datetime, end: datetime, said: str) -> None:
    """Whole days of São Paulo by their dates, the last one in it; anything else by the clock."""
    assert Speaker(english).span(Window(start, end)).replace("\u202f", " ") == said


def test_each_test_says_of_which_figures_it_is(english: Language) -> None:
    """Two figures by one test and one by another: each test once, with its figures; a single test needs no list."""
    changes = [Change(1.0, 1.0, Trend.WORSE, 0.01, Message(name)) for name in ("one", "other", "one")]
    figures = tuple(
        Figure(name, Message(name), Unit.COUNT, 2.0, Message(""), change=change)
        for name, change in zip("abc", changes, strict=True)
    )
    assert methods(figures, english) == ("Tested by one: a; c.", "Tested by other: b.")
    assert methods(figures[:1], english) == ("Changes are tested by: one.",)


@pytest.mark.parametrize(
    ("probability", "expected"),
    [
        (None, ("", "")),
        (0.00099, ("p\u00a0<\u00a00.001", "p\u00a0<\u00a00,001")),
        (0.001, ("p\u00a0=\u00a00.001", "p\u00a0=\u00a00,001")),
        (0.0123, ("p\u00a0=\u00a00.012", "p\u00a0=\u00a00,012")),
        (1.0, ("p\u00a0=\u00a01.000", "p\u00a0=\u00a01,000")),
    ],
)
def test_a_probability_is_never_zero(
    english: Language, portuguese: Language, probability: float | None, expected: tuple[str, str]
) -> None:
    """Three decimals; what would be 0.000 is below the least that can be shown; nothing where nothing was tested."""
    change = Change(1.0, 1.0, Trend.WORSE, probability)
    assert (Speaker(english).significance(change), Speaker(portuguese).significance(change)) == expected


@pytest.mark.parametrize(
    ("unit", "difference", "expected"),
    [
        (Unit.RATIO, 0.0123, ("+1.23\u00a0pp", "+1,23\u00a0p.p.")),
        (Unit.RATIO, -0.0123, ("-1.23\u00a0pp", "-1,23\u00a0p.p.")),
        (Unit.COUNT, 0.5, ("+50.0\u00a0%", "+50,0\u00a0%")),
        (Unit.SECONDS, -0.125, ("-12.5\u00a0%", "-12,5\u00a0%")),
        (Unit.COUNT, None, ("", "")),
    ],
)
def test_a_change_has_its_sign(
    english: Language, portuguese: Language, unit: Unit, difference: float | None, expected: tuple[str, str]
) -> None:
    """Of a ratio in percentage points, of anything else in percent of what was before; none where that is unknown."""
    change = Change(1.0, difference, Trend.NEUTRAL)
    figure = Figure("x", Message("x"), unit, 2.0, Message(""), change=change)
    assert (Speaker(english).change(figure), Speaker(portuguese).change(figure)) == expected

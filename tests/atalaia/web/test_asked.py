"""What an address asks, and the addresses that lead on from there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from werkzeug.datastructures import MultiDict

from analyzers.selection.errors import SelectionError
from analyzers.store.query import CalendarUnit, Window
from atalaia.web.asked import Question, fitting_unit, path_of, read_question

NOON = datetime(2024, 1, 15, 12, tzinfo=UTC)
SAO_PAULO = ZoneInfo("America/Sao_Paulo")


def asked(*params: tuple[str, str]) -> Question:
    """Return what an address with these parameters asks at noon, of a site on São Paulo's clock."""
    return read_question(MultiDict(params), now=NOON, zone=SAO_PAULO)


@pytest.mark.parametrize(
    ("params", "hours", "is_live"),
    [
        ((), (-1, 0), True),
        ((("window", "3h"),), (-3, 0), True),
        ((("from", "2024-01-15T06:00"), ("to", "2024-01-15T07:00")), (-3, -2), False),
        ((("from", "2024-01-15T06:00Z"), ("window", "2h")), (-6, -4), False),
        ((("to", "2024-01-15T10:00Z"),), (-3, -2), False),
    ],
)
def test_an_address_names_a_window(params: tuple[tuple[str, str], ...], hours: tuple[int, int], is_live: bool) -> None:  # noqa: FBT001
    """The last hour unless it says otherwise; times without an offset are São Paulo's, three hours behind UTC."""
    question = asked(*params)
    assert question.window == Window(*(NOON + timedelta(hours=each) for each in hours))
    assert question.is_live is is_live


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ((("window", "1h"), ("window", "2h")), "window= twice"),
        ((("from", "2024-01-15"), ("from", "2024-01-14")), "from= twice"),
        ((("from", "2024-01-14"), ("to", "2024-01-15"), ("window", "1h")), "say too much"),
    ],
)
def test_an_address_that_says_two_things_is_refused(params: tuple[tuple[str, str], ...], words: str) -> None:
    """Rather than answered by one of them."""
    with pytest.raises(SelectionError, match=words):
        asked(*params)


def test_an_address_leads_on_with_its_filters() -> None:
    """Window, filters and language go along, what is the page's own does not; no filter stands there twice."""
    question = asked(("window", "3h"), ("where", "a = 1"), ("sort", "p95"), ("lang", "pt_BR"))
    assert question.address("/logs") == "/logs?window=3h&where=a+%3D+1&lang=pt_BR"
    further = question.address("/logs", also=("b = 2", "a = 1"))
    assert further == "/logs?window=3h&where=a+%3D+1&lang=pt_BR&where=b+%3D+2"
    assert question.same("/drill") == "/drill?window=3h&where=a+%3D+1&sort=p95&lang=pt_BR"
    assert question.without("/drill", "a = 1") == "/drill?window=3h&sort=p95&lang=pt_BR"


def test_a_new_window_takes_the_place_of_the_old_one() -> None:
    """From and to instead of a length, and a length instead of from and to: never both."""
    assert asked(("window", "3h")).address("/", start="x", end="y") == "/?from=x&to=y"
    assert asked(("from", "2024-01-14"), ("to", "2024-01-15")).address("/", window="1h") == "/?window=1h"


@pytest.mark.parametrize(
    ("length", "unit"),
    [
        (timedelta(hours=2), CalendarUnit.MINUTE),
        (timedelta(hours=2, seconds=1), CalendarUnit.HOUR),
        (timedelta(days=5), CalendarUnit.HOUR),
        (timedelta(days=30), CalendarUnit.DAY),
        (timedelta(days=366), CalendarUnit.WEEK),
        (timedelta(days=801), CalendarUnit.MONTH),
    ],
)
def test_a_chart_has_some_hundred_buckets(length: timedelta, unit: CalendarUnit) -> None:
    """120 minutes or hours at most, 120 days, then weeks, then months."""
    assert fitting_unit(Window(NOON, NOON + length)) is unit


def test_a_path_may_have_anything_in_it() -> None:
    """A request's id with a slash or a question mark is one part."""
    assert path_of("requests", "a/b?c=d é") == "/requests/a%2Fb%3Fc%3Dd%20%C3%A9"

"""How windows and times of other clocks are written."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from analyzers.language import english, language_of, message
from analyzers.sla.contract.model import RollingPeriod
from analyzers.sla.contract.periods import period_at
from analyzers.store.query import Window
from tests.analyzers.events import at

_NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ("2024-05-05T18:00Z", "2024-05-05T19:00Z", "5 de mai. de 2024 14:00 a 15:00"),
        ("2024-05-06T03:00Z", "2024-05-06T04:00Z", "5 de mai. de 2024 23:00 a 00:00"),
        ("2024-05-05T04:00Z", "2024-05-06T04:00Z", "5 de mai. de 2024 00:00 a 6 de mai. de 2024 00:00"),
        ("2024-11-03T05:00Z", "2024-11-03T06:00Z", "3 de nov. de 2024 01:00 a 3 de nov. de 2024 01:00"),
    ],
)
def test_a_day_that_both_ends_share_comes_once(start: str, end: str, said: str) -> None:
    """An hour needs its date once, the last of a day too; a whole day, and an hour that clocks change in, twice."""
    shown = language_of("pt_BR", _NEW_YORK).span(Window(at(start), at(end)))
    assert shown == said


def test_the_command_line_writes_both_ends_of_a_window_whole() -> None:
    """Who copies an end of a span from a terminal has a whole instant."""
    hour = Window(at("2024-05-05T18:00Z"), at("2024-05-05T19:00Z"))
    assert english(message("{span}", span=hour)) == "2024-05-05 18:00 UTC to 2024-05-05 19:00 UTC"


def test_a_rolling_period_is_written_in_the_readers_language() -> None:
    """The clock is the contract's own (14:00 in New York), the words are the reader's, who lives in São Paulo."""
    period = period_at(RollingPeriod(30), "America/New_York", at("2024-05-05T18:00Z"))
    reader = language_of("pt_BR", ZoneInfo("America/Sao_Paulo"))
    assert reader.say(period.said) == "30 dias até 5 de mai. de 2024 14:00"

"""How long a cluster in trouble is waited for."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.store.elastic.patience import FIRST_WAIT, LONGEST_WAIT, Budget, Patience, request_seconds_of
from analyzers.store.interface import StoreError


def waits_of(seconds: float, chance: float, retry_after: str | None = None, attempt: float = 0.0) -> list[float]:
    """Return all waits until the budget is spent, when each attempt takes some seconds of a made-up clock."""
    waits: list[float] = []
    clock = iter(attempt * tick for tick in range(10_000))
    now = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)
    budget = Budget(Patience(seconds, waits.append, lambda: next(clock), lambda: now, lambda: chance))
    while budget.pause(budget.begin(), retry_after):
        pass
    return waits


@pytest.mark.parametrize(
    ("chance", "waits"),
    [(0.0, [0.1, 0.2, 0.4, 0.8, 1.6]), (0.5, [0.15, 0.3, 0.6, 1.2]), (0.99, [0.199, 0.398, 0.796, 1.592])],
)
def test_waits_double_between_half_and_the_whole(chance: float, waits: list[float]) -> None:
    """Within 4 s: spans of 0.2, 0.4, 0.8, … s, of which chance takes half to all; one more would be too long."""
    assert waits_of(4, chance) == pytest.approx(waits)


def test_what_attempts_take_is_spent_too() -> None:
    """Attempts of 1 s each in a budget of 4 s: after 1.1, 2.3 and 3.7 s there is no room for a fourth (5.5 s)."""
    assert waits_of(4, 0, attempt=1.0) == pytest.approx([0.1, 0.2, 0.4])


@pytest.mark.parametrize(
    ("retry_after", "waits"),
    [
        ("3", [3.0, 3.0, 3.0]),
        ("Thu, 01 Jan 2026 12:00:04 GMT", [4.0, 4.0]),
        ("Thu, 01 Jan 2026 11:00:00 GMT", [0.1, 0.2, 0.4, 0.8, 1.6, 3.2]),
        ("soon", [0.1, 0.2, 0.4, 0.8, 1.6, 3.2]),
        ("0", [0.1, 0.2, 0.4, 0.8, 1.6, 3.2]),
        ("11", []),
    ],
)
def test_the_server_s_wish_is_honoured(retry_after: str, waits: list[float]) -> None:
    """Seconds or a date; never shorter than the own wait, and an end at once when it is longer than the budget."""
    assert waits_of(10, 0, retry_after) == pytest.approx(waits)


@given(st.floats(0, 1_000), st.floats(0, 0.999), st.floats(0, 30))
def test_the_budget_is_never_exceeded(seconds: float, chance: float, attempt: float) -> None:
    """Whatever chance and attempts are, waits are between their bounds, and all of it within the budget."""
    waits = waits_of(seconds, chance, attempt=attempt)
    assert sum(waits) + attempt * len(waits) <= seconds + 1e-6
    assert all(FIRST_WAIT / 2 <= wait <= LONGEST_WAIT for wait in waits)


@pytest.mark.parametrize(("text", "seconds"), [("", 120.0), ("5", 5.0), ("0", 0.0), ("2.5", 2.5)])
def test_it_is_read_from_the_environment(text: str, seconds: float) -> None:
    """``ATALAIA_ES_RETRY_SECONDS`` in seconds; 120 by default."""
    assert Patience.from_environment({"ATALAIA_ES_RETRY_SECONDS": text}).seconds == seconds


@pytest.mark.parametrize("text", ["two", "-1", "inf", "nan"])
def test_what_is_no_number_of_seconds_is_refused(text: str) -> None:
    """The message names the variable."""
    with pytest.raises(StoreError, match="ATALAIA_ES_RETRY_SECONDS"):
        Patience.from_environment({"ATALAIA_ES_RETRY_SECONDS": text})


def test_a_request_has_some_time() -> None:
    """``ATALAIA_ES_REQUEST_SECONDS``: 60 by default, and not 0, in which nothing can be answered."""
    assert request_seconds_of({}) == 60
    assert request_seconds_of({"ATALAIA_ES_REQUEST_SECONDS": "0.5"}) == 0.5
    with pytest.raises(StoreError, match="ATALAIA_ES_REQUEST_SECONDS is 0"):
        request_seconds_of({"ATALAIA_ES_REQUEST_SECONDS": "0"})

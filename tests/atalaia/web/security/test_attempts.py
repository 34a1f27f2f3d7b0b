"""How long a client that guesses tokens waits, by the clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from atalaia.web.security.attempts import FREE, LONGEST, Attempts

CLIENT = "192.0.2.1"


class Hand:
    """A clock whose hand a test moves."""

    def __init__(self) -> None:
        self.now = datetime(2024, 1, 15, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Return what it shows."""
        return self.now

    def move(self, length: timedelta) -> None:
        """Move it on."""
        self.now += length


def guessed(attempts: Attempts, times: int) -> None:
    """Give so many wrong tokens in a row."""
    for _ in range(times):
        attempts.failed(CLIENT)


def test_each_wrong_token_doubles_the_wait_up_to_a_minute() -> None:
    """Four cost nothing; then 1, 2, 4, … seconds, and never more than a minute; another client does not wait."""
    attempts = Attempts(Hand())
    guessed(attempts, FREE - 1)
    waits = []
    for _ in range(9):
        waits.append(attempts.wait(CLIENT).total_seconds())
        guessed(attempts, 1)
    assert waits == [0, 1, 2, 4, 8, 16, 32, 60, 60]
    assert attempts.wait("192.0.2.2") == timedelta(0)


def test_waiting_passes_and_a_right_token_ends_it() -> None:
    """Half a second of a second is left; none once the right token came."""
    hand = Hand()
    attempts = Attempts(hand)
    guessed(attempts, FREE)
    hand.move(timedelta(seconds=0.5))
    assert attempts.wait(CLIENT) == timedelta(seconds=0.5)
    attempts.succeeded(CLIENT)
    assert attempts.wait(CLIENT) == timedelta(0)


def test_a_quarter_of_an_hour_later_counting_begins_anew() -> None:
    """Whoever guessed wrong long ago may be wrong as often as anybody; a moment sooner it is the longest wait."""
    for minutes, wait in ((15, timedelta(0)), (14, LONGEST)):
        hand = Hand()
        attempts = Attempts(hand)
        guessed(attempts, 2 * FREE + 2)
        hand.move(timedelta(minutes=minutes))
        guessed(attempts, 1)
        assert attempts.wait(CLIENT) == wait

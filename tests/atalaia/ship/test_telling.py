"""What a shipper says: once when it begins to wait, once a minute, once when it is over; counts when they are due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from atalaia.ship.following import Loss
from atalaia.ship.tally import Tally, Waiting
from atalaia.ship.telling import Telling


class Said:
    """A shipper's counts, a clock to turn, and what was said."""

    def __init__(self, every: float | None = None) -> None:
        self.now = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)
        self.tally = Tally()
        self.lines: list[str] = []
        self.telling = Telling(self.tally, "http://box:80", self.lines.append, every, lambda: self.now)

    def wait(self, reason: str, attempts: int = 1, remedy: str = "") -> None:
        """Have the receiver fail, since the first time it did."""
        before = self.tally.waiting
        self.tally.waiting = Waiting(self.now if before is None else before.since, attempts, reason, remedy)

    def after(self, seconds: float) -> list[str]:
        """Return what is said at a look so many seconds later."""
        self.now += timedelta(seconds=seconds)
        self.lines.clear()
        self.telling.tick(lambda: (3, 4_096))
        return list(self.lines)


def test_waiting_is_told_once_a_minute_with_its_beginning() -> None:
    """The first failure at once, then each minute since when and how often; then that it is over."""
    said = Said()
    assert said.after(1) == []
    said.wait("it said no", remedy="ask nicely")
    assert said.after(0) == [
        "waiting for http://box:80: it said no; ask nicely; reading stops until it takes lines again"
    ]
    assert said.after(59) == []
    said.wait("it said no", 7, "ask nicely")
    assert said.after(1) == [
        "still waiting for http://box:80 since 2026-03-14 09:26:54 UTC (1 min 0 s, 7 attempts): it said no; ask nicely"
    ]
    assert said.after(3_600) == [
        "still waiting for http://box:80 since 2026-03-14 09:26:54 UTC (1 h 1 min, 7 attempts): it said no; ask nicely"
    ]
    said.tally.waiting = None
    assert said.after(1) == ["delivering to http://box:80 again, after 1 h 1 min"]
    assert said.after(1_000) == []


def test_another_reason_is_told_sooner() -> None:
    """What changes is told after five seconds: reasons that alternate do not fill the log."""
    said = Said()
    said.wait("one")
    said.after(0)
    said.wait("another", 2)
    assert said.after(4) == []
    assert said.after(1) == ["still waiting for http://box:80 since 2026-03-14 09:26:53 UTC (5 s, 2 attempts): another"]


def test_counts_come_when_they_are_due() -> None:
    """Every ten seconds, with the rate since the last time, what is behind, and what is waited for."""
    said = Said(every=10)
    said.tally.lines = 5_000
    assert said.after(9) == []
    (counts,) = said.after(1)
    assert counts == (
        "5,000 lines delivered (500 a second), 0 dead-lettered, 0 batches sent again, 0 bytes lost; "
        "3 files, 4,096 bytes behind; delivering"
    )
    said.telling.lost([Loss("/logs/a", 12), Loss("/logs/b.gz", None)])
    said.wait("no")
    assert said.after(10)[-1] == (
        "5,000 lines delivered (0 a second), 0 dead-lettered, 0 batches sent again, 12 bytes lost; "
        "3 files, 4,096 bytes behind; "
        "waiting for http://box:80 since 2026-03-14 09:27:03 UTC (10 s, 1 attempt): no"
    )
    assert said.tally.lost_files == 2

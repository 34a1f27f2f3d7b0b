"""What an explanation counts, judges and compares with, worked out by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from fractions import Fraction
from math import comb

import pytest

from analyzers.analysis import State
from analyzers.explanation import ExplainRequest, Tally, explain
from analyzers.explanation.baseline import weeks_before
from analyzers.explanation.evidence import lift, score, stands_out
from analyzers.fields import RESPONSE_TIME
from analyzers.jobs.job import FAILED
from analyzers.store.document import Document, JsonValue
from analyzers.store.memory.store import MemoryStore
from analyzers.store.query import Equals, Range, Window
from analyzers.store.zones import load_zone
from logging_lib.errors import AtalaiaError
from tests.analyzers.events import at

START = at("2026-03-12T10:00:00Z")
HOUR = Window(START, START + timedelta(hours=1))
WEEK = timedelta(days=7)


def visits(
    route: str, good: int, bad: int, when: datetime = START, *, seconds: float = 0.1, weight: int = 1
) -> Iterator[Document]:
    """Yield requests of a page, a millisecond apart."""
    for number in range(good + bad):
        body: dict[str, JsonValue] = {
            "@timestamp": (when + timedelta(milliseconds=number)).isoformat(),
            "http": {"route": route, "response": {"status_code": 200 if number < good else 500}},
            "response_time": seconds,
        }
        if weight > 1:
            body |= {"sample_weight": weight, "_doc_count": weight}
        yield Document("logs-web.request-production", f"{route} {when} {number}", body)


@pytest.mark.parametrize(
    ("others", "limit", "state", "words"),
    [
        ((855, 45), Fraction(5, 100), State.MISSED, "missed all the same: 5.00 % failed requests (45 of 900)"),
        ((856, 44), Fraction(5, 100), State.MET, "it would have been met: 4.89 % failed requests (44 of 900)"),
    ],
)
def test_without_it(others: tuple[int, int], limit: Fraction, state: State, words: str) -> None:
    """Page A has 55 of 100 bad. Without it 45 of 900 are exactly 5 %, which is not below 5 %; 44 of 900 are."""
    store = MemoryStore([*visits("/a", 45, 55), *visits("/b", *others)])
    found = explain(store, ExplainRequest(HOUR, FAILED, limit=limit, weeks=0))
    (finding,) = found.findings
    assert finding.words == "endpoint /a"
    assert (finding.tally, finding.without, finding.state) == (Tally(100, 55), Tally(900, others[1]), state)
    assert any(words in line for line in found.sentences)
    assert finding.lift == Fraction(55, 55 + others[1]) / Fraction(1, 10)


@pytest.mark.parametrize(
    ("target", "strict", "bad", "state"),
    [
        (Fraction(95, 100), False, 5, State.MET),
        (Fraction(95, 100), False, 6, State.MISSED),
        (Fraction(99, 100), True, 0, State.MET),
        (Fraction(99, 100), True, 1, State.MISSED),
    ],
)
def test_targets_are_judged_exactly(target: Fraction, *, strict: bool, bad: int, state: State) -> None:
    """Of 100, 95 % may miss five; of under one per cent not even one is allowed, since 1 % is not under it."""
    request = ExplainRequest(HOUR, FAILED, target=target, strict=strict)
    assert request.judge(Tally(100, bad)) is state
    assert request.judge(Tally(0, 0)) is State.UNMEASURED


def test_nothing_promised_is_not_judged() -> None:
    """Without a target there is no state, and what is left is told all the same."""
    found = explain(MemoryStore([*visits("/a", 45, 55), *visits("/b", 900, 0)]), ExplainRequest(HOUR, FAILED, weeks=0))
    assert found.state is State.UNMEASURED
    assert "without endpoint /a: 0.00 % failed requests (0 of 900)" in found.sentences


def test_expected_is_its_own_rate_of_the_weeks_before() -> None:
    """/a failed 10 of 100 and 20 of 100 before: of 200 requests 30 are expected, and 120 are 90 more.

    The week without any event is missing, not a week of no errors.
    """
    store = MemoryStore(
        [
            *visits("/a", 80, 120),
            *visits("/b", 1000, 0),
            *visits("/a", 90, 10, START - WEEK),
            *visits("/b", 500, 0, START - WEEK),
            *visits("/a", 80, 20, START - 3 * WEEK),
        ]
    )
    found = explain(store, ExplainRequest(HOUR, FAILED, limit=Fraction(5, 100), weeks=3))
    (finding,) = found.findings
    assert (finding.before, finding.expected, finding.excess) == (Tally(200, 30), Fraction(30), Fraction(90))
    assert [week.missing for week in found.weeks] == [False, True, False]
    assert (
        "the same hours of 2 of the 3 weeks before looked at: 4.29 % (30 of 700); of 1 nothing is known"
        in found.sentences
    )


def test_a_page_that_always_fails_is_told_as_usual() -> None:
    """/a fails half of its requests every week: that spends the budget, and is nothing new."""
    before = [
        document
        for week in (1, 2, 3, 4)
        for document in (*visits("/a", 50, 50, START - week * WEEK), *visits("/b", 900, 2, START - week * WEEK))
    ]
    store = MemoryStore([*before, *visits("/a", 48, 52), *visits("/b", 900, 2)])
    found = explain(store, ExplainRequest(HOUR, FAILED, limit=Fraction(5, 100)))
    (finding,) = found.findings
    assert finding.usual
    assert any("much as usual (50 expected)" in line for line in found.sentences)


def test_what_got_worse_comes_before_what_is_always_bad() -> None:
    """/a fails as ever, /b fails for the first time, and less: /b is told first."""
    before = [
        document
        for week in (1, 2, 3, 4)
        for document in (*visits("/a", 50, 50, START - week * WEEK), *visits("/b", 100, 0, START - week * WEEK))
    ]
    now = [*visits("/a", 50, 50), *visits("/b", 60, 40), *visits("/c", 900, 3)]
    found = explain(MemoryStore([*before, *now]), ExplainRequest(HOUR, FAILED, limit=Fraction(5, 100)))
    assert found.findings[0].words == "endpoint /b"


def test_a_handful_is_not_explained() -> None:
    """Nine bad requests of one page: any nine have something in common."""
    found = explain(MemoryStore([*visits("/a", 0, 9), *visits("/b", 100, 0)]), ExplainRequest(HOUR, FAILED, weeks=0))
    assert (found.findings, found.silent) == ((), "failed requests: 9, too few to explain, which takes 10")
    assert len(found.examples) == 5


def test_sampled_events_are_as_much_evidence_as_was_kept() -> None:
    """Two kept requests of weight 50 are a hundred bad ones in the numbers, and two pieces of evidence."""
    kept = [*visits("/a", 0, 2, weight=50), *visits("/b", 8, 1, weight=50)]
    found = explain(MemoryStore(kept), ExplainRequest(HOUR, FAILED, weeks=0))
    assert (found.tally, found.findings) == (Tally(550, 150), ())


def test_the_filter_holds_in_the_weeks_before_too() -> None:
    """Only /b is asked about: /a's errors are in neither the window nor the weeks before."""
    store = MemoryStore(
        [
            *visits("/a", 0, 50),
            *visits("/b", 50, 50),
            *visits("/a", 0, 99, START - WEEK),
            *visits("/b", 99, 1, START - WEEK),
        ]
    )
    request = ExplainRequest(HOUR, FAILED, where=Equals("http.route", "/b"), weeks=1)
    found = explain(store, request)
    assert (found.tally, found.weeks[0].tally) == (Tally(100, 50), Tally(100, 1))


def test_the_slowest_are_the_examples() -> None:
    """Of forty slow requests the five slowest, the slowest first."""
    slow = [document for number in range(40) for document in visits(f"/{number % 2}", 1, 0, START, seconds=2 + number)]
    documents = [Document(each.stream, f"{number}", each.body) for number, each in enumerate(slow)]
    found = explain(MemoryStore(documents), ExplainRequest(HOUR, Range(RESPONSE_TIME, gte=2.0), weeks=0))
    assert [example.seconds for example in found.examples] == [41, 40, 39, 38, 37]


def test_slow_statements_are_told_against_the_weeks_before() -> None:
    """A SELECT of 2 s an hour takes 40 s now, a DELETE is new; the INSERT takes what it always took: not told."""

    def statements(kind: str, when: datetime, number: int, seconds: float) -> Iterator[Document]:
        for each in range(number):
            sql: dict[str, JsonValue] = {
                "operation": kind,
                "text": f"{kind} t",
                "endpoint": "/a",
                "duration": {"sec": seconds},
            }
            yield Document(
                "logs-sql.query-production", f"{kind} {when} {each}", {"@timestamp": when.isoformat(), "sql": sql}
            )

    before = START - WEEK
    store = MemoryStore(
        [
            *visits("/a", 0, 100, seconds=3),
            *visits("/a", 100, 0, before),
            *statements("SELECT", START, 20, 2.0),
            *statements("INSERT", START, 20, 1.0),
            *statements("DELETE", START, 3, 10.0),
            *statements("SELECT", before, 4, 0.5),
            *statements("INSERT", before, 20, 1.0),
        ]
    )
    request = ExplainRequest(HOUR, Range(RESPONSE_TIME, gte=2.0), target=Fraction(95, 100), weeks=1)
    found = explain(store, request)
    assert [(each.kind, each.count, each.seconds, each.usual, each.is_new) for each in found.statements] == [
        ("SELECT", 20, 40, 2, False),
        ("DELETE", 3, 30, None, True),
    ]
    assert "SELECT: 20 slow statements took 40.0 s, usually 2.00 s: SELECT t" in found.sentences


def test_the_weeks_before_keep_the_hours_of_the_clock() -> None:
    """Berlin's 9 to 10 is 8 to 9 UTC before 29 March 2026 and 7 to 8 from then on."""
    zone = load_zone("Europe/Berlin")
    window = Window(at("2026-04-08T09:00:00+02:00"), at("2026-04-08T10:00:00+02:00"))
    found = weeks_before(window, zone, 3)
    assert [(back, each and each.start.hour) for back, each in found] == [(1, 7), (2, 8), (3, 8)]
    assert all(each is not None and each.length == timedelta(hours=1) for _, each in found)


def test_an_hour_that_the_clock_skipped_is_missing() -> None:
    """On 29 March 2026 Berlin has no 2 to 3 in the morning: a week later there is nothing to compare that hour with."""
    zone = load_zone("Europe/Berlin")
    window = Window(at("2026-04-05T02:00:00+02:00"), at("2026-04-05T03:00:00+02:00"))
    assert weeks_before(window, zone, 2)[0] == (1, None)
    assert weeks_before(window, zone, 2)[1][1] is not None


def test_a_month_is_compared_with_time_that_does_not_overlap_it() -> None:
    """31 days take five weeks."""
    month = Window(at("2026-03-01T00:00:00Z"), at("2026-04-01T00:00:00Z"))
    (back, before), (twice, _) = weeks_before(month, load_zone("UTC"), 2)
    assert (back, twice) == (5, 10)
    assert before is not None
    assert before.end <= month.start


def test_the_test_is_the_binomial_tail() -> None:
    """A tenth of the traffic with 4 of 10 bad events: 1.28 %, by the sum of the terms; with 5: 0.16 %."""
    tail = {
        k: sum(comb(10, n) * Fraction(1, 10) ** n * Fraction(9, 10) ** (10 - n) for n in range(k, 11)) for k in (4, 5)
    }
    assert (round(float(tail[4]), 4), round(float(tail[5]), 4)) == (0.0128, 0.0016)
    everything = Tally(1000, 10)
    assert not stands_out(Tally(100, 4), everything, 1)
    assert stands_out(Tally(100, 5), everything, 1)
    assert stands_out(Tally(100, 5), everything, 6)
    assert not stands_out(Tally(100, 5), everything, 7)  # 7 times 0.16 % is above 1 %


def test_little_differences_are_not_worth_a_word() -> None:
    """However sure: 12 % of the bad events with 10 % of the traffic is a lift of 1.2."""
    assert lift(Tally(100_000, 12_000), Tally(1_000_000, 100_000)) == Fraction(6, 5)
    assert not stands_out(Tally(100_000, 12_000), Tally(1_000_000, 100_000), 1)


def test_less_traffic_scores_more() -> None:
    """The same bad events in fewer requests; more of them in as many; and what was as bad before scores nothing."""
    everything, never = Tally(1000, 100), Tally(0, 0)
    assert score(Tally(100, 80), everything, never, never) > score(Tally(200, 80), everything, never, never)
    assert score(Tally(100, 90), everything, never, never) > score(Tally(100, 80), everything, never, never)
    assert score(Tally(100, 80), everything, Tally(1000, 800), Tally(10_000, 1000)) < 0.1


def test_shares_are_shares() -> None:
    """A target of 95 instead of 95 %, and both a target and a limit, are mistakes."""
    with pytest.raises(AtalaiaError, match="not a share"):
        ExplainRequest(HOUR, FAILED, target=Fraction(95))
    with pytest.raises(AtalaiaError, match="both"):
        ExplainRequest(HOUR, FAILED, target=Fraction(1, 2), limit=Fraction(1, 2))

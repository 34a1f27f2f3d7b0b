"""Threshold rules: what they say of few and many events, of groups, and of nothing at all."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from analyzers.alerts.rules.threshold import MOST_SIGNALS, OTHERS
from analyzers.store.document import Document, JsonValue
from analyzers.store.memory.store import MemoryStore
from analyzers.thresholds import Severity
from tests.analyzers.alerts.rules.written import NOW, said, written
from tests.analyzers.events import request, requests

MINUTE = timedelta(minutes=1)
ERRORS = '[[rule]]\nname = "errors"\nkind = "threshold"\nmeasure = "error_rate"\n'
SEEN = f"{ERRORS}confidence = false\n"
BY_ROUTE = f'{ERRORS}by = ["endpoint"]\n'


def counted(measure: str, more: str) -> str:
    """Return a rule about requests."""
    return f'[[rule]]\nname = "n"\nkind = "threshold"\nmeasure = "{measure}"\nstream = "logs-web.request"\n{more}\n'


def message(line: Document, text: str) -> Document:
    """Return a message of the application at a request's instant."""
    body: dict[str, JsonValue] = {"@timestamp": line.body["@timestamp"], "message": text, "log": {"level": "INFO"}}
    return Document("logs-app.event-production", f"m-{line.id}", body)


def test_a_breach_says_what_how_much_and_how_sure(tmp_path: Path) -> None:
    """25 of 200 are 12.5 %, over 10 %, and with 95 % confidence at least 8.84 %, over half of that: critical.

    5 of 20 are 25 %, but maybe 10.4 %; 3 of 20 are 15 %, but maybe 4.22 %: over half of 5 %, not over half of 10 %.
    """
    store = MemoryStore(requests(NOW - MINUTE, 175, 25))
    [seen] = said(store, written(tmp_path, SEEN))
    assert seen.message == (
        "error rate critical: 12.50 % (25 of 200 requests), at or above the critical threshold of 10 %, "
        "in the 5 minutes to 2024-01-15 10:30:00 UTC"
    )
    assert (seen.value, seen.events, seen.limits) == (12.5, 200, {"warning": 5.0, "critical": 10.0})
    [sure] = said(store, written(tmp_path, ERRORS))
    assert sure.severity is Severity.CRITICAL
    assert sure.message == (
        "error rate critical: 12.50 % (25 of 200 requests), at or above the critical threshold of 10 % "
        "(at least 8.84 % with 95 % confidence), in the 5 minutes to 2024-01-15 10:30:00 UTC"
    )
    [few] = said(MemoryStore(requests(NOW - MINUTE, 15, 5)), written(tmp_path, ERRORS))
    assert few.severity is Severity.CRITICAL
    [fewer] = said(MemoryStore(requests(NOW - MINUTE, 17, 3)), written(tmp_path, ERRORS))
    assert fewer.message == (
        "error rate warning: 15.00 % (3 of 20 requests), at or above the warning threshold of 5 % "
        "(at least 4.22 % with 95 % confidence; critical needs 5 %: it may be chance), "
        "in the 5 minutes to 2024-01-15 10:30:00 UTC"
    )


def test_a_small_team_is_told_of_six_of_a_hundred(tmp_path: Path) -> None:
    """6 of 100 are over 5 %, and sure to be 2.64 %, over half of it: a warning, as the documented threshold says."""
    [signal] = said(MemoryStore(requests(NOW - MINUTE, 94, 6)), written(tmp_path, ERRORS))
    assert signal.severity is Severity.WARNING
    assert "6.00 % (6 of 100 requests), at or above the warning threshold of 5 % (at least 2.64 %" in signal.message


def test_a_share_that_chance_explains_is_no_alarm_and_does_not_end_one(tmp_path: Path) -> None:
    """5 of 100 are 5 %, but only sure to be 1.99 %: no new alarm. A standing one ends below 5 %, not before.

    Many requests do not help a share that is below its threshold: 49 of 1,000 are sure to be 3.8 %.
    """
    file = written(tmp_path, ERRORS)
    store = MemoryStore(requests(NOW - MINUTE, 95, 5))
    [fresh] = said(store, file)
    assert fresh.severity is Severity.OK
    assert fresh.message == (
        "error rate ok: 5.00 % (5 of 100 requests), at or above the warning threshold of 5 % "
        "(at least 1.99 % with 95 % confidence; warning needs 2.5 %: it may be chance), "
        "in the 5 minutes to 2024-01-15 10:30:00 UTC"
    )
    [standing] = said(store, file, {})
    assert standing.severity is Severity.WARNING
    [over] = said(MemoryStore(requests(NOW - MINUTE, 96, 4)), file, {})
    assert over.severity is Severity.OK
    [below] = said(MemoryStore(requests(NOW - MINUTE, 951, 49)), file)
    assert below.severity is Severity.OK


def test_too_few_events_are_unmeasured(tmp_path: Path) -> None:
    """19 failed requests are not judged; 20 are."""
    file = written(tmp_path, ERRORS)
    [few] = said(MemoryStore(requests(NOW - MINUTE, 0, 19)), file)
    assert (few.severity, few.value) == (Severity.UNMEASURED, None)
    assert few.message == ("error rate unmeasured: 19 requests, 20 needed, in the 5 minutes to 2024-01-15 10:30:00 UTC")
    [enough] = said(MemoryStore(requests(NOW - MINUTE, 0, 20)), file)
    assert enough.severity is Severity.CRITICAL


def test_only_events_before_the_instant_count(tmp_path: Path) -> None:
    """A request at the instant itself does not count; one a millisecond earlier does, and the window's start."""
    file = written(tmp_path, counted("count", "above = { warning = 1 }"))
    times = (NOW, NOW - timedelta(milliseconds=1), NOW - 5 * MINUTE, NOW - 5 * MINUTE - timedelta(milliseconds=1))
    [signal] = said(MemoryStore([request(when) for when in times]), file)
    assert signal.value == 2


def test_each_group_is_judged_and_a_gone_one_is_unmeasured(tmp_path: Path) -> None:
    """Of three routes one is bad, one fine, one has too few requests; one that an alert stands about has none."""
    bad, fine = "/api/chamados", "/login"
    events = requests(NOW - MINUTE, 0, 40)
    events += [request(NOW - MINUTE, route=fine) for _ in range(30)]
    events += [request(NOW - MINUTE, 500, route=None)]
    found = said(MemoryStore(events), written(tmp_path, BY_ROUTE), {"http.route": "/gone"}, {"http.route": bad})
    assert [(each.labels["http.route"], each.severity.value) for each in found] == [
        (bad, "critical"),
        ("(none)", "unmeasured"),
        ("/gone", "unmeasured"),
        (fine, "ok"),
    ]
    assert found[0].message.startswith("error rate for http.route /api/chamados critical: 100.00 % (40 of 40 requests)")


def test_zero_is_measured_only_where_something_else_was(tmp_path: Path) -> None:
    """No failed login among other requests is fine; no request at all is not known. A floor is broken by silence."""
    where = "where = 'endpoint = \"/login\"'\n"
    ceiling = written(tmp_path, counted("count", f"{where}above = {{ critical = 3 }}"))
    floor = written(tmp_path, counted("rate", f"{where}below = {{ critical = 1 }}"))
    others = MemoryStore(requests(NOW - MINUTE, 5))
    [none_of_them] = said(others, ceiling)
    assert none_of_them.message == (
        "count ok: 0 requests, below the critical threshold of 3, in the 5 minutes to 2024-01-15 10:30:00 UTC"
    )
    [nothing] = said(MemoryStore(), ceiling)
    assert nothing.severity is Severity.UNMEASURED
    assert "no request in logs-web.request-*" in nothing.message
    assert [each.severity for store in (others, MemoryStore()) for each in said(store, floor)] == ["critical"] * 2


def test_a_group_that_went_quiet_ends_its_alert_about_a_count(tmp_path: Path) -> None:
    """A client with 30 requests is told; without any, among those of others, its alert is over."""
    file = written(tmp_path, counted("count", 'by = ["endpoint"]\nabove = { warning = 30 }'))
    loud = [request(NOW - MINUTE, route="/loud") for _ in range(30)]
    assert said(MemoryStore(loud), file)[0].severity is Severity.WARNING
    quiet = said(MemoryStore(requests(NOW - MINUTE, 1)), file, {"http.route": "/loud"})
    assert {each.labels["http.route"]: each.severity for each in quiet}["/loud"] is Severity.OK
    silent = said(MemoryStore(), file, {"http.route": "/loud"})
    assert [each.severity for each in silent] == ["unmeasured"]


@pytest.mark.parametrize(
    ("measure", "more", "value", "words"),
    [
        ("avg", 'field = "response_time"\nminimum_events = 1', 2.5, "2.50 s (over 4 requests)"),
        ("min", 'field = "response_time"', 1.0, "1.00 s (over 4 requests)"),
        ("max", 'field = "response_time"', 4.0, "4.00 s (over 4 requests)"),
        ("sum", 'field = "response_time"', 10.0, "10.00 s (over 4 requests)"),
        ("last", 'field = "response_time"', 3.0, "3.00 s (over 4 requests)"),
        ("p50", 'field = "response_time"\nminimum_events = 1', 2.0, "2.00 s (over 4 requests)"),
        ("distinct", 'field = "endpoint"', 2.0, "2 (over 5 requests)"),
        ("count", "", 6.0, "6 requests"),
        ("rate", "", 1.2, "1.20 requests a minute (6 requests)"),
        ("share", "of = 'status_code >= 500'\nminimum_events = 6", 50.0, "50.00 % (3 of 6 requests)"),
    ],
)
def test_every_measure(measure: str, more: str, value: float, words: str, tmp_path: Path) -> None:
    """Times of 1, 4, 2 and 3 s in this order, two routes, three errors of six requests in five minutes."""
    lines = (
        (1.0, 200, "/a"),
        (4.0, 500, "/b"),
        (2.0, 200, "/a"),
        (3.0, 500, "/a"),
        (None, 500, "/b"),
        (None, 200, None),
    )
    events = [
        request(NOW - MINUTE + timedelta(seconds=place), status, seconds, route)
        for place, (seconds, status, route) in enumerate(lines)
    ]
    [signal] = said(MemoryStore(events), written(tmp_path, counted(measure, f"{more}\nabove = {{ warning = 99 }}")))
    assert signal.value == value
    assert f"ok: {words}, below the warning threshold of 99" in signal.message


def test_a_floor_is_reached_from_above(tmp_path: Path) -> None:
    """Below 2 a minute is a warning, at 1 it is critical, 3 is fine."""
    file = written(tmp_path, counted("rate", "below = { warning = 2, critical = 1 }"))
    severities = [said(MemoryStore(requests(NOW - MINUTE, number)), file)[0].severity for number in (15, 10, 6, 5, 0)]
    assert severities == ["ok", "warning", "warning", "critical", "critical"]


def test_many_groups_have_one_signal_for_those_beyond(tmp_path: Path) -> None:
    """Of 130 routes that are all too busy, 100 and the one with a standing alert are named, and 29 counted."""
    file = written(tmp_path, counted("count", 'by = ["endpoint"]\nabove = { warning = 1, critical = 2 }'))
    events = [request(NOW - MINUTE, route=f"/{number:03}") for number in range(130)]
    found = said(MemoryStore([*events, request(NOW - MINUTE, route="/129")]), file, {"http.route": "/128"})
    assert len(found) == MOST_SIGNALS + 2
    assert found[0].labels == {"http.route": "/129"}
    assert found[-1].labels == {"http.route": OTHERS}
    assert "29 further groups beyond a threshold" in found[-1].message
    [over] = [
        each for each in said(MemoryStore(events[:1]), file, found[-1].labels) if each.labels != {"http.route": "/000"}
    ]
    assert (over.labels, over.severity) == ({"http.route": OTHERS}, Severity.OK)


def test_a_sample_says_so_and_is_worth_what_was_kept(tmp_path: Path) -> None:
    """Of 200 requests 20 fine ones of weight 9 and 20 failed ones were kept: 10 %, as sure as 20 of 200 (6.73 %).

    Had the two failed ones of weight 10 been kept, they would be as sure as 2 of 20 (1.81 %): no alarm.
    """
    fine = [sampled(request(NOW - MINUTE), 9) for _ in range(20)]
    [kept] = said(MemoryStore(fine + requests(NOW - MINUTE, 0, 20)), written(tmp_path, ERRORS))
    assert kept.severity is Severity.CRITICAL
    assert "10.00 % (20 of 200 requests)" in kept.message
    assert "at least 6.73 %" in kept.message
    assert kept.message.endswith("; rests on a sample: 40 of 200 requests kept")
    few = [sampled(request(NOW - MINUTE, 500), 10) for _ in range(2)]
    [guess] = said(MemoryStore(fine + few), written(tmp_path, ERRORS))
    assert "10.00 % (20 of 200 requests)" in guess.message
    assert (guess.severity, "at least 1.81 %" in guess.message) == (Severity.OK, True)


def sampled(line: Document, weight: int) -> Document:
    """Return a request that stands for several."""
    return Document(line.stream, line.id, {**line.body, "sample_weight": weight, "_doc_count": weight})


def test_the_service_of_the_file_is_the_only_one_judged(tmp_path: Path) -> None:
    """Requests of another service do not count; messages of streams without one neither."""
    file = written(tmp_path, 'service = "other"\n' + counted("count", "above = { warning = 1 }"))
    store = MemoryStore([*requests(NOW - MINUTE, 3), message(request(NOW - MINUTE), "hello")])
    [signal] = said(store, file)
    assert signal.value == 0

"""Reports whose requests and samples expired at different times: each value is told by the events that it rests on."""

from __future__ import annotations

import copy
import json
from collections.abc import Sequence
from datetime import timedelta
from functools import cache

import pytest

from analyzers.question import question_hash
from analyzers.reports.json import QUESTION
from analyzers.store.document import Document, JsonValue
from analyzers.store.memory.store import MemoryStore
from analyzers.verification import Outcome, Sources, Verification, read_report, verify
from analyzers.verification.leaves import tokens
from tests.analyzers.verification.made_reports import MADE, REPORTS, START, event, events

LATER = MADE + timedelta(days=400)
DAYS = 14
HOST, POSTGRESQL, STATEMENTS = "metrics-host.system", "metrics-postgresql.server", "logs-sql.query"


def daily(dataset: str, day: int, **fields: JsonValue) -> Document:
    """Return an event of a day at noon."""
    instant = (START + timedelta(days=day, hours=12)).isoformat()
    body: dict[str, JsonValue] = {
        "@timestamp": instant,
        "event": {"ingested": instant},
        "service": {"name": "ti-osn"},
        "host": {"name": "web1"},
        **fields,
    }
    return Document(f"{dataset}-production", f"{dataset}-{day}", body)


def samples() -> list[Document]:
    """Return for each day a sample of processors and of connections, and a slow statement: more on each day."""
    found = []
    for day in range(DAYS):
        used: JsonValue = {"total": {"norm": {"pct": (10 + day) / 100}}}
        found.append(daily(HOST, day, system={"cpu": used}))
        connections: JsonValue = {"used": {"count": 10 + day}, "limit": 97}
        found.append(daily(POSTGRESQL, day, postgresql={"address": "db:5432", "server": {"connections": connections}}))
        sql: JsonValue = {
            "system": "postgresql",
            "text": f"SELECT {day}",
            "operation": "SELECT",
            "duration": {"sec": 1.0},
        }
        found.append(daily(STATEMENTS, day, sql=sql))
    return found


@cache
def report(name: str) -> str:
    """Return a report on the requests and the samples."""
    return REPORTS[name](MemoryStore([*events(), *samples()]))


def verified(text: str, kept: Sequence[Document]) -> Verification:
    """Verify a report by what is left, more than a year later."""
    return verify(read_report(text, "it"), Sources(MemoryStore(kept), None, None, LATER))


def without(dataset: str, since: int = DAYS) -> list[Document]:
    """Return all events but those of a data set before a day."""
    first = (START + timedelta(days=since)).isoformat()
    return [
        each
        for each in [*events(), *samples()]
        if not each.stream.startswith(dataset) or str(each.body["@timestamp"]) >= first
    ]


@pytest.mark.parametrize("name", ["daily", "weekly", "monthly"])
@pytest.mark.parametrize(
    ("dataset", "places"),
    [
        (HOST, {"cpu_peak", "unmeasured", "capacity", "recommendations", "not_judged"}),
        (POSTGRESQL, {"db_connections_peak", "unmeasured", "capacity", "recommendations", "not_judged"}),
        (STATEMENTS, {"statements", "recommendations", "not_judged"}),
    ],
)
def test_only_what_rests_on_expired_events_is_unverifiable(name: str, dataset: str, places: set[str]) -> None:
    """All requests are there, events of one kind are gone: its figures cannot be told, and all else is equal."""
    found = verified(report(name), without(dataset))
    assert (found.outcome, found.differences) == (Outcome.UNVERIFIABLE, ())
    assert all(places.intersection(tokens(each.path)) for each in found.unverifiable)
    assert {each.why for each in found.unverifiable} == {
        f"events of {dataset} of 2024-03-11T12:00:00Z to {end(name)} have expired"
    }


def end(name: str) -> str:
    """Return the end of the time that a report is about: in Berlin, which has summer time from 31 March on."""
    return {"daily": "2024-03-21T23:00:00Z", "weekly": "2024-03-24T23:00:00Z", "monthly": "2024-03-31T22:00:00Z"}[name]


def test_the_first_days_of_samples_have_expired() -> None:
    """The peak of the week is there still, that of the week before is not: only the comparison cannot be told."""
    found = verified(report("weekly"), without(HOST, since=7))
    assert found.outcome is Outcome.UNVERIFIABLE
    figures = [each.path for each in found.unverifiable if "cpu_peak" in tokens(each.path)]
    assert figures
    assert all("/cpu_peak/change/" in each or each.endswith("/cpu_peak/change") for each in figures)


def test_an_edited_sample_is_told_where_only_requests_have_expired() -> None:
    """Samples are kept for longer: what rests on them is still compared."""
    path = ["sections", "summary", "figures", "cpu_peak", "value"]
    document = json.loads(report("weekly"))
    inner = document
    for step in path[:-1]:
        inner = inner[step]
    inner["value"] = 0.05
    found = verified(json.dumps(document), samples())
    assert [tokens(each.path) for each in found.differences] == [tuple(path)]
    assert found.outcome is Outcome.DIFFERS
    assert found.unverifiable


def test_a_late_sample_is_told() -> None:
    """One that came after the report, on its last day: it is counted among samples, not among requests."""
    late = daily(HOST, 20, system={"cpu": {"total": {"norm": {"pct": 0.9}}}})
    body = {**late.body, "@timestamp": (START + timedelta(days=13, hours=13)).isoformat()}
    found = verified(report("weekly"), [*events(), *samples(), Document(late.stream, late.id, body)])
    [value] = [each for each in found.differences if each.path.endswith("/cpu_peak/value")]
    assert value.why == "1 event of this time was ingested since 2024-03-26T12:00:30Z"


def test_a_report_that_does_not_say_since_when_samples_were_held_is_read() -> None:
    """As reports were made before: of samples nothing is known then, of requests all as ever."""
    document = copy.deepcopy(json.loads(report("weekly")))
    del document["held_since_of"]
    document["question_hash"] = question_hash({key: document[key] for key in QUESTION if key in document})
    kept = [*events(), *samples(), event(9999, START + timedelta(days=40))]
    assert verified(json.dumps(document), kept).outcome is Outcome.EQUAL

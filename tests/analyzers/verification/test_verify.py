"""Reports derived again: untouched ones are equal, an edited one is caught at the very value that was edited."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from datetime import timedelta
from functools import cache

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from analyzers.store.document import JsonValue
from analyzers.store.memory.store import MemoryStore
from analyzers.verification import Outcome, ReportError, Sources, Verification, read_report, verify
from analyzers.verification.leaves import leaves, tokens
from analyzers.verification.report_estimates import near_values
from tests.analyzers.verification.made_reports import CONTRACT, MADE, REPORTS, START, event, events

LATER = MADE + timedelta(days=400)
QUESTIONS = frozenset(
    {
        "question_hash",
        "report",
        "form",
        "period",
        "zone",
        "where",
        "metrics",
        "store",
        "made",
        "held_since",
        "held_since_of",
    }
    | {"contract_hash", "as_of", "known", "asked", "query"}
)
"""The keys at the top of a report below which the question stands."""


@cache
def full() -> MemoryStore:
    """Return a store of the two weeks."""
    return MemoryStore(events())


@cache
def report(name: str) -> str:
    """Return a report on them."""
    return REPORTS[name](full())


def verified(text: str, store: MemoryStore | None = None) -> Verification:
    """Verify a report more than a year later."""
    return verify(read_report(text, "it"), Sources(store or full(), None, None, LATER))


def changed(text: str, path: str, value: JsonValue) -> str:
    """Return a report with another value at a place."""
    document: JsonValue = copy.deepcopy(json.loads(text))
    inner = document
    *steps, last = tokens(path)
    for step in steps:
        inner = inner[int(step)] if isinstance(inner, list) else inner[step]  # type: ignore[index]
    inner[int(last) if isinstance(inner, list) else last] = value  # type: ignore[index]
    return json.dumps(document)


@pytest.mark.parametrize("name", REPORTS)
def test_an_untouched_report_is_equal(name: str) -> None:
    """Every value of every kind is derived again, long after."""
    found = verified(report(name))
    assert (found.outcome, found.differences, found.unverifiable) == (Outcome.EQUAL, (), ())
    assert found.values == len(list(leaves(json.loads(report(name)))))


@pytest.mark.parametrize("name", REPORTS)
@settings(max_examples=12, deadline=None)
@given(data=st.data())
def test_one_edited_value_is_named(name: str, data: st.DataObject) -> None:
    """Another number, text, truth value or null in one place: that place is named, and no other.

    A part of the question is told by the question's hash, a part of the contract by the contract's.
    """
    document = json.loads(report(name))
    top = data.draw(st.sampled_from(list(document)))
    path, value = data.draw(st.sampled_from(list(leaves(document[top], f"/{top}"))))
    other = data.draw(_other(value))
    assume(not near_values(0)(path, other, value))  # a sum of doubles may differ in its last digit
    try:
        found = verified(changed(report(name), path, other))
    except ReportError:  # it is no longer of a kind and a form that is known
        assert tokens(path)[-1] in {"report", "form"}
        return
    assert found.outcome is Outcome.DIFFERS
    [difference] = found.differences
    assert found.unverifiable == ()
    if top in QUESTIONS:
        assert difference.path in {"/question_hash", "/query/hash"}
    elif top == "contract":
        assert difference.path in {path, "/contract_hash"}
    else:
        assert (difference.path, difference.reported) == (path, other)
        assert (difference.derived, type(difference.derived)) == (value, type(value))


def _other(value: JsonValue) -> st.SearchStrategy[JsonValue]:
    """Return other values: near ones too, of the same kind and of others."""
    near: list[JsonValue] = [None, True, False, 0, 1, "", "x"]
    if isinstance(value, str):
        near += [f"{value} ", value[1:], value.upper()]
    elif isinstance(value, float):
        near += [value * (1 + 2**-50), -value, value + 1]
    elif isinstance(value, int) and not isinstance(value, bool):
        near += [value + 1, value - 1, -value]
    return st.sampled_from([each for each in near if not _same(each, value)])


def _same(one: JsonValue, other: JsonValue) -> bool:
    return one == other and isinstance(one, bool) is isinstance(other, bool)


@pytest.mark.parametrize("name", REPORTS)
def test_a_value_taken_away_or_added_is_named(name: str) -> None:
    """A report cannot be made to say less, or more."""
    document = json.loads(report(name))
    path = (
        "/judgements/0"
        if name == "sla"
        else "/rows/0"
        if "rows" in document
        else "/sections/agreement/objectives/rows/0"
    )
    inner = document
    for step in tokens(path):
        inner = inner[int(step)] if isinstance(inner, list) else inner[step]
    column, taken = inner.popitem()
    document["extra"] = 1
    found = verified(json.dumps(document))
    assert found.differences
    assert all(each.path == "/extra" or each.path.startswith(f"{path}/{column}") for each in found.differences), taken
    assert len(found.differences) > 1


@pytest.mark.parametrize("name", REPORTS)
def test_a_late_event_is_told(name: str) -> None:
    """One more request, ingested after the report: what it changes differs, and why is said."""
    late = event(1000, START + timedelta(days=8, hours=5), 500, ingested=MADE + timedelta(hours=3))
    found = verified(report(name), MemoryStore([*events(), late]))
    assert found.outcome is Outcome.DIFFERS
    assert any("1 event of this time was ingested since 2024-03-26T12:00:30Z" in each.why for each in found.differences)


@pytest.mark.parametrize("name", REPORTS)
def test_expired_events_make_a_report_unverifiable(name: str) -> None:
    """When every raw event is gone, nothing is said against the report, and nothing for it."""
    found = verified(report(name), MemoryStore())
    assert found.outcome is Outcome.UNVERIFIABLE
    assert all("have expired" in each.why for each in found.unverifiable)


@pytest.mark.parametrize("name", ["daily", "weekly", "monthly"])
def test_a_report_whose_first_days_have_expired_is_no_edited_one(name: str) -> None:
    """Ranks, totals and changes that rest on them cannot be derived again; nothing is said against any."""
    left = MemoryStore([each for each in events() if each.body["@timestamp"] >= "2024-03-20T05"])  # type: ignore[operator]
    found = verified(report(name), left)
    assert (found.outcome, found.differences) == (Outcome.UNVERIFIABLE, ())


def test_what_has_not_expired_is_still_compared() -> None:
    """With the first days gone, an edit of a later day is a difference; the earlier days cannot be told."""
    left = MemoryStore([each for each in events() if each.body["@timestamp"] >= "2024-03-18"])  # type: ignore[operator]
    text = report("latency by day")
    assert verified(text, left).outcome is Outcome.UNVERIFIABLE
    rows = json.loads(text)["rows"]
    path = f"/rows/{len(rows) - 1}/requests"
    found = verified(changed(text, path, 5), left)
    assert ([each.path for each in found.differences], found.outcome) == ([path], Outcome.DIFFERS)
    assert {int(tokens(each.path)[1]) for each in found.unverifiable} == set(range(8))


def test_an_agreement_is_unverifiable_where_only_the_time_before_has_expired() -> None:
    """The period is all there; its budget is sized by the one before, and its first outage began there."""
    left = MemoryStore([each for each in events() if each.body["@timestamp"] >= "2024-03-16"])  # type: ignore[operator]
    found = verified(report("sla"), left)
    assert (found.outcome, found.differences) == (Outcome.UNVERIFIABLE, ())
    assert {tokens(each.path)[2] for each in found.unverifiable} <= {"budget", "provenance_before"}
    edited = verified(changed(report("sla"), "/judgements/0/measured/bad", 0), left)
    assert [each.path for each in edited.differences] == ["/judgements/0/measured/bad"]


def test_events_that_never_were_are_not_called_expired() -> None:
    """A store that began in the middle of the time asked about: an edit is a difference."""
    store = MemoryStore([each for each in events() if each.body["@timestamp"] >= "2024-03-20"])  # type: ignore[operator]
    text = REPORTS["weekly"](store)
    assert verified(text, store).outcome is Outcome.EQUAL
    assert verified(changed(text, "/sections/trends/days/rows/6/requests", 5), store).outcome is Outcome.DIFFERS


def test_another_contract_than_the_named_one_is_told() -> None:
    """The report is right by its own contract, and that is not the one that was agreed on: where is said."""
    other = replace(CONTRACT, coverage=CONTRACT.coverage + 1)
    document = read_report(report("sla"), "it")
    found = verify(document, Sources(full(), None, other, LATER))
    assert [(each.path, each.reported, each.derived) for each in found.differences] == [
        ("/contract/coverage", "0", "100")
    ]
    assert verify(document, Sources(full(), None, CONTRACT, LATER)).outcome is Outcome.EQUAL


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "it is no JSON"),
        ("[]", "no JSON object"),
        ('{"report": "yearly"}', "no report of the kind 'yearly'"),
        ('{"rows": []}', "no report that we write"),
        ('{"report": "weekly", "form": 7}', "form 7, newer than 2"),
        ('{"report": "weekly"}', "says no form"),
        ('{"query": {"form": 2}, "rows": []}', "form 2, newer than 1"),
        ('{"report": "weekly", "report": "sla"}', "'report' comes twice"),
        ('{"report": "weekly", "form": NaN}', "NaN is no JSON number"),
    ],
)
def test_what_is_no_report_is_refused(text: str, message: str) -> None:
    """A broken text, an unknown kind, a newer form, a key that two readers would read differently."""
    with pytest.raises(ReportError, match=message):
        verified(text)

"""Causes planted in generated histories are found by their names; where there is none, none is named."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest

from analyzers.analysis import State
from analyzers.explanation import ExplainRequest, Explanation, explain
from analyzers.explanation.baseline import weeks_before
from analyzers.fields import RESPONSE_TIME
from analyzers.jobs.job import FAILED
from analyzers.store.document import Document
from analyzers.store.memory.store import MemoryStore
from analyzers.store.query import Exists, Query, Range, Window
from analyzers.store.result import Result
from analyzers.store.zones import load_zone
from tests.analyzers.events import at
from tests.analyzers.explanation.traffic import Plant, Visit, failing, history, nothing
from tests.store_conformance.backends import BackendTest, new_stream

START = at("2026-03-12T10:00:00Z")
HOUR = Window(START, START + timedelta(hours=1))
BEFORE = tuple(window for _, window in weeks_before(HOUR, load_zone("UTC"), 4) if window is not None)
ERRORS = ExplainRequest(HOUR, FAILED, limit=Fraction(5, 100))
SLOW = ExplainRequest(
    HOUR, Range(RESPONSE_TIME, gte=2.0), Exists(RESPONSE_TIME), target=Fraction(95, 100), noun="slow requests"
)


def endpoint(visit: Visit, dice: random.Random) -> Visit:
    """Two of five requests of a page fail."""
    return failing(visit) if visit.route == "/relatorios" and dice.random() < 0.4 else visit


def user(visit: Visit, dice: random.Random) -> Visit:
    """One user's script sends what fails: a twentieth of all requests."""
    return replace(failing(visit), user="bot") if dice.random() < 0.06 else visit


def network(visit: Visit, dice: random.Random) -> Visit:
    """Clients of one network fail, each of them once or twice."""
    return replace(failing(visit), address=f"203.0.113.{dice.randrange(1, 255)}") if dice.random() < 0.06 else visit


def network_of_ipv6(visit: Visit, dice: random.Random) -> Visit:
    """The same in an IPv6 network of a site."""
    address = f"2001:db8:7:{dice.randrange(1, 9999):x}::{dice.randrange(1, 9999):x}"
    return replace(failing(visit), address=address) if dice.random() < 0.06 else visit


def browser(visit: Visit, dice: random.Random) -> Visit:
    """A third of what one browser asks for fails."""
    return failing(visit) if visit.browser == "Safari" and dice.random() < 0.33 else visit


def release(visit: Visit, dice: random.Random) -> Visit:
    """From 10:35 on a new version answers, and one of its pages fails."""
    if visit.at < START + timedelta(minutes=35):
        return visit
    new = replace(visit, version="2.4.0")
    return failing(new) if visit.route == "/busca" and dice.random() < 0.7 else new


def two(visit: Visit, dice: random.Random) -> Visit:
    """A user fails with 503, and a page with 502."""
    by_user = user(visit, dice)
    return failing(by_user, 502) if visit.route == "/login" and dice.random() < 0.2 else by_user


def slow(visit: Visit, dice: random.Random) -> Visit:
    """Writing one page is slow."""
    if visit.route == "/api/chamados" and visit.method == "POST" and dice.random() < 0.9:
        return replace(visit, seconds=2.0 + visit.number % 7)
    return visit


def spread(visit: Visit, dice: random.Random) -> Visit:
    """Eight of a hundred fail, whoever asks for whatever."""
    return failing(visit) if dice.random() < 0.08 else visit


def names(explanation: Explanation) -> list[set[tuple[str, object]]]:
    """Return the conditions of each finding."""
    return [{(each.aspect.name, each.value) for each in finding.conditions} for finding in explanation.findings]


_CAUSES: dict[str, tuple[Plant, ExplainRequest, list[set[tuple[str, object]]]]] = {
    "endpoint": (endpoint, ERRORS, [{("endpoint", "/relatorios")}]),
    "user": (user, ERRORS, [{("user", "bot")}]),
    "network": (network, ERRORS, [{("network", "203.0.113.0/24")}]),
    "IPv6 network": (network_of_ipv6, ERRORS, [{("network", "2001:db8:7::/48")}]),
    "browser": (browser, ERRORS, [{("browser", "Safari")}]),
    "release": (release, ERRORS, [{("version", "2.4.0"), ("endpoint", "/busca")}]),
    "slow": (slow, SLOW, [{("endpoint", "/api/chamados"), ("method", "POST")}]),
    "nobody": (spread, ERRORS, []),
    "nothing": (nothing, ERRORS, []),
}


@pytest.mark.parametrize("cause", _CAUSES)
def test_a_planted_cause_is_found_and_no_other(cause: str) -> None:
    """Each by its name; a new release with the page that fails; nobody, where all fail alike."""
    plant, request, wanted = _CAUSES[cause]
    found = explain(MemoryStore(history(HOUR, plant, before=BEFORE)), request)
    assert names(found) == wanted
    for finding in found.findings:
        assert finding.state is State.MET
        assert finding.excess > Fraction(8, 10) * found.tally.bad
    if not wanted:
        assert "spread evenly: no endpoint, version, user, network, client, browser, method or host stands out" in (
            found.sentences
        )


def test_two_causes_are_both_found() -> None:
    """A user and a page; without either it would have been missed all the same, without both it would not."""
    found = explain(MemoryStore(history(HOUR, two, before=BEFORE)), ERRORS)
    assert sorted(map(sorted, names(found))) == [[("endpoint", "/login")], [("user", "bot")]]
    assert [finding.state for finding in found.findings] == [State.MISSED, State.MISSED]
    assert found.remaining[1] is State.MET
    assert any(line.startswith("without both it would have been met") for line in found.sentences)


def test_what_says_the_same_is_said_once() -> None:
    """One user with one address: one finding, which names both."""
    only = explain(MemoryStore(history(HOUR, _one_client, before=BEFORE)), ERRORS)
    assert names(only) == [{("user", "bot")}]
    assert {each.words for each in only.findings[0].same} == {"network 203.0.113.0/24", "client 203.0.113.9"}


def _one_client(visit: Visit, dice: random.Random) -> Visit:
    return replace(failing(visit), user="bot", address="203.0.113.9") if dice.random() < 0.06 else visit


def test_a_new_release_is_dated() -> None:
    """2.4.0 came with the first request from 10:35 on, and fails within the minute."""
    documents = history(HOUR, release, before=BEFORE)
    (finding,) = explain(MemoryStore(documents), ERRORS).findings
    came = [document for document in documents if document.body["service"] == {"name": "ti-osn", "version": "2.4.0"}]
    assert finding.first == at(str(came[0].body["@timestamp"]))
    assert finding.first_bad is not None
    assert finding.first <= finding.first_bad < finding.first + timedelta(minutes=1)


def test_an_old_release_is_not_new() -> None:
    """What ran the day before has not appeared in the window, however much it fails."""
    documents = history(HOUR, release, before=BEFORE)
    day = timedelta(days=1)
    old = history(Window(START - day, HOUR.end - day), lambda visit, _: replace(visit, version="2.4.0"), each=50)
    renamed = [Document(document.stream, f"old {document.id}", document.body) for document in old]
    (finding,) = explain(MemoryStore([*documents, *renamed]), ERRORS).findings
    assert (finding.first, finding.first_bad) == (None, None)


@pytest.mark.parametrize("plant", [two, network, release], ids=["two", "network", "release"])
def test_every_store_explains_alike(backend: BackendTest, plant: Plant) -> None:
    """Every number, sentence and example is that of the plain store."""
    stream = new_stream()
    documents = history(HOUR, plant, before=BEFORE, stream=stream, each=700)
    request = replace(ERRORS, stream=stream)
    with backend.fresh() as store:
        assert store.append(documents).stored == len(documents)
        assert explain(store, request) == explain(MemoryStore(documents), request)


class Counting(MemoryStore):
    """A store that counts what it is asked."""

    asked = 0

    def query(self, query: Query) -> Result:
        """Count, and answer."""
        self.asked += 1
        return super().query(query)


def test_it_asks_a_handful_of_questions() -> None:
    """However many values there are: at most thirty, and about as many as it says it will."""
    store = Counting(history(HOUR, two, before=BEFORE))
    told: list[tuple[float, float]] = []
    explain(store, ERRORS, advance=lambda done, of: told.append((done, of)))
    assert store.asked <= 30
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[-1][0] <= told[-1][1]


def test_nothing_stored_is_unmeasured(backend: BackendTest) -> None:
    """An empty stream is unmeasured, and nothing is made up."""
    with backend.fresh() as store:
        found = explain(store, replace(ERRORS, stream=new_stream()))
    assert (found.state, found.findings, found.examples) == (State.UNMEASURED, (), ())
    assert found.sentences[0] == "unmeasured: nothing was counted, below 5 % wanted"

"""Lines of several streams as one sequence: searched, paged, counted, followed, and as a trail."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from analyzers.logs.following import LATE, Follower, look
from analyzers.logs.line import LONGEST, Line
from analyzers.logs.reading import ask, count, counts, lines
from analyzers.logs.searching import text_predicate
from analyzers.logs.streams import LogKind, parse_kinds
from analyzers.logs.trail import MOST_STEPS, request, trace
from analyzers.selection.errors import SelectionError
from analyzers.store.document import Document, JsonValue
from analyzers.store.memory.event import Event
from analyzers.store.memory.predicates import holds
from analyzers.store.memory.store import MemoryStore
from analyzers.store.query import CalendarUnit, QueryError, Window
from analyzers.store.schema import load_schema

NOON = datetime(2024, 1, 15, 12, tzinfo=UTC)
HOUR = Window(NOON - timedelta(hours=1), NOON)
REQUESTS, EVENTS, STATEMENTS = "logs-web.request-a", "logs-app.event-b", "logs-sql.query-a"
EVERY = tuple(LogKind)


def line(stream: str, key: str, seconds: float, **body: JsonValue) -> Document:
    """Return an event so many seconds before noon."""
    at = (NOON - timedelta(seconds=seconds)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return Document(stream, key, {"@timestamp": at, "event": {"id": key}, **body})


DOCUMENTS = (
    line(REQUESTS, "r1", 60, url={"path": "/api/Chamados/7"}, http={"request": {"id": "q1"}}, response_time=2.0),
    line(
        STATEMENTS, "s1", 59, sql={"text": "SELECT chamado", "duration": {"sec": 0.5}}, http={"request": {"id": "q1"}}
    ),
    line(EVENTS, "e1", 59.5, message="chamado aberto", http={"request": {"id": "q1"}}, trace={"id": "t"}),
    line(EVENTS, "e2", 59, message="outra coisa", trace={"id": "t"}),
    line(REQUESTS, "r0", 7200, url={"path": "/api/chamados"}),
)


def test_streams_are_one_sequence() -> None:
    """Newest first across streams, ties by id; from a place on; each kind alone; the window is half open."""
    store, asked = MemoryStore(DOCUMENTS), ask(HOUR, EVERY)
    found = list(lines(store, asked))
    assert [each.document.id for each in found] == ["s1", "e2", "e1", "r1"]
    assert [each.document.id for each in lines(store, asked, after=found[1].place, limit=1)] == ["e1"]
    assert [each.document.id for each in lines(store, asked, newest_first=False)] == ["r1", "e1", "e2", "s1"]
    assert [each.document.id for each in lines(store, ask(HOUR, (LogKind.EVENT,)))] == ["e2", "e1"]
    assert count(store, asked) == 4
    minutes = counts(store, asked, CalendarUnit.MINUTE, "UTC")
    assert minutes[LogKind.REQUEST] == {NOON - timedelta(minutes=1): 1}
    assert sum(minutes[LogKind.EVENT].values()) == 2


def test_free_text_is_found_in_any_field() -> None:
    """Each piece in any field: parts of paths and statements, whole words of messages; a minus excludes."""
    store = MemoryStore(DOCUMENTS)

    def found(text: str) -> set[str]:
        return {each.document.id for each in lines(store, ask(HOUR, EVERY, text=text))}

    assert found("chamado") == {"r1", "s1", "e1"}
    assert found("CHAMADO -select") == {"r1", "e1"}
    assert found("chamado aberto") == {"e1"}
    assert found('"aberto chamado"') == set()
    assert found("hamado") == {"r1", "s1"}
    assert found("-chamado") == {"e2"}
    assert found(" - ") == {"r1", "s1", "e1", "e2"}


@pytest.mark.parametrize("text", ["a " * 11, "x" * 101])
def test_too_much_text_is_refused(text: str) -> None:
    """With what is allowed."""
    with pytest.raises(SelectionError) as caught:
        text_predicate(text, load_schema(REQUESTS))
    assert "at most" in caught.value.remedy


def test_a_sign_alone_is_found_in_keywords() -> None:
    """What has no word is no mistake: it is looked for where parts are."""
    wanted = text_predicate("/", load_schema(REQUESTS))
    assert [holds(wanted, Event.of(each)) for each in DOCUMENTS if each.stream == REQUESTS] == [True, True]


def test_kinds_that_lack_a_field_are_left_out_and_named() -> None:
    """Only statements have operations; where no kind has a field it is a mistake."""
    asked = ask(HOUR, EVERY, ("sql.operation = SELECT",))
    assert tuple(asked.conditions) == (LogKind.STATEMENT,)
    assert "no field 'sql.operation'" in asked.without[LogKind.EVENT]
    with pytest.raises(QueryError):
        ask(HOUR, EVERY, ("nonsense = 1",))
    assert parse_kinds(["statement", "logs-web.request-*"]) == (LogKind.REQUEST, LogKind.STATEMENT)
    with pytest.raises(SelectionError, match="statment"):
        parse_kinds(["statment"])


def test_a_trail_goes_by_the_request_and_its_trace() -> None:
    """By the event's id or the request's: what shares either; a statement is placed where it began."""
    store = MemoryStore(DOCUMENTS)

    def steps(name: str) -> list[str]:
        return [step.line.document.id for step in request(store, name).steps]

    assert steps("r1") == steps("q1") == ["r1", "e1", "s1"]
    assert steps("e1") == ["r1", "e1", "s1", "e2"]
    found = request(store, "r1")
    assert found.start == NOON - timedelta(seconds=60)
    assert found.length == timedelta(seconds=2)
    assert [step.line.document.id for step in trace(store, "t").steps] == ["e1", "e2"]
    assert request(store, "nobody").steps == ()
    assert trace(MemoryStore(), "t").steps == ()


@pytest.mark.parametrize("more", [0, 1])
def test_a_long_trail_is_cut_and_says_so(more: int) -> None:
    """As many steps as are shown are the whole trail; of one more the first ones stand there, and that it goes on."""
    store = MemoryStore(
        line(EVENTS, f"e{number:04}", 3000 - number, trace={"id": "t"}) for number in range(MOST_STEPS + more)
    )
    found = trace(store, "t")
    assert [step.line.document.id for step in found.steps] == [f"e{number:04}" for number in range(MOST_STEPS)]
    assert found.cut is bool(more)


def test_following_tells_each_line_once() -> None:
    """Late ones within a minute too, later ones not; none that was told before."""
    store, asked = MemoryStore(DOCUMENTS), ask(HOUR, EVERY)
    told = list(lines(store, asked))
    follower = Follower(asked, told[0].at, told)
    assert follower.look(store, NOON, 100).lines == ()
    store.append([line(EVENTS, "new", 1, message="new"), line(EVENTS, "late", 80, message="late")])
    store.append([line(EVENTS, "too-late", 59 + LATE.total_seconds() + 1, message="too late")])
    assert [each.document.id for each in follower.look(store, NOON, 100).lines] == ["late", "new"]
    assert follower.look(store, NOON, 100).lines == ()


def test_what_comes_too_fast_is_counted() -> None:
    """Of a thousand lines in a second ten are told, the newest; 990 are passed over."""
    since = NOON - timedelta(seconds=30)
    store = MemoryStore(line(EVENTS, f"e{number:04}", 10 - number / 1000) for number in range(1000))
    news = look(store, ask(HOUR, EVERY), since, NOON, 10)
    assert [each.document.id for each in news.lines] == [f"e{number:04}" for number in range(999, 989, -1)]
    assert news.passed == 990


def test_a_line_says_what_matters_on_one_line() -> None:
    """Method, path and error of a request; a long message is cut; durations in nanoseconds are seconds."""
    body: dict[str, JsonValue] = {
        "http": {"request": {"method": "GET"}, "response": {"status_code": 500}},
        "url.path": "/a",
        "error": {"type": "E", "message": "two\nlines"},
    }
    found = Line.of(line(REQUESTS, "r", 1, **body))
    assert (found.text, found.status) == ("GET /a — E: two lines", 500)
    long = Line.of(line(EVENTS, "e", 1, message="x" * 1000))
    assert len(long.text) == LONGEST
    timed = Line.of(Document(EVENTS, "e", {"@timestamp": "2024-01-15T12:00:00Z", "event": {"duration": 1_500_000_000}}))
    assert timed.seconds == 1.5

"""Searches in text: words of full text, parts of keywords; whole, weighted, and page by page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analyzers.store.document import Document, JsonValue
from analyzers.store.interface import Store
from analyzers.store.memory.store import MemoryStore
from analyzers.store.query import (
    And,
    Contains,
    Count,
    CountIf,
    Equals,
    Not,
    Or,
    Predicate,
    QueryError,
    Stored,
    Words,
)
from analyzers.store.selection import Selection, place_of
from tests.store_conformance.backends import BackendTest, new_stream
from tests.store_conformance.events import ALWAYS, answer, count_where, document, fill

AT = "2024-01-15T10:30:00Z"
MESSAGE, PATH, TAGS, TRACE = "message", "url.path", "tags", "error.stack_trace"
LONG = "/" + "x" * 8190 + "END"  # beyond the 8191 that url.path keeps

EVENTS: list[tuple[str, dict[str, JsonValue]]] = [
    (AT, {MESSAGE: "Connection timed-out: pool EXHAUSTED", PATH: "/api/Chamados/7"}),
    (AT, {MESSAGE: "Não há conexão com o banco", PATH: "/api/usuários", TAGS: ["Slow", "late"]}),
    (AT, {MESSAGE: "nao ha conexao", PATH: LONG, TRACE: "Traceback\n  File a.py\nTimeoutError: pool exhausted"}),
    (AT, {MESSAGE: "user_id=42 exhausted the pool", PATH: "/a+b.c*[d]"}),
    (AT, {MESSAGE: 42, PATH: ""}),
    (AT, {PATH: "/K\u212a\n\x00"}),
]

_SELECTED: list[tuple[Predicate, int]] = [
    (Words(MESSAGE, "pool"), 2),
    (Words(MESSAGE, "POOL exhausted"), 1),
    (Words(MESSAGE, "exhausted pool"), 0),
    (And((Words(MESSAGE, "exhausted"), Words(MESSAGE, "pool"))), 2),
    (Words(MESSAGE, "timed out"), 1),
    (Words(MESSAGE, "timed"), 1),
    (Words(MESSAGE, "time"), 0),  # words are whole
    (Words(MESSAGE, "conexão"), 1),  # accents count
    (Words(MESSAGE, "CONEXAO"), 1),
    (Words(MESSAGE, "user_id"), 1),
    (Words(MESSAGE, "user"), 0),  # the underscore joins
    (Words(MESSAGE, "42"), 2),
    (Words(TRACE, "timeouterror"), 1),
    (Not(Words(MESSAGE, "pool")), 4),  # the one without a message among them
    (Contains(PATH, "chamados"), 1),
    (Contains(PATH, "/API/"), 2),
    (Contains(PATH, "USUÁRIOS"), 1),
    (Contains(PATH, "usuarios"), 0),
    (Contains(PATH, "a+b.c*[d]"), 1),
    (Contains(PATH, "."), 1),
    (Contains(PATH, "kk"), 1),  # the Kelvin sign is a k
    (Contains(PATH, "\n\x00"), 1),
    (Contains(PATH, "end"), 0),  # too long to be searched, as for every comparison
    (Not(Contains(PATH, "/")), 2),
    (Contains(TAGS, "slo"), 1),
    (Or((Contains(TAGS, "LATE"), Words(TRACE, "pool exhausted"))), 2),
]


def test_searches_find_what_they_say(store: Store, stream: str) -> None:
    """Words whole and side by side, keywords in part, whatever the case; accents count, absent fields match nothing."""
    fill(store, stream, EVENTS)
    found = [count_where(store, stream, predicate) for predicate, _ in _SELECTED]
    assert found == [expected for _, expected in _SELECTED]


def test_sampled_events_weigh(store: Store, stream: str) -> None:
    """A found event counts as often as its weight says; stored documents are counted once."""
    weighted: dict[str, JsonValue] = {MESSAGE: "pool exhausted", "sample_weight": 7, "_doc_count": 7}
    fill(store, stream, [(AT, weighted), (AT, {MESSAGE: "a pool"}), (AT, {MESSAGE: "spool"})])
    where = Words(MESSAGE, "pool")
    assert answer(store, stream, Count(), where) == 8
    assert answer(store, stream, Stored(), where) == 2
    assert answer(store, stream, CountIf(where)) == 8


def test_found_documents_come_page_by_page(store: Store, stream: str) -> None:
    """Newest first, some at a time, each page after the last document of the one before: every one once."""
    start = datetime(2024, 1, 15, tzinfo=UTC)
    texts = ("pool exhausted", "all well", "carpool", "the pool")
    documents = [
        document(
            stream, f"e{number:03}", (start + timedelta(minutes=number // 3)).isoformat(), {MESSAGE: texts[number % 4]}
        )
        for number in range(200)
    ]
    assert store.append(documents).stored == 200
    after, found = None, []
    while page := list(
        store.documents(Selection(stream, ALWAYS, Words(MESSAGE, "pool"), newest_first=True, after=after, limit=30))
    ):
        found += page
        after = place_of(page[-1])
    assert [each.id for each in found] == [f"e{number:03}" for number in range(199, -1, -1) if number % 4 in (0, 3)]


_UNASKABLE: dict[str, Predicate] = {
    "words of a keyword": Words(PATH, "a"),
    "a part of full text": Contains(MESSAGE, "a"),
    "a part of a number": Contains("http.response.status_code", "5"),
    "no word": Words(MESSAGE, " -- "),
    "no text": Contains(PATH, ""),
    "too long a part": Contains(PATH, "x" * 101),
    "too many words": Words(MESSAGE, "a " * 51),
    "too long a text": Words(MESSAGE, "a" * 1001),
    "text that is none": Words(MESSAGE, "a\ud800"),
    "a part that is none": Contains(PATH, "\ud800"),
    "inside": And((Not(Words(PATH, "a")),)),
}


@pytest.mark.parametrize("case", _UNASKABLE)
def test_what_cannot_be_searched_is_refused(store: Store, stream: str, case: str) -> None:
    """Every store refuses it alike, with a remedy."""
    with pytest.raises(QueryError) as caught:
        count_where(store, stream, _UNASKABLE[case])
    assert caught.value.remedy


_LETTERS = st.sampled_from(
    tuple("abAB1_.,:;'\" -\n/*éÉß\u017fK\u0130\u0131д\u2019\u00ad\u0301\u05d0\u00a9\u65e5\U0001f600\u200d")
)
_LINES = st.text(_LETTERS, max_size=12) | st.text(st.sampled_from("ab .'"), max_size=12)
_SEARCHES = st.builds(Words, st.just(MESSAGE), _LINES) | st.builds(
    Contains, st.just(PATH), st.text(_LETTERS, max_size=3)
)


def test_generated_searches_get_the_plain_store_s_answer(backend: BackendTest) -> None:
    """Texts of letters and signs that join, separate or extend, searched for such texts: all stores count alike."""

    @settings(max_examples=backend.examples, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(st.lists(st.tuples(_LINES, _LINES), min_size=30, max_size=60), st.lists(_SEARCHES, min_size=20, max_size=20))
    def agrees(lines: list[tuple[str, str]], searches: list[Words | Contains]) -> None:
        stream = new_stream()
        documents: list[Document] = [
            document(stream, f"e{number}", AT, {MESSAGE: message, PATH: path})
            for number, (message, path) in enumerate((*lines, ("a" * 300, "a" * 300)))
        ]
        plain = MemoryStore(documents)
        with backend.fresh() as store:
            assert store.append(documents).stored == len(documents)
            for search in searches:
                try:
                    expected = count_where(plain, stream, search)
                except QueryError:
                    continue
                assert count_where(store, stream, search) == expected, search

    agrees()


def test_equal_is_not_searched(store: Store, stream: str) -> None:
    """Full text is still not compared as a whole; the remedy names the search."""
    with pytest.raises(QueryError, match="cannot be compared") as caught:
        count_where(store, stream, Equals(MESSAGE, "pool"))
    assert "~" in str(caught.value.remedy)

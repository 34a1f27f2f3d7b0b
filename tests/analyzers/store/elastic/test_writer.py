"""Writing to a cluster that does not answer as one hopes: what is sent again, what is counted, what it costs."""

from __future__ import annotations

import tracemalloc
from contextlib import closing

import pytest

from analyzers.store.document import Document
from analyzers.store.elastic.connection import Connection, Credentials
from analyzers.store.elastic.patience import Patience
from analyzers.store.elastic.store import ElasticStore
from analyzers.store.interface import StoreError
from tests.analyzers.store.elastic.hostile import Hostile, Trouble, besieged
from tests.analyzers.store.elastic.standin import Answer, Script, items, serving
from tests.ports import free_port
from tests.store_conformance.events import document

_STREAM = "logs-web.request-test"
_AT = "2024-01-15T10:30:00Z"


def opened(url: str, waits: list[float] | None = None) -> ElasticStore:
    """Return a store that notes its waits instead of waiting, and whose chance is always 0."""
    notes = [] if waits is None else waits
    patience = Patience(60, sleep=notes.append, monotonic=lambda: 0.0, chance=lambda: 0.0)
    return ElasticStore(url, credentials=Credentials(), patience=patience, request_seconds=5)


def documents(count: int) -> list[Document]:
    """Return some documents."""
    return [document(_STREAM, f"e{number}", _AT) for number in range(count)]


def free_address() -> str:
    """Return an address where nobody listens."""
    return f"127.0.0.1:{free_port()}"


def test_a_request_that_is_too_large_is_sent_in_halves() -> None:
    """Eight documents, a limit that three of them reach: pairs arrive, in order, and later requests begin small."""
    one = len(b'{"create":{"_index":"logs-web.request-test","_id":"e0"}}\n' + documents(1)[0].source) + 1
    script = Script(lambda ids: items(ids, lambda _: 201), largest=2 * one)
    with serving(script) as url, opened(url) as store:
        assert store.append(documents(8)).stored == 8
        sent, refused = list(script.batches), len(script.refused)
        store.append(documents(8))
    assert sent == [["e0", "e1"], ["e2", "e3"], ["e4", "e5"], ["e6", "e7"]]
    assert script.batches[4:] == sent
    assert (refused, len(script.refused)) == (3, 3)  # eight, four and four; then none


def test_a_document_that_is_too_large_alone_is_rejected_with_the_reason() -> None:
    """It goes to the dead letters; its neighbours are stored."""
    script = Script(lambda ids: items(ids, lambda _: 201), largest=2_000)
    large = document(_STREAM, "large", _AT, {"message": "x" * 5_000})
    with serving(script) as url, opened(url) as store:
        written = store.append([*documents(3), large])
    assert (written.stored, written.duplicates) == (3, 0)
    ((rejected, reason),) = [(each.document, each.reason) for each in written.rejected]
    assert rejected is large
    assert "413" in reason


def test_the_server_s_retry_after_is_waited_for() -> None:
    """``Retry-After: 7`` after a 503 is seven seconds, and then the batch is stored."""
    answers: list[Answer] = [(503, {"error": {"reason": "later"}})]
    script = Script(lambda ids: answers.pop() if answers else items(ids, lambda _: 201))
    script.headers["retry-after"] = "7"
    waits: list[float] = []
    with serving(script) as url, opened(url, waits) as store:
        assert store.append(documents(2)).stored == 2
    assert waits == [7.0]


@pytest.mark.parametrize(
    ("trouble", "stored", "duplicates"),
    [
        (Trouble.CUT_AFTER_COMMIT, 3, 2),
        (Trouble.COMMITTED_503, 3, 2),
        (Trouble.NOTHING, 2, 3),
        (Trouble.WHOLE_429, 2, 3),
    ],
)
def test_an_answer_that_was_lost_is_counted_as_documented(trouble: Trouble, stored: int, duplicates: int) -> None:
    """Of e0 (there already), e1 and e2, the first two sent twice: after a lost answer e0 counts as ours, once."""
    batch = [*documents(3), *documents(2)]
    hostile = Hostile([Trouble.NOTHING, trouble])  # looking at the stream is the first request
    hostile.documents[_STREAM, "e0"] = {}
    with besieged(hostile) as url, opened(url) as store:
        written = store.append(batch)
    assert (written.stored, written.duplicates) == (stored, duplicates)
    assert set(hostile.documents) == {(_STREAM, f"e{number}") for number in range(3)}


def test_a_lost_answer_takes_no_credit_for_what_the_batch_stored_before() -> None:
    """An id that an earlier request of the batch stored is a duplicate in a later one, also after a lost answer."""
    small = documents(1)[0]
    large = [document(_STREAM, f"large{number}", _AT, {"message": "x" * 5_000_000}) for number in range(2)]
    hostile = Hostile([Trouble.NOTHING, Trouble.NOTHING, Trouble.CUT_AFTER_COMMIT])
    with besieged(hostile) as url, opened(url) as store:
        written = store.append([small, large[0], large[1], small])
    assert hostile.met[Trouble.CUT_AFTER_COMMIT] == 1
    assert (written.stored, written.duplicates) == (3, 1)


def test_memory_is_bounded_whatever_the_size_of_the_batch() -> None:
    """A batch of 200 MB costs no more than some requests of 8 MiB at a time, here and in the stand-in beside it."""
    text = "x" * 500_000
    batch = [document(_STREAM, f"e{number}", _AT, {"message": text}) for number in range(400)]
    sizes: list[int] = []

    def bulk(ids: list[str]) -> Answer:
        sizes.append(len(ids))
        return items(ids, lambda _: 201)

    with serving(Script(bulk)) as url, opened(url) as store:
        tracemalloc.start()
        try:
            before, _ = tracemalloc.get_traced_memory()
            assert store.append(batch).stored == 400
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert max(sizes) == 16
    assert peak - before < 80 * 2**20


@pytest.mark.parametrize(("status", "stored"), [(403, 2), (500, None)])
def test_who_may_not_see_templates_may_write(status: int, stored: int | None) -> None:
    """The least rights are enough to write: templates are then the administrator's. Any other trouble is told."""
    script = Script(lambda ids: items(ids, lambda _: 201), templates=status)
    with serving(script) as url, opened(url) as store:
        if stored is None:
            with pytest.raises(StoreError, match="500"):
                store.append(documents(2))
        else:
            assert store.append(documents(2)).stored == stored


def test_a_host_that_is_down_is_passed_over() -> None:
    """With one of two hosts down, queries and writes succeed, again and again."""
    script = Script(lambda ids: items(ids, lambda _: 201))
    for _ in range(4):  # the client begins with a host by chance
        with serving(script) as url, opened(f"http://{free_address()},{url}") as store:
            assert store.append(documents(2)).stored == 2
            assert store.append(documents(2)).stored == 2


def test_all_hosts_down_is_one_line_that_names_them() -> None:
    """And soon: the first contact is not waited for."""
    hosts = f"{free_address()},{free_address()}"
    waits: list[float] = []
    with opened(f"http://{hosts}", waits) as store, pytest.raises(StoreError, match="cannot reach") as caught:
        store.append(documents(1))
    assert all(host in caught.value.message for host in hosts.split(","))
    assert waits == []


@pytest.mark.parametrize(
    ("headers", "answer", "words"),
    [
        ({}, (200, {"version": {"distribution": "opensearch"}}), "not an Elasticsearch 9"),
        (
            {},
            (406, {"error": "Content-Type header [application/vnd.elasticsearch+json] is not supported"}),
            "not an Elast",
        ),
        ({}, (404, {"message": "page not found"}), "not an Elasticsearch 9"),
        (
            {"x-elastic-product": "Elasticsearch"},
            (400, {"error": {"reason": "Invalid media-type", "caused_by": {"reason": "compatible-with=9 is unknown"}}}),
            "not an Elasticsearch 9 .400.",
        ),
    ],
)
def test_another_server_is_told_from_an_elasticsearch(headers: dict[str, str], answer: Answer, words: str) -> None:
    """OpenSearch, another web server, an older Elasticsearch: none is written to, and the message says so."""
    script = Script(lambda _: answer, headers=headers)
    with (
        serving(script) as url,
        closing(Connection(url, Credentials())) as connection,
        pytest.raises(StoreError, match=words),
    ):
        connection.bulk(b'{"create":{"_id":"a"}}\n{}\n')

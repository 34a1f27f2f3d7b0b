"""Writing to a cluster in trouble: what is retried, what is given up, and that no error tells a secret."""

from __future__ import annotations

import pytest

from analyzers.store.elastic.connection import Credentials
from analyzers.store.elastic.patience import Patience
from analyzers.store.elastic.store import ElasticStore
from analyzers.store.interface import StoreError
from analyzers.store.query import QueryError
from tests.analyzers.store.elastic.standin import Answer, Script, items, serving
from tests.ports import free_port
from tests.store_conformance.events import ask, document

_STREAM = "logs-web.request-test"
_AT = "2024-01-15T10:30:00Z"
_SECRET = "open-sesame"  # noqa: S105 - made up, to see that no message shows it


def opened(url: str, waits: list[float], seconds: float = 60) -> ElasticStore:
    """Return a store that notes its waits instead of waiting, and whose chance is always 0."""
    patience = Patience(seconds, sleep=waits.append, monotonic=lambda: 0.0, chance=lambda: 0.0)
    return ElasticStore(url, credentials=Credentials(), patience=patience)


def test_only_the_busy_items_are_sent_again() -> None:
    """429 and 503 are tried again after a wait, alone; 201, 409 and 400 are verdicts."""
    first = {"new": 201, "known": 409, "bad": 400, "late": 429, "later": 503}

    def bulk(ids: list[str]) -> Answer:
        return items(ids, lambda each: first.pop(each, 201))

    script, waits = Script(bulk), list[float]()
    with serving(script) as url, opened(url, waits) as store:
        written = store.append([document(_STREAM, each, _AT) for each in list(first)])
    assert (written.stored, written.duplicates) == (3, 1)
    assert [(each.document.id, each.reason) for each in written.rejected] == [("bad", "a reason: its cause")]
    assert script.batches == [["new", "known", "bad", "late", "later"], ["late", "later"]]
    assert waits == [0.1]


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_cluster_that_stays_busy_is_an_error(status: int) -> None:
    """After the last wait the batch is given up, in words, with nothing acknowledged.

    Waits double from 0.1 s (half of 0.2 s, as chance is 0) to 10 s: 0.1 + … + 6.4 = 12.7, and 4 times 10 more are 52.7;
    a fifth would be more than 60 s.
    """
    script, waits = Script(lambda _: (status, {"error": {"reason": "too many requests"}})), list[float]()
    with serving(script) as url, opened(url, waits) as store:
        with pytest.raises(StoreError, match="too many requests") as caught:
            store.append([document(_STREAM, "a", _AT)])
        assert "again" in caught.value.remedy
    assert waits == [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 10, 10, 10, 10]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((401, {"error": {"reason": "missing credentials"}}), "401"),
        ((403, {"error": {"reason": "no privilege"}}), "no privilege"),
        ((500, {"error": {"reason": "broken"}}), "broken"),
        ((200, {"items": "?"}), "items"),
        ((200, [1]), "body"),
    ],
)
def test_a_refused_batch_is_an_error(answer: Answer, words: str) -> None:
    """Nobody is told that events are safe when the answer does not say so."""
    with (
        serving(Script(lambda _: answer)) as url,
        ElasticStore(url, credentials=Credentials(user="ti", password=_SECRET)) as store,
        pytest.raises(StoreError, match=words) as caught,
    ):
        store.append([document(_STREAM, "a", _AT)])
    assert _SECRET not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_item_the_cluster_cannot_write_is_an_error() -> None:
    """A missing index or a full disk is no fault of the document: it must not become a dead letter."""
    with (
        serving(Script(lambda ids: items(ids, lambda _: 404))) as url,
        ElasticStore(url, credentials=Credentials()) as store,
        pytest.raises(StoreError, match="404"),
    ):
        store.append([document(_STREAM, "a", _AT)])


@pytest.mark.parametrize(
    "error",
    [
        {"type": "index_closed_exception", "reason": "closed"},
        {"type": "validation_exception", "reason": "Validation Failed: 1: this action would add [2] shards;"},
        {"type": "illegal_argument_exception", "reason": "Validation Failed: 1: this action would add [2] shards;"},
    ],
)
def test_a_400_that_is_no_fault_of_the_document_is_an_error(error: dict[str, str]) -> None:
    """A closed index, or a cluster with all the shards it may have: the next document would fare no better."""
    answer = 200, {"items": [{"create": {"status": 400, "error": error}}]}
    with (
        serving(Script(lambda _: answer)) as url,
        ElasticStore(url, credentials=Credentials()) as store,
        pytest.raises(StoreError, match=error["reason"].partition("[")[0]),
    ):
        store.append([document(_STREAM, "a", _AT)])


@pytest.mark.parametrize(
    ("credentials", "header"),
    [
        (Credentials(api_key="a2V5"), "ApiKey a2V5"),
        (Credentials(api_key="a2V5\n"), "ApiKey a2V5"),
        (Credentials(user="ti", password="osn"), "Basic dGk6b3Nu"),  # noqa: S106 - made up
        (Credentials(user="ti", password="chavão"), "Basic dGk6Y2hhdsOjbw=="),  # noqa: S106 - made up
        (Credentials(), None),
    ],
)
def test_credentials_are_sent(credentials: Credentials, header: str | None) -> None:
    """An API key without the line's end it was read with, or user and password in base 64 of UTF-8, or nothing."""
    script = Script(lambda ids: items(ids, lambda _: 201))
    with serving(script) as url, ElasticStore(url, credentials=credentials) as store:
        store.append([document(_STREAM, "a", _AT)])
    assert set(script.authorization) == {header}


def test_credentials_in_the_address_are_used_and_not_shown() -> None:
    """``http://user:password@host`` works, and the store's name does not carry the password on."""
    script = Script(lambda ids: items(ids, lambda _: 201))
    with serving(script) as url:
        address = url.replace("http://", "http://ti:osn%21@")
        with ElasticStore(address, credentials=Credentials()) as store:
            store.append([document(_STREAM, "a", _AT)])
            assert store.url == url
    assert set(script.authorization) == {"Basic dGk6b3NuIQ=="}  # ti:osn!


@pytest.mark.parametrize("end", ["\nX: y", " x", "é", "☃", "\0"])
def test_a_key_that_no_header_can_hold_is_refused_unshown(end: str) -> None:
    """The library would put it into its error message."""
    with pytest.raises(StoreError, match="the API key is not one") as caught:
        ElasticStore("http://127.0.0.1:9", credentials=Credentials(api_key=_SECRET + end))
    assert _SECRET not in str(caught.value)


@pytest.mark.parametrize("front", ["ti", ":sesame"])
def test_half_a_user_in_the_address_is_refused(front: str) -> None:
    """Nobody is asked anonymously who thinks to be known, and no password goes with another's name."""
    others = Credentials(user="other", password=_SECRET)
    for credentials in (Credentials(), others):
        with pytest.raises(StoreError, match="a user without a password, or the contrary") as caught:
            ElasticStore(f"http://{front}@127.0.0.1:9", credentials=credentials)
        assert "sesame" not in str(caught.value)


def test_a_user_in_the_address_may_have_the_password_of_the_environment() -> None:
    """When it is the same user's."""
    script = Script(lambda ids: items(ids, lambda _: 201))
    with serving(script) as url:
        address, same = url.replace("http://", "http://ti@"), Credentials(user="ti", password="osn")  # noqa: S106 - made up
        with ElasticStore(address, credentials=same) as store:
            store.append([document(_STREAM, "a", _AT)])
    assert set(script.authorization) == {"Basic dGk6b3Nu"}


def test_batches_are_bounded() -> None:
    """Ten documents of 2 MB go in requests of at most 8 MiB, in order."""
    script = Script(lambda ids: items(ids, lambda _: 201))
    with serving(script) as url, ElasticStore(url, credentials=Credentials()) as store:
        large = {"message": "x" * 2_000_000}
        written = store.append([document(_STREAM, str(number), _AT, large) for number in range(10)])
    assert written.stored == 10
    assert [len(batch) for batch in script.batches] == [4, 4, 2]
    assert [each for batch in script.batches for each in batch] == [str(number) for number in range(10)]


def test_nobody_there_is_one_line_with_a_remedy() -> None:
    """A refused connection names the address and what to check, not a stack of wrappers."""
    url = f"http://127.0.0.1:{free_port()}"
    with (
        ElasticStore(url, credentials=Credentials(user="ti", password=_SECRET)) as store,
        pytest.raises(StoreError, match=rf"cannot reach {url}: .*[Rr]efused") as caught,
    ):
        ask(store, _STREAM)
    assert str(caught.value).count("\n") == 0
    assert _SECRET not in str(caught.value)
    assert caught.value.remedy


def test_tls_to_a_server_without_it_is_one_line() -> None:
    """``https://`` to a plain HTTP port says that no trusted connection is possible."""
    with (
        serving(Script(lambda ids: items(ids, lambda _: 201))) as url,
        ElasticStore(url.replace("http:", "https:"), credentials=Credentials()) as store,
        pytest.raises(StoreError, match="no trusted connection") as caught,
    ):
        ask(store, _STREAM)
    assert "ATALAIA_ES_CA_CERTS" in caught.value.remedy


@pytest.mark.parametrize("url", ["http://", "ftp://host:9200", "http://host:99999", "elasticsearch"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    """The form of an address is in the remedy."""
    with pytest.raises(StoreError) as caught:
        ElasticStore(url, credentials=Credentials())
    assert "http(s)://host:port" in caught.value.remedy


def test_half_of_the_credentials_are_refused() -> None:
    """A user without a password is a mistake to be told, not an anonymous request."""
    with pytest.raises(StoreError, match="ATALAIA_ES_PASSWORD"):
        Credentials.from_environment({"ATALAIA_ES_USER": "ti"})


def test_credentials_do_not_print_their_secrets() -> None:
    """A debugger's or a log's repr shows the user and no secret."""
    shown = repr(Credentials(api_key=_SECRET, user="ti", password=_SECRET))
    assert "ti" in shown
    assert _SECRET not in shown


@pytest.mark.parametrize("stream", ["logs-web.request-a,secret-index", "logs-web.request-a*b", "-logs-web.request-a"])
def test_a_stream_s_name_reaches_no_other_index(stream: str) -> None:
    """Elasticsearch would read a comma, a star or a minus as several indices; the query is refused unsent."""
    with ElasticStore("http://127.0.0.1:9", credentials=Credentials()) as store, pytest.raises(QueryError):
        ask(store, stream)

"""What only the Elasticsearch store has to prove, beyond the suite that all stores pass."""

from __future__ import annotations

import pytest

from analyzers.store.elastic.store import ElasticStore
from analyzers.store.open import open_store
from analyzers.store.query import Calendar, CalendarUnit, Count, CountIf, Equals, Field
from tests.store_conformance.events import ask, document, shown


def test_more_groups_than_a_page_are_all_there(store: ElasticStore, stream: str) -> None:
    """10,250 groups, more than any page: every one comes back, in order, with its own count."""
    written = store.append(
        [
            document(stream, f"e{number}", "2024-01-15T10:30:00Z", {"http.route": f"/{number % 10_250:05}"})
            for number in range(10_500)
        ],
    )
    assert written.stored == 10_500
    rows = ask(store, stream, Count(), by=(Field("http.route"),))
    assert [row["http.route"] for row in rows] == [f"/{number:05}" for number in range(10_250)]
    assert [row["m0"] for row in rows] == [2] * 250 + [1] * 10_000


def test_an_event_sent_twice_is_stored_once(store: ElasticStore, stream: str) -> None:
    """In one batch or in two, under one ``_id`` there is one event; the sum of the verdicts is the batch."""
    twice = document(stream, "a", "2024-01-15T10:30:00Z")
    first = store.append([twice, twice, document(stream, "bad", "yesterday")])
    assert (first.stored, first.duplicates, [each.document.id for each in first.rejected]) == (1, 1, ["bad"])
    second = store.append([twice])
    assert (second.stored, second.duplicates) == (0, 1)
    assert ask(store, stream)[0]["m0"] == 1


def test_half_an_hour_s_change_keeps_events_in_their_own_bucket(store: ElasticStore, stream: str) -> None:
    """Lord Howe, October 2024: where ``calendar_interval`` of Elasticsearch 9.2 answers with a bucket of April."""
    instants = ("2024-10-05T14:45:00Z", "2024-10-05T15:35:00Z", "2024-10-05T15:55:00Z", "2024-10-05T16:05:00Z")
    store.append([document(stream, at, at) for at in instants])
    rows = ask(store, stream, by=(Calendar(CalendarUnit.HOUR, "Australia/Lord_Howe"),))
    assert shown(rows) == [["2024-10-06T01:00:00+10:30", 3], ["2024-10-06T03:00:00+11:00", 1]]


def test_an_address_is_an_address_and_no_network(store: ElasticStore, stream: str) -> None:
    """IPv4 inside IPv6 is IPv4; equal addresses in different spelling are one group."""
    store.append(
        [
            document(stream, str(number), "2024-01-15T10:30:00Z", {"client.ip": address})
            for number, address in enumerate(("10.0.0.1", "::ffff:10.0.0.1", "2001:DB8:0:0::1", "2001:db8::1"))
        ],
    )
    rows = ask(store, stream, Count(), CountIf(Equals("client.ip", "2001:db8:0::1")), by=(Field("client.ip"),))
    assert shown(rows) == [["10.0.0.1", 2, 0], ["2001:db8::1", 2, 2]]


def test_a_command_line_s_store_is_this_one(
    elasticsearch_url: str, stream: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``--store http://…`` opens it, with credentials from the environment."""
    for name in ("API_KEY", "USER", "PASSWORD", "CA_CERTS"):
        monkeypatch.delenv(f"ATALAIA_ES_{name}", raising=False)
    with open_store(elasticsearch_url, writable=True) as opened:
        assert opened.url == elasticsearch_url
        assert opened.extent(stream) is None
        opened.append([document(stream, "a", "2024-01-15T10:30:00.250Z")])
        extent = opened.extent(stream)
        assert extent is not None
        assert (extent.start.isoformat(), extent.end.isoformat()) == (
            "2024-01-15T10:30:00.250000+00:00",
            "2024-01-15T10:30:01+00:00",
        )

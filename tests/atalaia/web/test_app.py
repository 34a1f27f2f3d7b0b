"""The site's addresses: headers, hosts, errors."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient

from analyzers.alerts import HostSample
from analyzers.store.document import Document, JsonValue
from analyzers.store.open import open_store
from atalaia.web.app import create_app
from atalaia.web.security.access import bound_address
from atalaia.web.security.headers import HEADERS
from atalaia.web.security.hosts import is_loopback
from atalaia.web.site import site_at
from logging_lib.errors import AtalaiaError

NOW = datetime(2024, 1, 15, 12, 0, 30, tzinfo=UTC)


def client_of(location: Path) -> FlaskClient:
    """A client of the site at half past noon, on a machine that is two thirds idle."""
    site = site_at(str(location), ZoneInfo("UTC"), clock=lambda: NOW)
    return create_app(replace(site, sampler=lambda: HostSample(33.0, 85.0, None))).test_client()


def filled(location: Path) -> Path:
    """25 requests at 11:58:10, 5 of them failed; one at 11:50, outside the judged five minutes."""
    route: dict[str, JsonValue] = {"http": {"route": "/login", "response": {"status_code": 200}}, "response_time": 0.5}
    failed: dict[str, JsonValue] = {"http": {"route": "/login", "response": {"status_code": 503}}, "response_time": 3.0}
    with open_store(str(location), writable=True) as store:
        store.append(
            [
                Document("logs-web.request-x", str(number), {"@timestamp": "2024-01-15T11:58:10Z"} | body)
                for number, body in enumerate([route] * 20 + [failed] * 5)
            ]
            + [Document("logs-web.request-x", "early", {"@timestamp": "2024-01-15T11:50:00Z"} | route)],
        )
    return location


def test_numbers_and_states(tmp_path: Path) -> None:
    """20 % of 25 is missed, p95 is the 24th of 25 values (3 s), 85 % of memory too; an unread disk is unmeasured."""
    live = client_of(filled(tmp_path / "data")).get("/api/live?window=15m").get_json()
    assert live["window"] == {"start": "2024-01-15T11:55:30Z", "end": "2024-01-15T12:00:30Z"}
    figures = {name: (each["value"], each["state"]) for name, each in live["figures"].items()}
    assert figures == {
        "requests": (25 / 300, None),
        "error_rate": (0.2, "missed"),
        "p50": (0.5, None),
        "p95": (3.0, "missed"),
        "p99": (3.0, None),
        "in_database": (None, None),
        "cpu": (0.33, "met"),
        "memory": (0.85, "missed"),
        "disk": (None, "unmeasured"),
        "slow_statements": (None, None),
        "db_connections_peak": (None, None),
        "cache_hit_ratio": (None, None),
        "redis_hit_ratio": (None, None),
    }
    assert live["own_machine"] is True
    assert [(each["endpoint"], each["requests"], each["errors"]) for each in live["endpoints"]] == [("/login", 26, 5)]


def test_few_requests_judge_nothing(tmp_path: Path) -> None:
    """With one request in the window the rate is shown, and unmeasured: alerts would not go by it either."""
    live = client_of(filled(tmp_path / "data")).get("/api/live?from=11:50&to=2024-01-15T11:51Z")
    assert live.status_code == 400
    live = client_of(filled(tmp_path / "data")).get("/api/live?from=2024-01-15T11:50Z&to=2024-01-15T11:51Z").get_json()
    assert live["figures"]["error_rate"]["state"] == "unmeasured"
    assert live["figures"]["error_rate"]["basis"] == {"requests": 1, "needed": 20}


def test_no_store_yet_is_not_an_error(tmp_path: Path) -> None:
    """Before the first ingest the machine is shown, and the page says how to bring data."""
    client = client_of(tmp_path / "none")
    assert set(client.get("/api/live").get_json()["figures"]) == {"cpu", "memory", "disk"}
    page = client.get("/")
    assert page.status_code == 200
    assert f"atalaia ingest app.ndjson --pipeline request --store {tmp_path}/none" in page.text


def test_an_empty_store_is_unmeasured_in_the_readers_language(tmp_path: Path) -> None:
    """The overview of a new installation says so in Portuguese, its state too."""
    page = client_of(tmp_path / "none").get("/?lang=pt-BR").text
    assert '<span class="state unmeasured">não medido</span> Nada foi armazenado ainda.' in page


def test_a_store_in_trouble_is_said(tmp_path: Path) -> None:
    """A file where the store should be: status 503 and what to do, as JSON and as a page."""
    (tmp_path / "data").write_text("not a store", encoding="utf-8")
    client = client_of(tmp_path / "data")
    answer, page = client.get("/api/live"), client.get("/")
    assert (answer.status_code, page.status_code) == (503, 503)
    assert "is a file, not a store" in answer.get_json()["error"]
    assert "is a file, not a store" in page.text


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("window=later", "is not a duration"),
        ("window=1h&window=2h", "has window= twice"),
        ("from=2024-01-15&to=2024-01-16&window=1h", "say too much"),
        ("from=2024-01-16&to=2024-01-15", "is empty"),
        ("from=yesterdayish", "is not a point in time"),
        ("where=status_code+%3E%3E+5", "cannot be read"),
        ("where=nonsense+%3D+5", "nonsense"),
        ("lang=klingon", "there is no language"),
    ],
)
def test_an_address_that_cannot_be_read_is_told_so(tmp_path: Path, query: str, said: str) -> None:
    """Status 400, what is wrong and the remedy, never a guess."""
    client = client_of(filled(tmp_path / "data"))
    for path in ("/", "/api/live"):
        answer = client.get(f"{path}?{query}")
        assert answer.status_code == 400
        assert said in unescape(answer.text), answer.text


def test_the_language_is_the_addresses_then_the_browsers_then_the_sites(tmp_path: Path) -> None:
    """lang= wins over Accept-Language; a browser that names none of ours gets the site's."""
    client = client_of(tmp_path / "none")
    asked = [("/", "pt-BR,en;q=0.5"), ("/?lang=en", "pt-BR"), ("/?lang=pt-BR", "en"), ("/", "tlh"), ("/", "pt")]
    found = [client.get(path, headers={"Accept-Language": each}).text for path, each in asked]
    tags = [text.partition('<html lang="')[2].partition('"')[0] for text in found]
    assert tags == ["pt-BR", "en", "pt-BR", "en", "pt-BR"]


def test_an_error_page_is_in_the_readers_language(tmp_path: Path) -> None:
    """A page that is not there, in Portuguese; its links keep the question."""
    page = client_of(tmp_path / "none").get("/nothing?window=7d", headers={"Accept-Language": "pt-BR"})
    assert page.status_code == 404
    assert "Esta página não existe" in page.text
    assert 'href="/?window=7d"' in page.text


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("where=status_code+%3E%3E+5", ("O endereço não pode ser lido", "um filtro", "Corrija-o", "cannot be read")),
        ("where=nonsense+%3D+5", ("O endereço não pode ser lido", "um campo ou um período", "Corrija-o", "nonsense")),
        ("", ("O armazenamento não consegue responder", "veja se o armazenamento existe", "is a file, not a store")),
    ],
)
def test_what_happened_is_said_in_the_readers_language(tmp_path: Path, query: str, said: tuple[str, ...]) -> None:
    """What happened and what to do in Portuguese; the program's own words stand behind them, told to be English."""
    (tmp_path / "file").write_text("not a store", encoding="utf-8")
    store = filled(tmp_path / "data") if query else tmp_path / "file"
    page = unescape(client_of(store).get(f"/?{query}", headers={"Accept-Language": "pt-BR"}).text)
    *portuguese, english = said
    ours, _, theirs = page.partition("Nas palavras do programa, em inglês:")
    assert [each for each in portuguese if each not in ours] == []
    assert english in theirs.partition('<p lang="en">')[2]


@pytest.mark.parametrize("query", ["", "&lang=pt-BR"])
def test_a_vanished_store_is_no_empty_one_and_no_wrong_address(tmp_path: Path, query: str) -> None:
    """Its directory is moved away under the running site: status 503 on every page, in a chosen language too."""
    client = client_of(filled(tmp_path / "data"))
    pages = [f"/endpoints?window=1h{query}", f"/logs?window=1h{query}", f"/api/live?window=1h{query}"]
    assert {client.get(page).status_code for page in pages} == {200}
    (tmp_path / "data").rename(tmp_path / "away")
    assert {client.get(page).status_code for page in pages} == {503}
    assert "is gone" in client.get(pages[0]).text
    (tmp_path / "away").rename(tmp_path / "data")
    assert {client.get(page).status_code for page in pages} == {200}


def test_an_id_that_nothing_bears_is_told_as_such(tmp_path: Path) -> None:
    """Not as a page that is missing: whoever follows a link from an old mail learns that lines expire."""
    client = client_of(filled(tmp_path / "data"))
    for page in ("/requests/nobody", "/trace/nobody"):
        answer = client.get(page, headers={"Accept-Language": "pt-BR"})
        assert answer.status_code == 404
        assert "Nada tem este identificador" in answer.text
        assert "podem ter expirado" in answer.text


@pytest.mark.parametrize("path", ["/", "/api/live", "/static/site.js", "/nothing"])
def test_every_answer_is_protected(tmp_path: Path, path: str) -> None:
    """Policy and no-sniff headers stand on pages, data, files and errors alike."""
    with client_of(tmp_path / "none").get(path) as answer:
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "10.0.0.1:8642", "[::2]"])
def test_foreign_hosts_are_refused(tmp_path: Path, host: str) -> None:
    """A name that was made to point here (DNS rebinding) gets nothing."""
    answer = client_of(tmp_path / "none").get("/api/live", headers={"Host": host})
    assert answer.status_code == 421
    assert "does not answer to that name" in answer.get_json()["error"]


@pytest.mark.parametrize(
    ("host", "ours"), [("127.0.0.2", True), ("::1", True), ("LOCALHOST", True), ("192.0.2.1", False)]
)
def test_loopback(host: str, ours: bool) -> None:  # noqa: FBT001  a parametrised expectation
    """Only addresses of this machine alone count."""
    assert is_loopback(host) is ours
    if not ours:
        with pytest.raises(AtalaiaError, match="other machines"):
            bound_address(host, None)

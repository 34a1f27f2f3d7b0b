"""The live page's addresses: headers, hosts, errors."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient

from analyzers.alerts import HostSample
from analyzers.store.document import Document, JsonValue
from analyzers.store.open import open_store
from atalaia.web.app import create_app
from atalaia.web.live import LiveSource
from atalaia.web.security.access import bound_address
from atalaia.web.security.headers import HEADERS
from atalaia.web.security.hosts import is_loopback
from atalaia.web.site import site_at
from logging_lib.errors import AtalaiaError

NOW = datetime(2024, 1, 15, 12, 0, 30, tzinfo=UTC)


def client_of(location: Path) -> FlaskClient:
    """A client of the page at half past noon, on a machine that is two thirds idle."""
    source = LiveSource(str(location), clock=lambda: NOW, sampler=lambda: HostSample(33.0, 85.0, None))
    return create_app(site_at(str(location), ZoneInfo("UTC"), clock=lambda: NOW), source=source).test_client()


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
    """20 % of 25 is critical, p95 is the 24th of 25 values (3 s: warning), an unread disk is unmeasured."""
    live = client_of(filled(tmp_path / "data")).get("/api/live?minutes=15").get_json()
    assert live["recent"] == {
        "requests": 25,
        "errors": 5,
        "error_rate": 0.2,
        "measured": 25,
        "p95": 3.0,
        "requests_per_second": 25 / 300,
    }
    assert {name: each["severity"] for name, each in live["judgements"].items()} == {
        "error_rate": "critical",
        "response_time": "warning",
        "cpu": "ok",
        "memory": "warning",
        "disk": "unmeasured",
    }
    assert live["state"] == "missed"
    assert live["latest"] == "2024-01-15T11:58:10+00:00"
    minutes = {each["start"]: each.get("requests") for each in live["minutes"]}
    assert len(minutes) == 15
    assert {start: count for start, count in minutes.items() if count} == {
        "2024-01-15T11:50:00+00:00": 1,
        "2024-01-15T11:58:00+00:00": 25,
    }
    assert [(each["route"], each["requests"]) for each in live["endpoints"]] == [("/login", 26)]


def test_no_store_yet_is_not_an_error(tmp_path: Path) -> None:
    """Before the first ingest the machine is shown and the requests are unmeasured."""
    live = client_of(tmp_path / "none").get("/api/live").get_json()
    assert live["latest"] is None
    assert live["judgements"]["error_rate"]["state"] == "unmeasured"


def test_a_store_in_trouble_is_said(tmp_path: Path) -> None:
    """A file where the store should be: status 503 and what to do, as JSON."""
    (tmp_path / "data").write_text("not a store", encoding="utf-8")
    answer = client_of(tmp_path / "data").get("/api/live")
    assert answer.status_code == 503
    assert "is a file, not a store" in answer.get_json()["error"]


def test_only_offered_spans(tmp_path: Path) -> None:
    """A span that is not offered is refused rather than replaced."""
    assert client_of(tmp_path / "none").get("/api/live?minutes=999999").status_code == 400


@pytest.mark.parametrize("path", ["/", "/api/live", "/static/live.js", "/nothing"])
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

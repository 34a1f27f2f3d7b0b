"""The demonstration help desk, its traffic and its history."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Final

import httpx
import pytest

import logging_lib
from analyzers.store.query import Window
from atalaia.demo.helpdesk import SERVICE, HelpdeskSettings, Incident, RunningServer, create_app, serve_in_thread
from atalaia.demo.history import HistorySettings, history, write_history
from atalaia.demo.profile import USAGE
from atalaia.demo.traffic import drive
from logging_lib.testing import capture_records
from logging_lib.values import Record

START: Final = datetime(2026, 11, 9, tzinfo=UTC)  # a Monday
END: Final = START + timedelta(days=14)
INCIDENT: Final = Window(datetime(2026, 11, 17, 17, tzinfo=UTC), datetime(2026, 11, 17, 19, tzinfo=UTC))
SETTINGS: Final = HistorySettings(seed=7, incident=INCIDENT)


@pytest.fixture
def records() -> Iterator[list[Record]]:
    """Collect what the help desk logs."""
    with capture_records(service=SERVICE) as captured:
        yield captured


@pytest.fixture
def incident() -> Incident:
    """Return a fault that fails every request it strikes and delays reports by a twentieth of a second."""
    return Incident(delay=0.05, failing_share=1.0)


@pytest.fixture
def helpdesk(records: list[Record], incident: Incident) -> Iterator[RunningServer]:
    """Serve a help desk with ten tickets."""
    records.clear()
    with serve_in_thread(create_app(HelpdeskSettings(seed=1, tickets=10, incident=incident))) as server:
        yield server


@pytest.fixture
def client(helpdesk: RunningServer) -> Iterator[httpx.Client]:
    """Return a client who is signed in as user 7."""
    with httpx.Client(base_url=helpdesk.url, timeout=60) as signed_in:
        assert signed_in.post("/login", data={"usuario": "usuario07", "senha": "osn"}).status_code == 302
        yield signed_in


@pytest.fixture(scope="module")
def fortnight() -> list[Record]:
    """Return two weeks of history with an incident of two hours."""
    return list(history(START, END, SETTINGS))


def test_a_ticket_is_opened_shown_listed_and_closed(client: httpx.Client) -> None:
    """The life of a ticket over HTTP, with the user who opened it."""
    opened = client.post("/api/chamados", json={"titulo": "VPN não conecta", "categoria": "Rede e VPN"})
    assert opened.status_code == 201
    ticket = {
        "id": 11,
        "titulo": "VPN não conecta",
        "categoria": "Rede e VPN",
        "situacao": "aberto",
        "solicitante": 7,
        "horas": None,
    }
    assert opened.json() == ticket
    assert client.get("/api/chamados/11").json() == ticket
    assert client.get("/api/chamados", params={"situacao": "aberto", "limite": 1}).json() == [ticket]
    closed = client.post("/api/chamados/11/fechar", json={"horas": 1.5}).json()
    assert closed == {**ticket, "situacao": "fechado", "horas": 1.5}
    report = client.get("/relatorios").json()
    assert sum(row["chamados"] for row in report) == 11
    assert "<h1>Chamados</h1>" in client.get("/dashboard").text


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/api/chamados/99", None, 404),
        ("POST", "/api/chamados/99/fechar", {}, 404),
        ("POST", "/api/chamados/1/fechar", {"horas": -1}, 400),
        ("POST", "/api/chamados", {"titulo": "", "categoria": "Rede e VPN"}, 400),
        ("POST", "/api/chamados", ["no", "object"], 400),
        ("GET", "/api/chamados?situacao=perdido", None, 400),
    ],
)
def test_wrong_requests_are_refused(client: httpx.Client, method: str, path: str, body: object, status: int) -> None:
    """A missing ticket is 404, a malformed request 400; neither is a server's error."""
    assert client.request(method, path, json=body).status_code == status


def test_strangers_may_not_see_tickets(helpdesk: RunningServer) -> None:
    """Without a session, or with a wrong password, the answer is 401; health and the form are open."""
    wrong = httpx.post(f"{helpdesk.url}/login", data={"usuario": "usuario07", "senha": "x"}, timeout=60)
    assert [wrong.status_code, httpx.get(f"{helpdesk.url}/api/chamados", timeout=60).status_code] == [401, 401]
    assert [httpx.get(f"{helpdesk.url}{path}", timeout=60).status_code for path in ("/health", "/login")] == [200, 200]


def test_an_incident_fails_requests_and_slows_reports(
    client: httpx.Client,
    incident: Incident,
    records: list[Record],
) -> None:
    """While it goes on requests fail with 500 and a report is held up; afterwards all is well."""
    with incident.going_on():
        assert [client.get(path).status_code for path in ("/dashboard", "/relatorios", "/health")] == [500, 500, 200]
    assert [client.get(path).status_code for path in ("/dashboard", "/relatorios")] == [200, 200]
    slow = [record for record in list(records) if record.get("endpoint") == "/relatorios"]
    assert float(str(slow[0]["response_time"])) >= 0.05
    assert slow[0]["error_type"] == "atalaia.demo.helpdesk.incident.DatabaseUnavailableError"


def test_traffic_is_real_and_every_request_is_logged(helpdesk: RunningServer, records: list[Record]) -> None:
    """The help desk logs exactly the answers that the visitors counted, status by status, by known users."""
    traffic = drive(helpdesk.url, seconds=1.5, users=4, seed=3)
    helpdesk.stop()
    logged = [record for record in records if "endpoint" in record]
    assert traffic.unanswered == 0
    assert traffic.requests >= 8
    assert Counter(record["status_code"] for record in logged) == traffic.answers
    assert {record["user_id"] for record in logged} <= {None, 1, 2, 3, 4}
    assert not [record for record in records if record["logger"] == "httpx"]


def test_traffic_stops_when_told(helpdesk: RunningServer) -> None:
    """A set event ends the traffic long before its time: each visitor has only signed in."""
    stop = threading.Event()
    stop.set()
    assert drive(helpdesk.url, seconds=600, users=2, stop_event=stop).answers == {302: 2}


def test_traffic_counts_what_gets_no_answer(helpdesk: RunningServer) -> None:
    """A server that is gone gives unanswered requests, not an exception; its port is closed."""
    helpdesk.stop()
    traffic = drive(helpdesk.url, seconds=0, users=2)
    assert (traffic.unanswered, traffic.answers.total()) == (2, 0)


def test_history_has_exactly_the_keys_of_a_real_request(
    fortnight: list[Record],
    client: httpx.Client,
    records: list[Record],
) -> None:
    """The keys of an invented record, in order, are those of a real one but for the version that it also states."""
    client.get("/api/chamados/1")
    client.get("/health")
    real = next(record for record in list(records) if record.get("endpoint") == "/api/chamados/<int:ticket_id>")
    invented = next(record for record in fortnight if record["status_code"] == 200)
    identity = {"environment", "version", "host"}
    assert [key for key in invented if key not in identity] == [key for key in real if key not in identity]


def test_history_asks_for_the_help_desks_own_routes(records: list[Record]) -> None:
    """Every endpoint of the history is a route of the application, under that method."""
    app = create_app(HelpdeskSettings(tickets=1))
    assert records
    routes = {(method, rule.rule) for rule in app.url_map.iter_rules() for method in rule.methods or ()}
    assert {(usage.method, usage.template) for usage in USAGE} <= routes


def test_history_repeats_for_a_seed_and_a_part_is_part_of_the_whole(fortnight: list[Record]) -> None:
    """The same seed gives the same records; a stretch inside gives those of the whole; another seed others."""
    begin, end = START + timedelta(days=3, minutes=17), START + timedelta(days=4)
    inside = [
        record
        for record in fortnight
        if "2026-11-12T00:17:00.000Z" <= str(record["timestamp"]) < "2026-11-13T00:00:00.000Z"
    ]
    assert list(history(begin, end, SETTINGS)) == inside
    assert list(history(begin, end, HistorySettings(seed=8))) != inside


def test_history_has_the_rhythm_of_an_office(fortnight: list[Record]) -> None:
    """Working days have some thousands of requests, weekends few, nights in São Paulo (03-08 UTC) hardly any."""
    days = Counter(str(record["timestamp"])[:10] for record in fortnight)
    weekend = {"2026-11-14", "2026-11-15", "2026-11-21", "2026-11-22"}
    assert len(days) == 14
    assert all(150 <= count <= 600 if day in weekend else 2000 <= count <= 3000 for day, count in days.items())
    hours = Counter(int(str(record["timestamp"])[11:13]) for record in fortnight)
    assert sum(hours[hour] for hour in range(3, 9)) < 0.03 * len(fortnight)
    assert len({record["event_id"] for record in fortnight}) == len(fortnight)
    assert [str(record["timestamp"]) for record in fortnight] == sorted(
        str(record["timestamp"]) for record in fortnight
    )


def test_history_has_errors_and_slowness_in_the_incident(fortnight: list[Record]) -> None:
    """About a quarter fail inside and about 0.05 % outside; the median is several times higher inside."""
    ill: list[Record] = []
    well: list[Record] = []
    for record in fortnight:
        (ill if "2026-11-17T17" <= str(record["timestamp"]) < "2026-11-17T19" else well).append(record)
    failed_ill, failed_well = (sum(record["status_code"] == 500 for record in part) for part in (ill, well))
    assert 0.15 < failed_ill / len(ill) < 0.35
    assert 0 < failed_well / len(well) < 0.001
    times_ill, times_well = ([float(str(record["response_time"])) for record in part] for part in (ill, well))
    assert 5 < median(times_ill) / median(times_well) < 14
    assert {record["level"] for record in ill if record["status_code"] == 500} == {"ERROR"}


def test_history_is_written_by_day_and_can_be_counted_again(fortnight: list[Record], tmp_path: Path) -> None:
    """The files hold every record once, each in the file of its UTC day; writing again changes no byte."""
    files = write_history(tmp_path, START, END, SETTINGS)
    assert [path.name for path in files][::13] == ["ti-osn-2026-11-09.ndjson", "ti-osn-2026-11-22.ndjson"]
    contents = [path.read_bytes() for path in files]
    read = [json.loads(line) for content in contents for line in content.splitlines()]
    assert read == fortnight
    for path, content in zip(files, contents, strict=True):
        assert {json.loads(line)["timestamp"][:10] for line in content.splitlines()} == {path.name[7:17]}
    assert [path.read_bytes() for path in write_history(tmp_path, START, END, SETTINGS)] == contents
    assert len(list(tmp_path.iterdir())) == 14


def test_the_help_desk_wants_logging_configured() -> None:
    """Without a configuration the application says so instead of logging nowhere."""
    logging_lib.shutdown()
    with pytest.raises(logging_lib.AtalaiaError, match="configure"):
        create_app()

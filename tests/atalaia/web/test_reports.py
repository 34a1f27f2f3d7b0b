"""The pages of reports, by their addresses: what there is to choose, the same numbers in page and files."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient

from analyzers.store.document import Document, JsonValue
from analyzers.store.open import open_store
from atalaia.web.app import create_app
from atalaia.web.site import site_at

NOW = datetime(2024, 1, 16, 9, tzinfo=UTC)
"""Tuesday of week 3."""


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """A site on Tuesday: on Monday 25 requests, 5 of them failed, and 20 statements that want an index; Sunday none."""
    location = tmp_path_factory.mktemp("reports") / "data"
    with open_store(str(location), writable=True) as store:
        store.append([_request(number, 503 if number < 5 else 200) for number in range(25)])
        store.append([_statement(number) for number in range(20)])
    site = site_at(str(location), ZoneInfo("UTC"), clock=lambda: NOW)
    return create_app(site).test_client()


def _request(number: int, status: int) -> Document:
    route = "/relatorios" if number % 2 else "<script>alert(1)</script>\x9b\u202e"
    body: dict[str, JsonValue] = {
        "@timestamp": f"2024-01-15T11:{number:02}:10Z",
        "http": {"route": route, "response": {"status_code": status}},
        "response_time": 0.5,
        "service": {"name": "ti-osn"},
    }
    return Document("logs-web.request-production", str(number), body)


def _statement(number: int) -> Document:
    sql: dict[str, JsonValue] = {
        "system": "postgresql",
        "text": "SELECT t.a FROM t WHERE t.b = ?",
        "operation": "SELECT",
        "duration": {"sec": 3.0},
    }
    body: dict[str, JsonValue] = {"@timestamp": f"2024-01-15T11:{number:02}:20Z", "sql": sql}
    return Document("logs-sql.query-production", str(number), body)


def text_of(client: FlaskClient, address: str) -> str:
    """Return what a page says, without its tags."""
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.text)))


def test_the_last_complete_periods_are_there_to_choose(client: FlaskClient) -> None:
    """On Tuesday, January 16: Monday, week 2, December; today and this week are not over."""
    page = client.get("/reports").text
    for period in ("daily/2024-01-15", "weekly/2024-W02", "monthly/2023-12"):
        assert f'href="/reports/{period}"' in page
    assert "daily/2024-01-16" not in page
    assert "weekly/2024-W03" not in page


def test_a_form_leads_to_the_reports_own_address(client: FlaskClient) -> None:
    """What is typed is a part of the address, which can be shared; filters and language go along."""
    answer = client.get("/reports?kind=weekly&period=2024-W03&lang=pt_BR&where=http.route+%3D+%2Frelatorios")
    assert answer.status_code == 302
    assert answer.location == "/reports/weekly/2024-W03?lang=pt_BR&where=http.route+%3D+%2Frelatorios"


def test_page_and_files_have_the_same_numbers(client: FlaskClient) -> None:
    """5 of 25 requests failed: in the page, in the kept page, in JSON; each file has the report's name."""
    assert "5 of 25 requests" in text_of(client, "/reports/daily/2024-01-15")
    assert "5 of 25 requests" in text_of(client, "/reports/daily/2024-01-15.html")
    answer = client.get("/reports/daily/2024-01-15.json")
    assert '"total_requests"' in answer.text
    assert json.loads(answer.text)["period"] == "2024-01-15"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="daily-2024-01-15.json"'


def test_a_pdf_can_be_taken_away(client: FlaskClient) -> None:
    """It is one, by its first bytes, and is no page of the site."""
    answer = client.get("/reports/daily/2024-01-15.pdf")
    assert answer.data.startswith(b"%PDF-")
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_a_filter_narrows_the_numbers(client: FlaskClient) -> None:
    """Of the route /relatorios there were 12 requests: those with odd numbers, 1 and 3 of them failed."""
    assert "2 of 12 requests" in text_of(client, "/reports/daily/2024-01-15?where=http.route+%3D+%2Frelatorios")


def test_hostile_routes_are_text(client: FlaskClient) -> None:
    """The route that is a script is escaped in the page and in the kept page."""
    for ending in ("", ".html"):
        page = client.get(f"/reports/daily/2024-01-15{ending}").text
        assert "&lt;script&gt;alert(1)" in page
        assert "<script>alert(1)" not in page
        assert not {"\x9b", "\u202e"} & set(page)


def test_it_leads_to_the_periods_beside_it(client: FlaskClient) -> None:
    """From Sunday to Saturday and Monday; from Monday, which is the last complete day, only back."""
    sunday, monday = (client.get(f"/reports/daily/2024-01-{day}").text for day in (14, 15))
    assert 'rel="prev" href="/reports/daily/2024-01-13"' in sunday
    assert 'rel="next" href="/reports/daily/2024-01-15"' in sunday
    assert 'rel="prev" href="/reports/daily/2024-01-14"' in monday
    assert 'rel="next"' not in monday


def test_a_day_without_requests_is_unmeasured(client: FlaskClient) -> None:
    """Sunday: no zero, no health."""
    page = client.get("/reports/daily/2024-01-14").text
    assert 'class="verdict unmeasured"' in page


def test_it_speaks_portuguese(client: FlaskClient) -> None:
    """Page and file follow the address."""
    said = text_of(client, "/reports/daily/2024-01-15?lang=pt_BR")
    assert "15 de janeiro de 2024" in said
    assert "Taxa de erros" in said
    assert 'lang="pt-BR"' in client.get("/reports/daily/2024-01-15.html?lang=pt_BR").text


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/reports/yearly/2024", 400),
        ("/reports/daily/2024-02-30", 400),
        ("/reports/weekly/2024-W60", 400),
        ("/reports/daily/2024-01-15.exe", 404),
        ("/reports/daily/2024-01-15?where=nonsense+%3D+1", 400),
        ("/reports?kind=daily&period=yesterday", 400),
    ],
)
def test_what_is_no_report_is_said(client: FlaskClient, address: str, status: int) -> None:
    """A page of the site with the reason, never a traceback."""
    answer = client.get(address)
    assert answer.status_code == status
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    ("lang", "labels"),
    [
        ("en", ("Why", "What to expect", "To run yourself, after a look", "More in")),
        ("pt_BR", ("Por quê", "O que esperar", "Para executar por conta própria, depois de conferir", "Mais em")),
    ],
)
def test_a_recommendation_says_what_its_parts_are(client: FlaskClient, lang: str, labels: tuple[str, ...]) -> None:
    """As the report as a file does; and its runbook is a page of the site."""
    address = f"/reports/daily/2024-01-15?lang={lang}"
    for text in (text_of(client, address), text_of(client, address.replace("?", ".html?"))):
        places = [text.find(each) for each in labels]
        assert -1 not in places
        assert places == sorted(places)
        assert 'CREATE INDEX CONCURRENTLY "ix_t_b" ON "t" ("b");' in text
    [href] = set(re.findall(r'href="([^"]*/runbooks/slow-queries[^"]*)"', client.get(address).text))
    assert client.get(unescape(href)).status_code == 200

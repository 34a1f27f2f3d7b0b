"""The pages of endpoints, drill-downs and the agreement: what an address may say, and what is answered to the rest."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient

from analyzers.store.open import open_store
from atalaia.web.app import create_app
from atalaia.web.site import site_at
from tests.analyzers.events import requests

NOON = datetime(2024, 1, 15, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """Return a client of a site at noon, whose store has ten requests of the last minute, one of them failed."""
    place = tmp_path_factory.mktemp("pages") / "data"
    with open_store(str(place), writable=True) as store:
        store.append(requests(NOON.replace(hour=11, minute=59), 9, 1))
    return create_app(site_at(str(place), ZoneInfo("UTC"), clock=lambda: NOON)).test_client()


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/drill?by=nonsense", "no field or dimension &#39;nonsense&#39;"),
        ("/drill?by=message", "cannot be grouped by"),
        ("/drill?every=minute&window=30d", "more than 500 points"),
        ("/drill?every=century", "is not a calendar bucket"),
        ("/drill?top=0", "top=0 is no number of groups"),
        ("/drill?top=401", "top=401 is no number of groups"),
        ("/drill?rank=nonsense", "is no measure of this analysis"),
        ("/drill?heat=nonsense", "heat=nonsense is nothing to show"),
        ("/endpoints?sort=nonsense", "sort=nonsense is no column"),
        ("/endpoints?order=sideways", "order=sideways is no order"),
        ("/endpoints?where=status_code+%3E", "ends too early"),
        ("/explain?what=nothing", "what=nothing cannot be explained"),
        ("/statements?sql=nonsense+%3D+1", "nonsense"),
        ("/sla?period=2024-13", "there is no period"),
        ("/sla?per=century", "per=century is no period"),
        ("/sla?as_of=2999-01-01", "yet to come"),
        ("/sla?objective=nothing", "no objective &#39;nothing&#39;"),
        ("/sla/report.json?per=year", "does not judge by that"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(client: FlaskClient, address: str, words: str) -> None:
    """Status 400, and a page that says what was wrong: never an answer to another question."""
    answer = client.get(address)
    assert answer.status_code == 400
    assert words in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "address",
    [
        "/endpoints",
        "/endpoints?sort=queries&order=asc&top=1",
        "/drill?by=status_class&every=month&window=1000d&rank=errors",
        "/drill?by=tags",
        "/statements?by=database&where=client.ip+%3D+10.0.0.0/8",
        "/explain?what=availability&window=7d",
        "/sla?per=contract",
        "/sla?per=quarter&service=ti-osn&route=/api/chamados",
        "/sla/explain?objective=latency",
    ],
)
def test_everything_an_address_can_say_has_an_answer(client: FlaskClient, address: str) -> None:
    """In both languages; a list, which cannot be grouped by, is refused as on the command line."""
    for language in ("en", "pt_BR"):
        answer = client.get(f"{address}{'&' if '?' in address else '?'}lang={language}")
        assert answer.status_code == (400 if "tags" in address else 200), answer.get_data(as_text=True)


def test_the_report_is_that_of_its_instant(client: FlaskClient) -> None:
    """The JSON has the numbers by hand: nine of ten requests were good; and says as of when."""
    answer = client.get("/sla/report.json?as_of=2024-01-15T12:00:00Z&objective=availability")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="sla-2024-01.json"'
    document = answer.get_json()
    assert document["as_of"] == "2024-01-15T12:00:00Z"
    [judgement] = document["judgements"]
    assert (judgement["measured"]["good"], judgement["measured"]["total"]) == (9, 10)


def test_without_a_store_the_pages_say_what_to_do(tmp_path: Path) -> None:
    """Nothing has been stored: no page fails, each says how to begin."""
    client = create_app(site_at(str(tmp_path / "none"), ZoneInfo("UTC"), clock=lambda: NOON)).test_client()
    for path in ("/endpoints", "/drill", "/statements", "/explain", "/sla", "/sla/explain"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert "atalaia ingest" in answer.get_data(as_text=True)

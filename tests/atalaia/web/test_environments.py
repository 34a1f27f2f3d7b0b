"""An address with ``environment=`` is about that environment, on every page, whatever stream the page asks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient

from analyzers.store.document import Document, JsonValue
from analyzers.store.open import open_store
from atalaia.web.app import create_app
from atalaia.web.site import site_at
from tests.analyzers.events import request

NOW = datetime(2024, 1, 15, 12, tzinfo=UTC)


def _in(environment: str, document: Document) -> Document:
    kind, data, _ = document.stream.split("-")
    return Document(f"{kind}-{data}-{environment}", document.id, document.body)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """A browser on a store with seven requests to /shop in production and three failed ones to /trial in staging."""
    place = str(tmp_path_factory.mktemp("store") / "data")
    at = NOW - timedelta(minutes=10)
    sample: dict[str, JsonValue] = {"@timestamp": at.isoformat(), "system": {"cpu": {"total": {"norm": {"pct": 0.5}}}}}
    documents = [
        *(_in("production", request(at, route="/shop")) for _ in range(7)),
        *(_in("staging", request(at, 500, route="/trial")) for _ in range(3)),
        Document("metrics-host.system-production", "live", {**sample, "host": {"name": "live-host"}}),
        Document("metrics-host.system-staging", "trial", {**sample, "host": {"name": "trial-host"}}),
    ]
    with open_store(place, writable=True) as store:
        assert store.append(documents).stored == len(documents)
    return create_app(replace(site_at(place, ZoneInfo("UTC"), clock=lambda: NOW))).test_client()


@pytest.mark.parametrize(
    ("path", "live", "trial"),
    [
        ("/?", "/shop", "/trial"),
        ("/endpoints?", "/shop", "/trial"),
        ("/drill?", "/shop", "/trial"),
        ("/logs?", "/shop", "/trial"),
        ("/samples?of=cpu", "live-host", "trial-host"),
        ("/reports/daily/2024-01-15?", "/shop", "/trial"),
    ],
)
def test_a_page_is_about_its_environment(client: FlaskClient, path: str, live: str, trial: str) -> None:
    """Without one both are there; with one only what is of it."""
    for environment, there in (
        ("", {live, trial}),
        ("&environment=production", {live}),
        ("&environment=staging", {trial}),
    ):
        page = unescape(client.get(f"{path}{environment}").text)
        assert {each for each in (live, trial) if each in page} == there, environment


def test_links_keep_the_environment(client: FlaskClient) -> None:
    """Every link to another page of requests asks about the same environment; one takes it out."""
    page = unescape(client.get("/drill?environment=staging").text)
    assert 'href="/endpoints?environment=staging"' in page
    assert 'href="/drill" aria-label="Every environment"' in page


def test_the_agreement_of_an_environment(client: FlaskClient) -> None:
    """Of production all is good; of staging nothing; and what spent it leads to the requests of that environment."""
    pages = (client.get(f"/sla?period=2024-01-15&environment={each}").text for each in ("production", "staging"))
    good, bad = map(unescape, pages)
    assert "availability met" in good
    assert "availability missed" in bad
    assert "/drill?" in bad
    assert all("environment=staging" in each.partition('"')[0] for each in bad.split('href="/drill?')[1:])


def test_what_is_no_environment_is_refused(client: FlaskClient) -> None:
    """A name that no stream can have is a mistake in the address."""
    for name in ("a%2Fb", "UPPER", "*"):
        answer = client.get(f"/drill?environment={name}")
        assert answer.status_code == 400
        assert "is no environment" in answer.text

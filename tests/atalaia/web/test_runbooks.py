"""The runbooks on the site."""

from __future__ import annotations

import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient

from analyzers.alerts.runbooks import RUNBOOKS
from atalaia.web.app import create_app
from atalaia.web.site import site_at


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """Return a client of a site whose store has nothing yet: the pages are there without one."""
    return create_app(site_at(str(tmp_path_factory.mktemp("none") / "data"), ZoneInfo("UTC"))).test_client()


def article(page: str) -> str:
    """Return a page's own text."""
    return page.partition('<article class="runbook">')[2].partition("</article>")[0]


@pytest.mark.parametrize("query", ["", "?lang=pt-BR"])
@pytest.mark.parametrize("name", RUNBOOKS)
def test_a_page_is_shown(client: FlaskClient, name: str, query: str) -> None:
    """Its five parts and its commands are there; every link to another page leads to one, in the same language."""
    answer = client.get(f"/runbooks/{name}{query}")
    assert answer.status_code == 200
    assert answer.text.count("<h2>") == 5
    assert "<pre><code" in answer.text
    for target in re.findall(r'href="([^"]*)"', article(answer.text)):
        assert ".md" not in target
        assert target.endswith(query)
        assert client.get(target).status_code == 200, target


@pytest.mark.parametrize(("query", "browser"), [("?lang=pt-BR", "en"), ("", "pt-BR,pt;q=0.9,en;q=0.5")])
def test_a_page_is_in_the_readers_language(client: FlaskClient, query: str, browser: str) -> None:
    """The list and the pages are Portuguese for whom the address, or else the browser, says so."""
    headers = {"Accept-Language": browser}
    listed = client.get(f"/runbooks{query}", headers=headers).text
    assert all(f"/runbooks/{name}" in listed for name in RUNBOOKS)
    assert "Banco de dados fora do ar" in listed
    page = client.get(f"/runbooks/high-cpu{query}", headers=headers).text
    assert '<html lang="pt-BR">' in page
    assert "<h1>CPU alta</h1>" in page
    assert "<h2>Para que não se repita</h2>" in article(page)
    assert f'<a href="/runbooks/flood{query}">inundação</a>' in article(page)
    assert "inglês" not in page
    assert " the " not in article(page)


def test_a_link_takes_along_what_was_asked(client: FlaskClient) -> None:
    """The window and the filters of who came from a page go along from one runbook to the next, too."""
    page = client.get("/runbooks/errors?window=24h&where=http.route+%3D+%2Fa&lang=en").text
    assert 'href="/runbooks/database-down?window=24h&amp;lang=en&amp;where=http.route+%3D+%2Fa"' in article(page)


def test_what_the_site_does_not_have_is_no_link(client: FlaskClient) -> None:
    """A word that leads to another document of the project is left as a word."""
    for language, words in (("en", "the contract"), ("pt-BR", "o contrato")):
        page = client.get(f"/runbooks/database-down?lang={language}").text
        assert words in page
        assert "sla.md" not in page


@pytest.mark.parametrize("name", ["nobody", "../architecture", "..%2farchitecture", "High-CPU"])
def test_there_is_no_other_page(client: FlaskClient, name: str) -> None:
    """A name that is none of ours opens no file."""
    assert client.get(f"/runbooks/{name}").status_code == 404


def test_markdown_is_found_in_a_checkout() -> None:
    """The pages lie in the documents' folder, where people read them, too."""
    assert (Path(__file__).resolve().parents[3] / "docs" / "runbooks" / "high-cpu.md").is_file()

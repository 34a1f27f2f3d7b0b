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


@pytest.mark.parametrize("name", RUNBOOKS)
def test_a_page_is_shown(client: FlaskClient, name: str) -> None:
    """Its five parts and its commands are there; every link to another page leads to one."""
    answer = client.get(f"/runbooks/{name}")
    assert answer.status_code == 200
    assert answer.text.count("<h2>") == 5
    assert "<pre><code" in answer.text
    article = answer.text.partition('<article class="runbook"')[2].partition("</article>")[0]
    assert ".md" not in "".join(re.findall(r'href="([^"]*)"', article))
    for target in re.findall(r'href="([^"]*)"', article):
        assert client.get(target).status_code == 200, target


def test_titles_are_in_the_readers_language(client: FlaskClient) -> None:
    """The list and a page's head are Portuguese; the English body is marked as such, and said to be."""
    listed = client.get("/runbooks?lang=pt_BR").text
    assert all(f"/runbooks/{name}" in listed for name in RUNBOOKS)
    assert "Banco de dados fora do ar" in listed
    page = client.get("/runbooks/high-cpu?lang=pt_BR").text
    assert "<h1>CPU alta</h1>" in page
    assert "O que segue está em inglês." in page
    assert '<article class="runbook" lang="en">' in page


def test_what_the_site_does_not_have_is_no_link(client: FlaskClient) -> None:
    """A word that leads to another document of the project is left as a word."""
    page = client.get("/runbooks/database-down").text
    assert "the contract" in page
    assert "sla.md" not in page


@pytest.mark.parametrize("name", ["nobody", "../architecture", "..%2farchitecture", "High-CPU"])
def test_there_is_no_other_page(client: FlaskClient, name: str) -> None:
    """A name that is none of ours opens no file."""
    assert client.get(f"/runbooks/{name}").status_code == 404


def test_markdown_is_found_in_a_checkout() -> None:
    """The pages lie in the documents' folder, where people read them, too."""
    assert (Path(__file__).resolve().parents[3] / "docs" / "runbooks" / "high-cpu.md").is_file()

"""The pages of the site, read in Portuguese: no English sentence of the whole product is left on them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient

from analyzers.alerts.rules.mutes import Mute, MuteKind, Recurrence
from analyzers.store.open import open_store
from analyzers.thresholds import Severity
from atalaia.web.app import create_app
from atalaia.web.site import site_at
from tests.analyzers.events import requests
from tests.analyzers.language.leftovers import english_only
from tests.atalaia.web.alert_states import check, rule

NOON: Final = datetime(2024, 1, 15, 12, tzinfo=UTC)
PAGES: Final = (
    "/",
    "/?window=7d",
    "/endpoints",
    "/drill?by=endpoint&every=minute",
    "/drill?by=user&window=30d",
    "/statements",
    "/explain?what=errors",
    "/samples?of=cpu",
    "/sla",
    "/sla?per=contract",
    "/sla/explain?objective=availability",
    "/logs",
    "/requests/nobody",
    "/alerts",
    "/runbooks",
    "/runbooks/sla-budget",
    "/reports",
    "/reports/daily/2024-01-15",
    "/reports/weekly/2024-W03",
    "/reports/monthly/2024-01",
    "/nothing",
)
VOID: Final = frozenset({"br", "col", "hr", "img", "input", "link", "meta", "wbr"})
SAID: Final = frozenset({"alt", "aria-label", "placeholder", "title"})
"""The attributes that people hear or see."""


class _Reader(HTMLParser):
    """Reads what a page says, but what is code, and what is told to be English."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep what the attributes say."""
        found = dict(attrs)
        left_out = tag in {"code", "option", "pre", "script", "style"} or (tag != "html" and found.get("lang") == "en")
        left_out = left_out or any(outer for _, outer in self._open)
        if not left_out:
            self.said += [value for name, value in attrs if name in SAID and value]
        if tag not in VOID:
            self._open.append((tag, left_out))

    def handle_endtag(self, tag: str) -> None:
        """Leave the element."""
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        """Keep what is said."""
        if not any(outer for _, outer in self._open):
            self.said.append(data)


def said_on(page: str) -> str:
    """Return the words of a page without commands, fields, conditions, and notices as they were sent."""
    reader = _Reader()
    reader.feed(page)
    without = re.sub(r"^(FIRING|UNMEASURED): .*|^pager says .*", "", "\n".join(reader.said), flags=re.MULTILINE)
    return re.sub(r"'?atalaia [a-z -]+|\S*[/_=]\S*|\w+\.\w[\w.]*", " ", without)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """Return a client of a site at noon: ten requests of the last minute, one failed; two alerts; hours of silence."""
    folder = tmp_path_factory.mktemp("portuguese")
    with open_store(str(folder / "data"), writable=True) as store:
        store.append(requests(NOON.replace(hour=11, minute=59), 9, 1))
    unmeasured = rule("disco", Severity.UNMEASURED, runbook="atalaia runbook disk-full")
    check(folder / "alerts.sqlite", (rule("cpu", Severity.CRITICAL), unmeasured), NOON - timedelta(minutes=1))
    site = site_at(str(folder / "data"), ZoneInfo("UTC"), clock=lambda: NOON)
    mute = Mute(MuteKind.SILENCE, Recurrence(frozenset({5, 6}), 180, 300, "America/Sao_Paulo"), "cópia", "Ana")
    changed = replace(site, alert_state=folder / "alerts.sqlite", rules=replace(site.rules, mutes=(mute,)))
    return create_app(changed).test_client()


@pytest.mark.parametrize("path", PAGES)
def test_no_english_is_left_on_a_page(client: FlaskClient, path: str) -> None:
    """What is said, and what is said to who cannot see it; names of rules and fields stay as they are."""
    answer = client.get(path, headers={"Accept-Language": "pt-BR"})
    assert answer.status_code == (404 if path in {"/nothing", "/requests/nobody"} else 200)
    assert set(re.findall(r"\w+", said_on(answer.text))) & english_only() == set()


def test_english_would_be_found(client: FlaskClient) -> None:
    """Pages in English are full of it, so that the test above can fail."""
    for path in ("/", "/sla", "/alerts", "/nothing"):
        found = set(re.findall(r"\w+", said_on(client.get(path, headers={"Accept-Language": "en"}).text)))
        assert len(found & english_only()) > 10, path


def test_hours_of_silence_are_said_by_day(client: FlaskClient) -> None:
    """As the file means them, in the reader's language."""
    assert (
        "sábado, domingo, das 03:00 às 05:00 (America/Sao_Paulo), toda semana" in client.get("/alerts?lang=pt-BR").text
    )
    assert "every sat, sun from 03:00 to 05:00 (America/Sao_Paulo)" in client.get("/alerts?lang=en").text

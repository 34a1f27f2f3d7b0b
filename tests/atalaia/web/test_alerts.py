"""The page of the alerts: what it shows, what its forms do in the state of the checks, and what they refuse."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from html import unescape
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from analyzers.alerts import Alert, AlertState
from analyzers.alerts.alert import identify
from analyzers.alerts.mutes import Silence
from analyzers.alerts.rules.mutes import Mute, MuteKind
from analyzers.store.query import Window
from analyzers.thresholds import Severity
from atalaia.web.app import create_app
from atalaia.web.site import site_at
from tests.atalaia.web.alert_states import HOSTILE, NOW, RUNBOOK, check, rule, standing

ERRORS = identify("errors", {})
LATER = NOW + timedelta(minutes=1)
_FIELD = re.compile(r'name="form_token" value="([^"]+)"')
_SEEN = re.compile(rf'name="alert" value="{ERRORS}"><input type="hidden" name="seen" value="([^"]*)"')


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """Return a state in which two alerts fire, told to the mail and not to the pager."""
    path = tmp_path / "alerts.sqlite"
    standing(path)
    return path


def client_of(state: Path, now: datetime = LATER) -> FlaskClient:
    """Return a browser on a site over a state; its rules' file has one maintenance to come and one that is over."""
    site = site_at(str(state.parent / "none"), ZoneInfo("UTC"), clock=lambda: now)
    mutes = tuple(
        Mute(MuteKind.MAINTENANCE, Window(now + start, now + start + timedelta(hours=1)), reason, "ana")
        for start, reason in ((timedelta(hours=1), "new disk"), (-timedelta(days=1), "old disk"))
    )
    return create_app(replace(site, alert_state=state, rules=replace(site.rules, mutes=mutes))).test_client()


def send(client: FlaskClient, form: str, **fields: str) -> TestResponse:
    """Load the page and send one of its forms, as its own browser would."""
    token = _FIELD.search(client.get("/alerts").text)
    proof = {} if token is None else {"form_token": token[1]}
    return client.post(f"/alerts/{form}", data={**proof, **fields}, headers={"Sec-Fetch-Site": "same-origin"})


def seen(client: FlaskClient) -> str:
    """Return what a person has seen of the errors."""
    found = _SEEN.search(client.get("/alerts").text)
    assert found is not None
    return unescape(found[1])


def alert(state: Path, identity: str = ERRORS) -> Alert:
    """Return what the checks remember."""
    with AlertState.reading(state) as remembered:
        return remembered.alerts[identity]


def silences(state: Path) -> tuple[Silence, ...]:
    """Return the silences that the checks know."""
    with AlertState.reading(state) as remembered:
        return remembered.silences


def test_what_stands_is_all_there(state: Path) -> None:
    """Verdict, severity, text, explanation, runbook, channels told and not, maintenance to come, what was told."""
    page = unescape(client_of(state).get("/alerts").text)
    for text in ("2 alerts stand.", "critical", "errors is critical", "look at errors", "pager has not been told yet"):
        assert text in page
    assert "<dt>Told</dt><dd>mail</dd>" in page
    assert f'<a href="{RUNBOOK}"' in page
    assert "new disk" in page
    assert "old disk" not in page
    assert page.index(f'id="alert-{ERRORS}"') < page.index("errors is critical") < page.index("is warning")
    assert "pager says no to firing" in page


def test_what_happened_is_said_in_portuguese(state: Path) -> None:
    """The rule and how bad it is in the reader's language, before the notice, whose language is told."""
    page = unescape(client_of(state).get("/alerts", headers={"Accept-Language": "pt-BR"}).text)
    card = page.partition(f'id="alert-{ERRORS}"')[2].partition("</article>")[0]
    assert "O que a regra errors vigia atingiu o limite crítico." in card
    assert 'A notificação diz, em inglês:</span> <span lang="en">' in card


def test_what_to_do_is_in_the_readers_language(tmp_path: Path) -> None:
    """The link to the runbook keeps the language, and the command beside it shows the same page."""
    state = tmp_path / "alerts.sqlite"
    check(state, (rule("cpu", Severity.CRITICAL, runbook="atalaia runbook high-cpu"),))
    client = client_of(state)
    portuguese, english = (client.get(f"/alerts?lang={each}").text for each in ("pt-BR", "en"))
    assert '<a href="/runbooks/high-cpu?lang=pt-BR">CPU alta</a>' in portuguese
    assert "<code>atalaia runbook high-cpu --lang pt_BR</code>" in portuguese
    assert '<a href="/runbooks/high-cpu?lang=en">High CPU</a>' in english
    assert "<code>atalaia runbook high-cpu</code>" in english


def test_hostile_text_is_text(state: Path) -> None:
    """A rule, a label and a runbook that want to be scripts are shown, and none is markup or a link."""
    page = client_of(state).get("/alerts").text
    assert HOSTILE not in page
    assert HOSTILE in unescape(page)
    assert 'href="javascript:' not in page


def test_acknowledging_is_that_of_the_command(state: Path) -> None:
    """The state of the checks has who, when and why; the page says it, and a reload does nothing."""
    client = client_of(state)
    answer = send(client, "acknowledge", alert=ERRORS, seen=seen(client), by=" ana ", comment="rolling back")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/alerts?done=acknowledged")
    ack = alert(state).ack
    assert ack is not None
    assert (ack.at, ack.by, ack.comment, ack.severity) == (LATER, "ana", "rolling back", Severity.CRITICAL)
    assert "rolling back" in client.get("/alerts?done=acknowledged").text


def test_two_people_at_once(state: Path) -> None:
    """Both look, one acknowledges; the other is told who did, and the first word stands."""
    ana, rui = client_of(state), client_of(state)
    both = seen(ana), seen(rui)
    assert send(ana, "acknowledge", alert=ERRORS, seen=both[0], by="ana").status_code == 303
    answer = send(rui, "acknowledge", alert=ERRORS, seen=both[1], by="rui")
    assert answer.status_code == 409
    assert "ana has acknowledged it meanwhile" in unescape(answer.text)
    ack = alert(state).ack
    assert ack is not None
    assert ack.by == "ana"


def test_what_got_worse_has_not_been_seen(tmp_path: Path) -> None:
    """A warning that has become critical since the page was loaded is not acknowledged by its form."""
    state = tmp_path / "alerts.sqlite"
    check(state, (rule("errors", Severity.WARNING),))
    client = client_of(state)
    before = seen(client)
    check(state, (rule("errors", Severity.CRITICAL),), LATER)
    answer = send(client, "acknowledge", alert=ERRORS, seen=before, by="ana")
    assert (answer.status_code, alert(state).ack) == (409, None)
    assert "It has changed meanwhile" in answer.text


def test_what_is_over_cannot_be_acknowledged(state: Path) -> None:
    """An alert that resolved meanwhile, or never was, is a conflict and no failure."""
    client = client_of(state)
    before = seen(client)
    check(state, (rule("errors", Severity.OK),), LATER)
    for name in (ERRORS, "nothing"):
        assert send(client, "acknowledge", alert=name, seen=before, by="ana").status_code == 409


def test_a_silence_from_its_alert_is_about_it_alone(state: Path) -> None:
    """Rule and labels are the alert's own, line feeds in hostile ones included; it can be ended, once."""
    client, labels = client_of(state), {"client.ip": f"{HOSTILE}\nrule=x"}
    answer = send(client, "silence", alert=identify(HOSTILE, labels), duration="2h", reason=HOSTILE, by="rui")
    assert answer.status_code == 303
    (made,) = silences(state)
    assert (made.start, made.until, made.reason, made.by) == (LATER, LATER + timedelta(hours=2), HOSTILE, "rui")
    assert made.matchers == {**labels, "rule": HOSTILE}
    page = client.get("/alerts").text
    assert HOSTILE not in page
    assert f'id="silence-{made.id}"' in page
    assert send(client, "end-silence", silence=made.id).status_code == 303
    assert silences(state)[0].until == LATER
    assert send(client, "end-silence", silence=made.id).status_code == 409


def test_a_silence_of_anything(state: Path) -> None:
    """A line for each matcher; a length of one's own goes before the list's."""
    form = {"about": "rule=flood\n client.ip=203.0.113.9 \n", "duration": "1h", "other": "90m", "reason": "test"}
    assert send(client_of(state), "silence", by="ana", **form).status_code == 303
    (made,) = silences(state)
    assert made.matchers == {"rule": "flood", "client.ip": "203.0.113.9"}
    assert made.until == LATER + timedelta(minutes=90)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"reason": " "}, "Say why"),
        ({"by": ""}, "Say who you are"),
        ({"about": "flood"}, "does not say what to silence"),
        ({"about": ""}, "does not say what to silence"),
        ({"other": "soon"}, "Say how long"),
        ({"other": "0m"}, "Say how long"),
        ({"other": "99999999w"}, "Say how long"),
        ({"reason": "x" * 501}, "longer than 500"),
    ],
)
def test_a_form_with_a_mistake_is_kept(state: Path, changed: dict[str, str], says: str) -> None:
    """The page says what is missing, keeps what was typed, and nothing is silenced."""
    form = {"about": "rule=flood", "duration": "1h", "reason": "load test", "by": "ana", **changed}
    answer = send(client_of(state), "silence", **form)
    assert answer.status_code == 400
    assert says in unescape(answer.text)
    assert 'value="ana"' in answer.text or changed.get("by") == ""
    assert not silences(state)


@pytest.mark.parametrize(("form", "status"), [("acknowledge", 400), ("silence", 400), ("end-silence", 409)])
def test_a_refused_form_leads_back(state: Path, form: str, status: int) -> None:
    """Each language offered on the page that refuses leads to a page: the alerts, in that language."""
    client = client_of(state)
    refused = send(client, form, alert=ERRORS)
    assert refused.status_code == status
    for tag in ("en", "pt-BR"):
        (link,) = re.findall(rf'href="([^"]*lang={tag})" lang="{tag}"', refused.text)
        answer = client.get(link, follow_redirects=True)
        assert (answer.status_code, answer.request.path) == (200, "/alerts")
        assert f'<html lang="{tag}">' in answer.text


def test_without_checks_the_page_only_reads(tmp_path: Path) -> None:
    """No state: it says so, has no form, takes none, and makes no file that would look like checks."""
    state = tmp_path / "alerts.sqlite"
    client = client_of(state)
    page = client.get("/alerts").text
    assert 'id="read-only"' in page
    assert 'method="post"' not in page
    form = {"about": "rule=flood", "duration": "1h", "reason": "x", "by": "ana"}
    assert send(client, "silence", **form).status_code == 403  # no form of this page was shown
    assert not state.exists()


@pytest.mark.parametrize("form", ["acknowledge", "silence", "end-silence"])
def test_other_sites_change_nothing(state: Path, form: str) -> None:
    """A form from elsewhere is refused, however right its fields are."""
    client = client_of(state)
    fields = {"alert": ERRORS, "seen": seen(client), "by": "eve", "reason": "x", "duration": "1h"}
    assert client.post(f"/alerts/{form}", data=fields, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert alert(state).ack is None
    assert not silences(state)

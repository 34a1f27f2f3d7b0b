"""What other sites can make a browser send changes nothing here."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from werkzeug.datastructures import Headers

from atalaia.web.security.crossing import is_from_here
from tests.atalaia.web.security.guarded import Hands, Person, guarded


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec_Fetch_Site": "same-origin"}, 200),
        ({"Origin": "http://localhost"}, 200),
        ({"Sec_Fetch_Site": "cross-site"}, 403),
        ({"Sec_Fetch_Site": "same-site"}, 403),
        ({"Sec_Fetch_Site": "none"}, 403),
        ({"Sec_Fetch_Site": "cross-site", "Origin": "http://localhost"}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "http://localhost.evil.example"}, 403),
        ({"Origin": "http://localhost:81"}, 403),
        ({"Origin": "null"}, 403),
        ({}, 403),
    ],
)
def test_only_pages_of_this_site_change_anything(tmp_path: Path, headers: dict[str, str], status: int) -> None:
    """A form with the right proof is taken only where the browser says that a page of this very origin sent it."""
    hands = Hands()
    person = Person(guarded(tmp_path, hands, token=None).test_client())
    assert person.change(person.form_token(), **headers).status_code == status
    assert hands.changed == (status == 200)


@pytest.mark.parametrize("forged", [None, "", "x", "é"])
def test_a_form_needs_its_proof(tmp_path: Path, forged: str | None) -> None:
    """Without the token, or with another one, nothing is changed, whatever the browser says."""
    hands = Hands()
    person = Person(guarded(tmp_path, hands, token=None).test_client())
    person.form_token()
    assert person.change(forged, Sec_Fetch_Site="same-origin").status_code == 403
    assert hands.changed == 0


def test_a_proof_is_of_one_session(tmp_path: Path) -> None:
    """The token that an attacker's own browser was given is worth nothing in another one; without a session none is."""
    hands = Hands()
    app = guarded(tmp_path, hands, token=None)
    attacker, victim = Person(app.test_client()), Person(app.test_client())
    stolen = attacker.form_token()
    victim.form_token()
    assert victim.change(stolen, Sec_Fetch_Site="same-origin").status_code == 403
    assert Person(app.test_client()).change(stolen, Sec_Fetch_Site="same-origin").status_code == 403
    assert hands.changed == 0


def test_looking_changes_nothing(tmp_path: Path) -> None:
    """GET and HEAD of what changes something do not change it; other methods are refused without proof."""
    hands = Hands()
    client = guarded(tmp_path, hands, token=None).test_client()
    assert [client.get("/change").status_code, client.head("/change").status_code] == [200, 200]
    assert [client.open("/change", method=name).status_code for name in ("PUT", "DELETE", "PATCH")] == [403, 403, 403]
    assert client.get("/sign-out").status_code == 405
    assert hands.changed == 0


def test_a_session_lasts_half_a_day(tmp_path: Path) -> None:
    """After twelve hours a form is too old; one second before it is not."""
    hands = Hands()
    person = Person(guarded(tmp_path, hands, token=None).test_client())
    proof = person.form_token()
    hands.wait(12 * 3600 - 1)
    assert person.change(proof, Sec_Fetch_Site="same-origin").status_code == 200
    hands.wait(1)
    assert person.change(proof, Sec_Fetch_Site="same-origin").status_code == 403


def test_a_link_from_elsewhere_is_followed_once_more(tmp_path: Path) -> None:
    """A strict cookie is kept back from another site's link: the first answer opens the address again, by itself."""
    client = guarded(tmp_path, Hands()).test_client()
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Accept": "text/html"}
    answer = client.get("/?window=1h&where=a%3D1", headers=headers)
    assert answer.status_code == 200
    assert 'content="0; url=/?window=1h&amp;where=a%3D1"' in answer.text
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("path", ["//evil.example/", "/\\evil.example", "/%09/evil.example", "/%0a/evil.example"])
def test_following_once_more_never_leaves_the_site(tmp_path: Path, path: str) -> None:
    """Addresses that a browser could take for another host lead to the first page or to a path of this site."""
    client = guarded(tmp_path, Hands()).test_client()
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    answer = client.get("/", headers=headers, environ_overrides={"PATH_INFO": unquote(path)}).text
    target = answer.partition("url=")[2].partition('"')[0]
    assert re.fullmatch(r"/(?![/\\])[!-\[\]-~]*", target), target


@pytest.mark.parametrize("origin", ["null", "", "http://"])
def test_an_origin_without_a_name_is_not_that_of_a_site_without_one(origin: str) -> None:
    """Where ``Host`` is missing, an origin that names no host is not the same."""
    assert not is_from_here(Headers({"Origin": origin}))

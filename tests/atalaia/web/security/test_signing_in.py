"""Behind a token: who sees what, what the cookie is like, and how guessing is slowed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from atalaia.web.security.access import Access, bound_address
from logging_lib.errors import AtalaiaError
from tests.atalaia.web.security.guarded import TOKEN, Hands, Person, guarded

HTML = {"Accept": "text/html"}


@pytest.mark.parametrize("path", ["/", "/metrics", "/api/live", "/change", "/nothing", "/static", "/sign-in/"])
def test_nothing_is_shown_without_the_token(tmp_path: Path, path: str) -> None:
    """A program is told 401 and how to sign in, a browser is sent there; pages that are not there are no exception."""
    client = guarded(tmp_path, Hands()).test_client()
    answer = client.get(path)
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    answer = client.get(path, headers=HTML)
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/sign-in?next=%2F")


@pytest.mark.parametrize(
    "path",
    [
        "/static/../metrics",
        "/static/%2e%2e/metrics",
        "/static/..%2fmetrics",
        "/static/%2e%2e%2f%2e%2e%2fapp.py",
        "/static//etc/passwd",
        "/static/..\\app.py",
        "/static/site.css%00",
    ],
)
def test_static_is_no_way_around(tmp_path: Path, path: str) -> None:
    """Paths that begin with what everybody may have lead nowhere else."""
    answer = guarded(tmp_path, Hands()).test_client().get(path)
    assert answer.status_code in {401, 404}
    assert "atalaia_pipeline" not in answer.text


def test_the_right_token_signs_in(tmp_path: Path) -> None:
    """After it the pages are shown, and the person is where they wanted to go."""
    person = Person(guarded(tmp_path, Hands()).test_client())
    answer = person.sign_in(target="/change?x=1")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/change?x=1")
    assert person.client.get("/change").status_code == 200


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:x", ""])
def test_signing_in_leads_nowhere_else(tmp_path: Path, target: str) -> None:
    """An address that leaves the site is not followed."""
    assert Person(guarded(tmp_path, Hands()).test_client()).sign_in(target=target).headers["Location"] == "/"


def test_the_cookie_is_kept_from_scripts_and_other_sites(tmp_path: Path) -> None:
    """HttpOnly and SameSite=Strict; Secure behind a proxy that speaks TLS; it ends with the session."""
    app = guarded(tmp_path, Hands())
    cookie = Person(app.test_client()).sign_in().headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=43200"} <= set(cookie.split("; "))
    assert "Secure" not in cookie
    answer = app.test_client().get("/sign-in", headers={"X-Forwarded-Proto": "https"})
    assert "Secure" in answer.headers["Set-Cookie"].split("; ")


def test_signing_in_makes_a_new_session(tmp_path: Path) -> None:
    """A cookie that somebody planted before is not the one that is signed in."""
    person = Person(guarded(tmp_path, Hands()).test_client())
    person.form_token("/sign-in")
    before = person.client.get_cookie("atalaia")
    person.sign_in()
    after = person.client.get_cookie("atalaia")
    assert before is not None
    assert after is not None
    assert before.value != after.value
    person.client.set_cookie("atalaia", before.value)
    assert person.client.get("/change").status_code == 401


def test_signing_out_is_for_good(tmp_path: Path) -> None:
    """A copy of the cookie is worth nothing afterwards."""
    person = Person(guarded(tmp_path, Hands()).test_client())
    person.sign_in()
    copied = person.client.get_cookie("atalaia")
    proof = person.form_token()
    headers = {"Sec-Fetch-Site": "same-origin"}
    assert person.client.post("/sign-out", data={"form_token": proof}, headers=headers).status_code == 303
    assert copied is not None
    person.client.set_cookie("atalaia", copied.value)
    assert person.client.get("/change").status_code == 401


@pytest.mark.parametrize(
    "change", [lambda text: text[:-1], lambda text: "x" + text, lambda text: text.replace(":0", ":1")]
)
def test_a_cookie_cannot_be_forged(tmp_path: Path, change: Callable[[str], str]) -> None:
    """A cookie that is cut, longer, or says that it is signed in, is none."""
    person = Person(guarded(tmp_path, Hands()).test_client())
    person.form_token("/sign-in")
    cookie = person.client.get_cookie("atalaia")
    assert cookie is not None
    forged = change(cookie.value)
    assert forged != cookie.value
    person.client.set_cookie("atalaia", forged)
    assert person.client.get("/change").status_code == 401


def test_programs_show_the_token_in_a_header(tmp_path: Path) -> None:
    """With it /metrics answers, and a change needs no form; with another one neither."""
    hands = Hands()
    client = guarded(tmp_path, hands).test_client()
    right, wrong = ({"Authorization": f"Bearer {token}"} for token in (TOKEN, TOKEN + "x"))
    assert [client.get("/metrics", headers=each).status_code for each in (right, wrong)] == [200, 401]
    assert [client.post("/change", headers=each).status_code for each in (right, wrong)] == [200, 401]
    assert hands.changed == 1


def test_guessing_is_slowed(tmp_path: Path) -> None:
    """After five wrong tokens even the right one must wait: one second, then two, never more than a minute."""
    hands = Hands()
    person = Person(guarded(tmp_path, hands).test_client())
    assert [person.sign_in("wrong").status_code for _ in range(6)] == [401] * 5 + [429]
    answer = person.sign_in()
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "1")
    hands.wait(1)
    assert person.sign_in("wrong").status_code == 401
    assert person.sign_in().headers["Retry-After"] == "2"
    for _ in range(10):
        hands.wait(60)
        assert person.sign_in("wrong").status_code == 401
    assert person.sign_in().headers["Retry-After"] == "60"
    hands.wait(60)
    assert person.sign_in().status_code == 303
    assert person.sign_in("wrong").status_code == 401


def test_guessing_in_headers_counts_too(tmp_path: Path) -> None:
    """A program that guesses is slowed like a person; others are not."""
    client = guarded(tmp_path, Hands()).test_client()
    wrong, right = {"Authorization": "Bearer no"}, {"Authorization": f"Bearer {TOKEN}"}
    assert [client.get("/metrics", headers=wrong).status_code for _ in range(6)] == [401] * 5 + [429]
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    assert client.get("/metrics", headers=right, environ_overrides=elsewhere).status_code == 200


@pytest.mark.parametrize(
    ("token", "complaint"), [("short", "has 5 characters"), ("x" * 40 + " y", "cannot hold"), ("é" * 40, "cannot hold")]
)
def test_a_weak_token_is_refused(token: str, complaint: str) -> None:
    """The message says what to do instead."""
    with pytest.raises(AtalaiaError, match=complaint) as caught:
        Access(token)
    assert "secrets.token_urlsafe" in caught.value.remedy
    assert token not in repr(Access("x" * 32))


def test_other_machines_need_a_token() -> None:
    """An address that they can reach is listened on only with one."""
    with pytest.raises(AtalaiaError, match=r"open to other machines at '0\.0\.0\.0'"):
        bound_address("0.0.0.0", None)  # noqa: S104  refused
    assert bound_address("0.0.0.0", TOKEN) == "0.0.0.0"  # noqa: S104  only compared
    assert bound_address("localhost", None) == "127.0.0.1"


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("logs.example.org", 200),
        ("LOGS.example.org:443", 200),
        ("logs.example.org.", 200),
        ("127.0.0.1:8642", 200),
        ("evil.example", 421),
        ("logs.example.org.evil.example", 421),
        ("logs.example.org@evil.example", 421),
        ("", 421),
    ],
)
def test_it_answers_to_its_names_only(tmp_path: Path, host: str, status: int) -> None:
    """The page to sign in is no exception: a rebound name never sees it."""
    client = guarded(tmp_path, Hands(), hosts=("logs.example.org",)).test_client()
    assert client.get("/sign-in", headers={"Host": host}).status_code == status

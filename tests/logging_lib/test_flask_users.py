"""Who the user is in a record: a real Flask-Login by session, cookie and token, without a query for the log's sake."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import pytest
from flask import Flask, Request, abort, g, request, session
from flask.testing import FlaskClient
from flask_login import LoginManager, UserMixin, current_user, login_required, login_user, logout_user

from logging_lib.flask import AtalaiaFlask
from logging_lib.request.flask_user import number_if_digits
from tests.logging_lib.support import Lines, awaited


@dataclass
class User(UserMixin):  # type: ignore[misc] # Flask-Login publishes no types
    """A user whose id is a table's primary key."""

    id: int | str


class Loads:
    """Counts how often users were loaded: each stands for a query."""

    def __init__(self) -> None:
        self.count = 0


def make_app(loads: Loads, *, logged: bool = True) -> Flask:
    """Return an application with Flask-Login in all its ways."""
    app = Flask(__name__)
    app.secret_key = "test"  # noqa: S105 - signs a test's cookies
    manager = LoginManager(app)

    @manager.user_loader  # type: ignore[untyped-decorator] # Flask-Login publishes no types
    def load(user_id: str) -> User:
        loads.count += 1
        return User(int(user_id) if user_id.isdigit() else user_id)

    @manager.request_loader  # type: ignore[untyped-decorator] # as above
    def load_by_token(sent: Request) -> User | None:
        loads.count += 1
        return User(77) if sent.headers.get("Authorization") == "Bearer right" else None

    @app.post("/login/<name>")
    def sign_in(name: str) -> str:
        login_user(User(int(name) if name.isdigit() else name), remember="remember" in request.args)
        return "ok"

    @app.post("/logout")
    def sign_out() -> str:
        logout_user()
        return "ok"

    @app.get("/open")
    def open_page() -> str:
        return "ok"

    @app.get("/private")
    @login_required  # type: ignore[untyped-decorator] # as above
    def private() -> str:
        return str(current_user.get_id())

    @app.get("/broken")
    @login_required  # type: ignore[untyped-decorator] # as above
    def broken() -> str:
        raise ValueError(request.path)

    if logged:
        AtalaiaFlask(app)
    return app


@pytest.fixture
def loads() -> Loads:
    """Return the counter of a test."""
    return Loads()


@pytest.fixture
def client(lines: Lines, loads: Loads) -> FlaskClient:
    """Return a client that keeps its cookies."""
    assert lines() == []
    return make_app(loads).test_client()


def users(lines: Lines, count: int) -> list[object]:
    """Return the users of all requests so far."""
    return [record["user_id"] for record in awaited(lines, count)]


def test_a_session_tells_the_user_from_login_to_logout(client: FlaskClient, lines: Lines, loads: Loads) -> None:
    """The request that signs in, an open page, a private one, a failing one; the one that signs out is anonymous."""
    visit = [
        ("GET", "/open"),
        ("POST", "/login/123"),
        ("GET", "/open"),
        ("GET", "/private"),
        ("GET", "/broken"),
        ("GET", "/none"),
        ("POST", "/logout"),
        ("GET", "/private"),
    ]
    without = Loads()
    unlogged = make_app(without, logged=False).test_client()
    for method, path in visit:
        client.open(path, method=method, buffered=True)
        unlogged.open(path, method=method, buffered=True)
    assert users(lines, 8) == [None, 123, 123, 123, 123, 123, None, None]
    assert loads.count == without.count > 0  # the application's own; none for the log's sake


def test_an_id_that_is_a_name_stays_one(client: FlaskClient, lines: Lines) -> None:
    """Only ids of digits alone become numbers."""
    client.post("/login/ana.souza", buffered=True)
    client.get("/open", buffered=True)
    assert users(lines, 2) == ["ana.souza", "ana.souza"]


def test_a_remembered_user_is_known_before_anybody_asks(client: FlaskClient, lines: Lines, loads: Loads) -> None:
    """With the remember-me cookie alone: on a page that never asks, and on one that does; a forged one is nobody's."""
    client.post("/login/123?remember=1", buffered=True)
    client.delete_cookie("session")
    client.get("/open", buffered=True)
    assert loads.count == 0
    client.get("/private", buffered=True)
    client.delete_cookie("session")
    client.set_cookie("remember_token", "1|" + "0" * 128)
    client.get("/open", buffered=True)
    assert users(lines, 4) == [123, 123, 123, None]


def test_a_token_tells_the_user_where_somebody_asked(client: FlaskClient, lines: Lines) -> None:
    """A request_loader's user is in the record of the page that wants one; a wrong token is nobody's."""
    answers = [
        client.get("/private", headers={"Authorization": f"Bearer {token}"}, buffered=True).status_code
        for token in ("right", "wrong")
    ]
    assert answers == [200, 401]
    assert users(lines, 2) == [77, None]


def test_without_flask_login_the_session_or_g_tells(lines: Lines) -> None:
    """``session["user_id"]`` and ``g.user_id`` as they are; text of digits that an application stored stays text."""
    app = Flask(__name__)
    app.secret_key = "test"  # noqa: S105 - signs a test's cookies

    @app.get("/session/<value>")
    def by_session(value: str) -> str:
        session["user_id"] = value
        return "ok"

    @app.get("/g/<int:value>")
    def by_g(value: int) -> str:
        g.user_id = value
        return "ok"

    @app.before_request
    def refuse() -> None:
        if "refuse" in request.args:
            g.user_id = 5
            abort(403)

    AtalaiaFlask(app)
    for path in ("/session/0042", "/g/9", "/g/9?refuse=1"):
        app.test_client().get(path, buffered=True)
    assert users(lines, 3) == ["0042", 9, 5]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("123", 123),
        ("0", 0),
        ("007", "007"),
        ("1" * 18, 111_111_111_111_111_111),
        ("1" * 19, "1" * 19),
        ("", ""),
        ("-1", "-1"),
        ("\u0661", "\u0661"),
        ("a1", "a1"),
    ],
)
def test_which_ids_are_numbers(text: str, expected: int | str) -> None:
    """Digits that a number is written with, and that every reader of JSON keeps exactly."""
    assert number_if_digits(text) == expected


def test_a_uuid_is_an_id_too(lines: Lines) -> None:
    """In the session, which Flask signs as it is, and in ``g``; it is written as text."""
    app = Flask(__name__)
    app.secret_key = "test"  # noqa: S105 - signs a test's cookies

    @app.get("/session")
    def by_session() -> str:
        session["user_id"] = UUID(int=7)
        return "ok"

    @app.get("/g")
    def by_g() -> str:
        g.user_id = UUID(int=8)
        return "ok"

    AtalaiaFlask(app)
    assert [app.test_client().get(path).text for path in ("/session", "/g")] == ["ok", "ok"]
    assert [record["user_id"] for record in awaited(lines, 2)] == [str(UUID(int=7)), str(UUID(int=8))]

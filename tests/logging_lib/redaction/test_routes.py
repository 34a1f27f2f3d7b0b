"""A path's parts are redacted by the names that its route gives them, from Flask and from FastAPI."""

from __future__ import annotations

import httpx
import pytest
from fastapi import FastAPI
from flask import Flask

from logging_lib.asgi import AtalaiaASGI
from logging_lib.flask import AtalaiaFlask
from logging_lib.redaction import RedactionOptions, Redactor
from logging_lib.testing import Captured
from tests.logging_lib.serving import uvicorn_in_thread


@pytest.mark.parametrize(
    ("endpoint", "path", "expected"),
    [
        ("/reset/<token>", "/reset/Zq1", "/reset/[redacted]"),
        ("/reset/{token}", "/reset/Zq1", "/reset/[redacted]"),
        ("/u/<int:user_id>/<uuid:reset_token>/", "/u/7/Zq1/", "/u/7/[redacted]/"),
        ("/confirmação/<senha>", "/app/confirma%C3%A7%C3%A3o/Zq%201", "/app/confirma%C3%A7%C3%A3o/[redacted]"),
        ("/sessions/<sessions>", "/sessions/12", "/sessions/12"),
        ("/files/{token}/{path}", "/files/Zq1/a/b", "/files/[redacted]"),
        ("/a.b/<path:secret>", "/a.b/Zq1/Zq2", "/a.b/[redacted]"),
        ("/a.b/<secret>", "/axb/Zq1", "[redacted]"),
        ("/a/<secret>/b", "/a/x%0AZq1/b", "/a/[redacted]/b"),
        ("/reset/<token>", "/reset/Zq1/", "/reset/[redacted]/"),
        ("/<token>", "/Zq1", "/[redacted]"),
        ("/<token>", "/app/Zq1", "/[redacted]"),
        ("/{token}", "/Zq1/Zq2", "/[redacted]"),
        ("{token}", "/Zq1", "[redacted]"),
        ("/products/<code>", "/products/A7", "/products/A7"),
        ("/any/<any(a,b):token>", "/any/a", "/any/[redacted]"),
        ("(unmatched)", "/reset/x", "/reset/x"),
    ],
)
def test_the_route_names_what_is_secret(endpoint: str, path: str, expected: str) -> None:
    """In both frameworks' templates; a path that does not fit says little or nothing."""
    redactor = Redactor()
    for _ in range(2):  # the second time it is known
        assert redactor.redact({"endpoint": endpoint, "path": path})["path"] == expected


def test_it_can_be_allowed() -> None:
    """An application whose ``token`` is no secret says so."""
    record = Redactor(RedactionOptions(allow=frozenset({"token"}))).redact({"endpoint": "/<token>", "path": "/a"})
    assert record["path"] == "/a"


def test_a_link_for_a_new_password_does_not_reach_the_log(captured_records: Captured) -> None:
    """Through the real routers."""
    flask_app, api = Flask(__name__), FastAPI()

    def reset(token: str) -> str:
        return str(len(token))

    flask_app.add_url_rule("/reset/<token>", view_func=reset)
    api.add_api_route("/reset/{token}", reset)
    AtalaiaFlask(flask_app)
    assert flask_app.test_client().get("/reset/Zq1").text == "3"
    with uvicorn_in_thread(AtalaiaASGI(api)) as (host, port):
        assert httpx.get(f"http://{host}:{port}/reset/Zq1", timeout=60).json() == "3"
    assert [record["path"] for record in captured_records.requests] == ["/reset/[redacted]"] * 2

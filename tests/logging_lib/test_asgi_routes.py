"""The template of the route an ASGI request was served by: FastAPI, Starlette, routers in routers, mounts in mounts."""

from __future__ import annotations

import httpx
from starlette.applications import Starlette

from logging_lib import DOCUMENTED_KEYS, UNMATCHED
from logging_lib.asgi import AtalaiaASGI
from tests.logging_lib.asgi_app import Gates, fastapi_app, routes
from tests.logging_lib.serving import uvicorn_in_thread
from tests.logging_lib.support import Lines, awaited

CASES = [
    ("GET", "/nowhere/42", UNMATCHED, 404),
    ("PUT", "/api/chamados/9", "/api/chamados/{number}", 405),
    ("GET", "/api/chamados/nine", "/api/chamados/{number}", 422),
    ("GET", "/api/chamados/9/", UNMATCHED, 307),
    ("GET", "/api/v1/red/notes/5", "/api/v1/{team}/notes/{value}", 200),
    ("PUT", "/api/v1/red/notes/5", "/api/v1/{team}/notes/{value}", 405),
    ("GET", "/api/v1/red/none", UNMATCHED, 404),
    ("GET", "/docs", "/docs", 200),
    ("GET", "/plain/1", "/plain/{shown}", 200),
    ("DELETE", "/plain/1", "/plain/{removed}", 200),
    ("PUT", "/plain/1", "/plain/{removed}", 405),
    ("GET", "/static/asgi_app.py", "/static/{path}", 200),
    ("HEAD", "/static/asgi_app.py", "/static/{path}", 200),
    ("GET", "/static/none", "/static/{path}", 404),
    ("GET", "/sub/x/1", "/sub/x/{value}", 200),
    ("PUT", "/sub/x/1", "/sub/x/{value}", 405),
    ("GET", "/sub/none", UNMATCHED, 404),
    ("GET", "/tenants/7/pages/3", "/tenants/{tenant}/pages/{page}", 200),
    ("GET", "/tenants/7/pages/three", UNMATCHED, 404),
    ("POST", "/tenants/7/deep/8/9", "/tenants/{tenant}/deep/{level}/{leaf}", 200),
    ("GET", "/tenants/7/deep/8/9", "/tenants/{tenant}/deep/{level}/{leaf}", 405),
    ("GET", "/tenants/7/files/asgi_app.py", "/tenants/{tenant}/files/{path}", 200),
    ("GET", "/threaded/1", "/threaded/{number}", 200),
    ("GET", "/refused", "/refused", 503),
    ("GET", "/boom", "/boom", 500),
    ("GET", "/file", "/file", 200),
]


def test_every_way_a_request_can_go(lines: Lines) -> None:
    """Template, status and level of each; the bytes are those the client received; the outcome is completed."""
    with uvicorn_in_thread(AtalaiaASGI(fastapi_app(Gates()))) as (host, port):
        answers = [httpx.request(method, f"http://{host}:{port}{path}", timeout=60) for method, path, _, _ in CASES]
    records = awaited(lines, len(CASES))
    assert [
        (record["method"], record["path"], record["endpoint"], record["status_code"]) for record in records
    ] == CASES
    assert [answer.status_code for answer in answers] == [case[3] for case in CASES]
    assert [record["response_bytes"] for record in records] == [len(answer.content) for answer in answers]
    levels = {2: "INFO", 3: "INFO", 4: "WARNING", 5: "ERROR"}
    assert [record["level"] for record in records] == [levels[status // 100] for _, _, _, status in CASES]
    assert {record["outcome"] for record in records} == {"completed"}
    assert all(tuple(record)[:9] == DOCUMENTED_KEYS for record in records)
    assert all(answer.headers["X-Request-ID"] for answer in answers)


def test_starlette_below_a_root_path(lines: Lines) -> None:
    """Plain Starlette, told by the server that a proxy strips a prefix: the prefix is in the path, not the template."""
    cases = {
        "/pages/4": "/pages/{page}",
        "/flat/a": "/flat/{leaf}",
        "/flat/a/b": UNMATCHED,
        "/deep/pages/x": "/deep/{level}/{leaf}",
        "/files/none": "/files/{path}",
    }
    app = AtalaiaASGI(Starlette(routes=routes()))
    with uvicorn_in_thread(app, root_path="/app") as (host, port), httpx.Client(timeout=60) as http:
        for path in cases:
            http.get(f"http://{host}:{port}{path}")
    records = awaited(lines, len(cases))
    assert [record["endpoint"] for record in records] == list(cases.values())
    assert [record["path"] for record in records] == [f"/app{path}" for path in cases]

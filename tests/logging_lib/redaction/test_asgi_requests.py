"""No secret that an ASGI request carries reaches the log: a real FastAPI application under uvicorn, real files."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import quote

import httpx
from fastapi import BackgroundTasks, FastAPI, Request
from fastapi.responses import StreamingResponse

import logging_lib
from logging_lib.asgi import AtalaiaASGI
from logging_lib.request.asgi_routes import Scope
from tests.logging_lib.redaction.secrets_of import forms_of
from tests.logging_lib.serving import uvicorn_in_thread
from tests.logging_lib.support import awaited, read_lines

SECRETS = {
    "path": "529.982.247-25",
    "query": "Zq0query-S3cret",
    "odd query": "Zq1 od&d=ç",
    "agent": "Zq2agent.S3cret",
    "bearer": "Zq3bearer.S3cret",
    "cookie": "Zq4cookieS3cret",
    "forwarded": "Zq5forwardedS3cret",
    "request id": "AKIAZQ7REQUESTIDXYZ2",
    "traceparent": "Zq6traceparentS3cret",
    "json": 'Zq7"json\\S3cret',
    "card": "4539578763621486",
    "message": "Zq8messageS3cret",
    "argument": "Zq9argumentS3cret",
    "exception": "ZqAexceptionS3cret",
    "cause": "ZqBcauseS3cret",
    "stream": "ZqCstreamS3cret",
    "background": "ZqDbackgroundS3cret",
    "user": "sk_live_ZqEuserS3cret",
    "callback": "ZqFcallbackS3cret",
    "input": "ZqGinputS3cret",
}


def user_of(scope: Scope) -> str:
    """Return a user's id that is a key, or fail with a secret in the message."""
    if scope["path"] == "/boom":
        raise LookupError(f"no session={SECRETS['callback']}")
    return SECRETS["user"]


def look_up() -> None:
    """Fail with a mapping in the message."""
    raise LookupError({"api_key": SECRETS["cause"]})


def make_app() -> FastAPI:
    """Return an application that logs all it gets, and fails in every place."""
    app = FastAPI()
    own, standard = logging_lib.get_logger("shop"), logging.getLogger("shop")

    @app.post("/clientes/{cpf}")
    async def pay(cpf: str, request: Request) -> str:
        body = await request.json()
        own.info(f"paying of {cpf}, senha: {SECRETS['message']}", body=body, raw=await request.body())
        own.info("got", headers=dict(request.headers), pairs=request.headers.items(), url=str(request.url))
        own.info("scope", scope=dict(request.scope), cookies=request.cookies)
        standard.warning("token=%s of %s", SECRETS["argument"], body)
        return "ok"

    @app.get("/boom")
    async def boom() -> None:
        try:
            look_up()
        except LookupError as cause:
            raise PermissionError(f"refused: password={SECRETS['exception']!r}") from cause

    @app.get("/stream")
    async def stream() -> StreamingResponse:
        async def chunks() -> AsyncIterator[bytes]:
            yield b"first"
            raise ValueError(f"token={SECRETS['stream']}")

        return StreamingResponse(chunks())

    @app.get("/later")
    async def later(tasks: BackgroundTasks) -> str:
        def fail() -> None:
            raise ValueError(f"dsn postgresql://app:{SECRETS['background']}@db/osn")

        tasks.add_task(fail)
        return "ok"

    @app.get("/typed")
    async def typed(number: int) -> int:
        return number

    return app


def ask(base: str) -> list[int | None]:
    """Send requests that carry a secret in every place; return their statuses, ``None`` where the answer broke off."""
    headers = {
        "Connection": "close",  # uvicorn closes it itself after a failed task, when the next request is under way
        "User-Agent": f"curl/8 token={SECRETS['agent']}",
        "Authorization": f"Bearer {SECRETS['bearer']}",
        "Cookie": f"session={SECRETS['cookie']}",
        "X-Forwarded-For": f"secret={SECRETS['forwarded']}",
        "X-Request-ID": SECRETS["request id"],
        "traceparent": f"password={SECRETS['traceparent']}",
    }
    query = f"token={SECRETS['query']}&senha={quote(SECRETS['odd query'], safe='')}&page=2"
    body = {"user": [{"password": SECRETS["json"]}], "number": SECRETS["card"], "page": 3}
    targets = ["/boom", "/stream", "/later", f"/nowhere/{SECRETS['card']}", f"/typed?number=1&pin={SECRETS['input']}"]
    statuses: list[int | None] = []
    with httpx.Client(base_url=base, headers=headers, timeout=60) as client:
        posted = client.post(f"/clientes/{SECRETS['path']}?{query}", json=body)
        statuses.append(posted.status_code)
        for target in targets:
            try:
                statuses.append(client.get(target, params=None if "?" in target else query).status_code)
            except httpx.TransportError:
                statuses.append(None)
    return statuses


def served(directory: Path, *, redact: bool) -> bytes:
    """Send all requests to a server of its own and return everything that was written."""
    logging_lib.configure(service="shop", environment="test", directory=directory, redact=redact)
    app = AtalaiaASGI(make_app(), user_id=user_of)
    with uvicorn_in_thread(app) as (host, port):
        assert ask(f"http://{host}:{port}") == [200, 500, None, 200, 404, 200]
        awaited(lambda: read_lines(directory), 6)
    logging_lib.shutdown()
    return b"".join(path.read_bytes() for path in directory.iterdir())


def found_in(data: bytes) -> set[str]:
    """Return the names of the secrets that are in the bytes, in any of their forms."""
    return {name for name, secret in SECRETS.items() for form in forms_of(secret) if form in data}


def test_no_secret_of_an_asgi_request_reaches_the_file(tmp_path: Path) -> None:
    """Path, query, headers, body, exceptions, streams, background tasks, the callback's user and its failure."""
    data = served(tmp_path, redact=True)
    assert found_in(data) == set()
    lines = [json.loads(line) for line in data.splitlines()]
    assert {line["error_type"] for line in lines if "error_type" in line} == {
        *("PermissionError", "ValueError", "LookupError"),
    }
    for kept in (b"page=2", b'"page":3', b"curl/8", b"postgresql://app:[redacted]@db/osn", b"[redacted:cpf]"):
        assert kept in data


def test_without_redaction_each_of_them_is_there(tmp_path: Path) -> None:
    """So every one of them was planted where it could have been written."""
    assert found_in(served(tmp_path, redact=False)) == set(SECRETS)

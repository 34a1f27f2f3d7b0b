"""No secret that a request carries reaches the log: real Flask, real extension, real files, standard error too."""

from __future__ import annotations

import base64
import json
import logging
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
import structlog
from flask import Flask, request
from werkzeug.test import TestResponse

import logging_lib
from logging_lib.flask import AtalaiaFlask
from tests.logging_lib.redaction.secrets_of import forms_of

# Each made up for its place, none a substring of another.
SECRETS = {
    "query": "Zq0uery-S3cret",
    "encoded query": "Zq1 enc&od=ed ç",
    "path card": "4539578763621486",
    "path cpf": "39053344705",
    "user agent": "Zq2agent.S3cret",
    "referrer": "Zq3referrer/S3cret",
    "bearer": "Zq4bearer.S3cret-token",
    "basic": "Zq5basic:S3cret",
    "cookie": "Zq6cookieS3cret",
    "forwarded": "Zq7forwardedS3cret",
    "request id": "AKIAZQ7REQUESTIDXYZ2",
    "traceparent": "Zq8traceparentS3cret",
    "csrf": "Zq9csrfS3cret",
    "json password": 'ZqA"json\\S3cret',
    "json card": "378282246310005",
    "json cnpj": "12ABC34501DE35",
    "form": "ZqBform S3cret",
    "user": "529.982.247-25",
    "message": "ZqCmessageS3cret",
    "extra": "ZqDextraS3cret",
    "argument": "ZqEargumentS3cret",
    "exception": "ZqFexceptionS3cret",
    "cause": "ZqGcauseS3cret",
    "note": "ZqHnoteS3cret",
    "group": "ZqIgroupS3cret",
    "source line": "ZqJsourceS3cret",
    "key": "xoxb-2314567890-ZqKkeyS3cret",
}


def look_up() -> None:
    """Fail with a mapping in the message."""
    raise LookupError({"api_key": SECRETS["cause"], "tried": 3})


def connect(password: str) -> None:
    """Fail with the secret in the message, in a note, in the cause and in a group."""
    try:
        look_up()
    except LookupError as cause:
        group = ExceptionGroup("both", [ValueError(f"token={SECRETS['group']}")])
        group.add_note(f"dsn postgresql://app:{SECRETS['note']}@db/osn")
        error = PermissionError(f"refused: {{'password': {password!r}}} {group.exceptions[0]}")
        error.__cause__ = cause
        error.add_note(group.__notes__[0])
        raise error from cause


def make_app() -> Flask:
    """Return an application that logs all it gets, by every road."""
    app = Flask(__name__)
    own, standard = structlog.get_logger(), logging.getLogger("shop")

    @app.post("/clientes/<cpf>/<card>")
    def pay(cpf: str, card: str) -> str:
        body = request.get_json(silent=True)
        own.info(f"paying with {card} of {cpf}, senha: {SECRETS['message']}", body=body, form=request.form.to_dict())
        own.info("got", headers=dict(request.headers), pairs=list(request.headers), referrer=request.referrer)
        own.info("raw", raw=request.get_data(), url=request.url, environ=request.environ, **{SECRETS["key"]: 1})
        own.info("environment", text=repr(dict(request.headers)), dumped=json.dumps(dict(request.headers)))
        standard.warning("token=%s for %s", SECRETS["argument"], body, extra={"client_secret": SECRETS["extra"]})
        standard.warning({"event": "a dictionary", "args": body})
        try:
            connect(password="ZqJsourceS3cret")  # noqa: S106 - a secret in a line of source
        except PermissionError:
            own.exception("failed", exc_info=True)
            standard.exception("failed")
        return "ok"

    @app.get("/boom")
    def boom() -> str:
        connect(SECRETS["exception"])
        return "never"

    AtalaiaFlask(app, user_id=lambda: SECRETS["user"])
    return app


def ask(app: Flask) -> list[TestResponse]:
    """Send requests that carry a secret in every place."""
    client = app.test_client(use_cookies=False)  # its jar would replace our header
    basic = base64.b64encode(f"user:{SECRETS['basic']}".encode()).decode()
    headers = {
        "User-Agent": f"curl/8 token={SECRETS['user agent']}",
        "Referer": f"https://example.com/x?senha={quote(SECRETS['referrer'], safe='')}&page=1",
        "Authorization": f"Bearer {SECRETS['bearer']}",
        "Proxy-Authorization": f"Basic {basic}",
        "Cookie": f"session={SECRETS['cookie']}; other={SECRETS['cookie']}",
        "X-Forwarded-For": f"secret={SECRETS['forwarded']}",
        "X-Request-ID": SECRETS["request id"],
        "traceparent": f"password={SECRETS['traceparent']}",
        "X-CSRF-Token": SECRETS["csrf"],
    }
    path = f"/clientes/{SECRETS['path cpf']}/{SECRETS['path card']}"
    query = f"token={SECRETS['query']}&senha={quote(SECRETS['encoded query'], safe='')}&page=2"
    nested = {"user": {"login": [{"password": SECRETS["json password"]}]}, "pay": [{"number": SECRETS["json card"]}]}
    body = {"data": nested, "empresa": SECRETS["json cnpj"], "inner": json.dumps(nested)}
    return [
        client.post(f"{path}?{query}", headers=headers, json=body),
        client.post(f"{path}?{query}", headers=headers, data={"senha": SECRETS["form"], "page": "3"}),
        client.get(f"/boom?{query}", headers=headers),
        client.get(f"/nowhere/{quote(SECRETS['path card'])}?{query}", headers=headers),
    ]


def assert_none_in(data: bytes) -> None:
    """Fail where any secret is in the bytes, in any of its forms."""
    found = {name for name, secret in SECRETS.items() for form in forms_of(secret) if form in data}
    assert not found


def lines_of(directory: Path) -> bytes:
    """Return everything that was written."""
    return b"".join(path.read_bytes() for path in directory.iterdir())


def test_no_secret_of_a_request_reaches_the_file(tmp_path: Path) -> None:
    """Whatever the client sends and the application logs; what is no secret is there."""
    logging_lib.configure(service="shop", environment="test", directory=tmp_path)
    statuses = [response.status_code for response in ask(make_app()) if response.data is not None]
    assert statuses == [200, 200, 500, 404]
    data = lines_of(tmp_path)
    assert_none_in(data)
    assert data.count(b'"endpoint":') == 4
    for kept in (
        b"page=2",
        b'"page":"3"',
        b"curl/8",
        b'"tried": 3',
        b"postgresql://app:[redacted]@db/osn",
        b"[redacted:cpf]",
    ):
        assert kept in data.replace(b"'tried'", b'"tried"')


def test_without_redaction_each_of_the_secrets_is_in_the_file(tmp_path: Path) -> None:
    """So every one of them was planted where it could have been written."""
    logging_lib.configure(service="shop", environment="test", directory=tmp_path, redact=False)
    assert len([response.data for response in ask(make_app())]) == 4
    data = lines_of(tmp_path)
    assert [name for name, secret in SECRETS.items() if not any(form in data for form in forms_of(secret))] == []


def test_no_secret_of_a_request_reaches_the_console(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The terminal and the JSON lines for a container get the redacted record as well."""
    monkeypatch.setenv("NO_COLOR", "1")
    logging_lib.configure(service="shop", environment="test", directory=tmp_path, console=True, stream="stdout")
    assert len([response.data for response in ask(make_app())]) == 4
    sys.stdout.flush()
    shown = capsys.readouterr()
    assert "[redacted:card]" in shown.err
    assert "[redacted:card]" in shown.out
    assert_none_in(shown.err.encode() + shown.out.encode())


def test_no_secret_reaches_standard_error_before_logging_is_configured(capsys: pytest.CaptureFixture[str]) -> None:
    """Lines that come too early are printed, without their secrets."""
    logger = logging_lib.get_logger("early")
    said = f"senha={SECRETS['message']}"
    logger.info(said, token=SECRETS["extra"])
    assert "[redacted]" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("say", "on"),
    [
        (lambda path: logging_lib.configure(service="shop", directory=path), True),
        (lambda path: logging_lib.configure(service="shop", directory=path, redact=False), False),
    ],
)
def test_turning_it_off_is_explicit_and_is_said_in_the_log(
    tmp_path: Path, say: Callable[[Path], object], *, on: bool
) -> None:
    """Once, as a warning, before anything else."""
    say(tmp_path)
    logging_lib.get_logger("a").info("x", password=SECRETS["extra"])
    data = lines_of(tmp_path)
    assert (SECRETS["extra"].encode() not in data) is on
    assert data.count(b"redaction is off") == (0 if on else 1)


def test_the_settings_come_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Further names and e-mail addresses."""
    monkeypatch.setenv("ATALAIA_LOG_REDACT_KEYS", "matricula, nome_da_mae")
    monkeypatch.setenv("ATALAIA_LOG_REDACT_EMAILS", "yes")
    logging_lib.configure(service="shop", directory=tmp_path)
    logging_lib.get_logger("a").info("joana@example.com.br", Matricula=7123, clienteNomeDaMae="Maria", mother="Ana")
    (line,) = map(json.loads, lines_of(tmp_path).splitlines())
    assert line["event"] == "[redacted:email]"
    assert (line["Matricula"], line["clienteNomeDaMae"], line["mother"]) == ("[redacted]", "[redacted]", "Ana")

"""Plain WSGI applications on real servers: waitress here, gunicorn with each of its workers in processes."""

from __future__ import annotations

import asyncio
import gc
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from wsgiref.types import StartResponse, WSGIEnvironment

import httpx
import pytest
from gunicorn.http.wsgi import FileWrapper

import logging_lib
from atalaia.demo.helpdesk.server import serve_in_thread
from logging_lib import DOCUMENTED_KEYS, UNMATCHED, AtalaiaError
from logging_lib.record import UserId
from logging_lib.request.trace import RequestTrace
from logging_lib.values import Record
from logging_lib.wsgi import RequestLog
from tests.logging_lib.serving import ROOT, gunicorn, leave_early, wait_until
from tests.logging_lib.support import Lines, awaited, read_lines
from tests.logging_lib.wsgi_app import BIG, plain

APP = Path(__file__).with_name("wsgi_app.py")
WORKERS = (("sync",), ("gthread", "--threads", "8"), ("gevent",))


def hello(_environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Answer without a declared size."""
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"hello"]


def test_a_plain_application_is_unmatched_and_anonymous(lines: Lines) -> None:
    """Nobody told a route or a user; the record is whole all the same, and the server still knows the body's size."""
    with serve_in_thread(RequestLog(hello)) as server:
        answer = httpx.get(f"{server.url}/any/thing", timeout=60)
    (record,) = awaited(lines, 1)
    assert tuple(record)[:9] == DOCUMENTED_KEYS
    assert (record["endpoint"], record["user_id"], record["path"]) == (UNMATCHED, None, "/any/thing")
    assert (record["response_bytes"], record["outcome"]) == (5, "completed")
    assert (answer.headers["Content-Length"], answer.headers["X-Request-ID"]) == ("5", record["request_id"])


def test_the_line_is_there_before_the_last_byte(lines: Lines) -> None:
    """When the server gets the chunk that makes up the declared size, the record is written: a kill loses no line."""

    def app(_environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Length", "4")])
        return [b"12", b"34"]

    body = iter(RequestLog(app)({"REQUEST_METHOD": "GET", "PATH_INFO": "/"}, started))
    assert (next(body), len(lines())) == (b"12", 0)
    assert (next(body), len(lines())) == (b"34", 1)
    assert (list(body), len(lines())) == ([], 1)


def test_a_request_leaves_no_cycle_behind(lines: Lines) -> None:
    """What a request held is free with its end, without the garbage collector; under load that would be a pause."""
    observed = RequestLog(hello)
    gc.collect()
    gc.disable()
    try:
        for _ in range(3):
            body = observed({"REQUEST_METHOD": "GET", "PATH_INFO": "/"}, started)
            assert b"".join(body) == b"hello"
        del body
        assert [living for living in gc.get_objects() if isinstance(living, RequestTrace)] == []
    finally:
        gc.enable()
    assert len(awaited(lines, 3)) == 3


def started(*_: object) -> Callable[[bytes], object]:
    """Take the beginning of a response as a server would."""
    return len


def test_the_application_may_tell_by_the_environment(lines: Lines) -> None:
    """The keys ``atalaia.endpoint`` and ``atalaia.user_id`` are honoured, and the server's own ``REMOTE_USER``."""

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ["REMOTE_USER"] = "ana"
        if environ["PATH_INFO"] == "/7":
            environ["atalaia.endpoint"] = "/<int:number>"
            environ["atalaia.user_id"] = 123
        return hello(environ, start_response)

    with serve_in_thread(RequestLog(app)) as server:
        httpx.get(f"{server.url}/7", timeout=60)
        httpx.get(f"{server.url}/8", headers={"Remote-User": "mallory", "Atalaia.User-Id": "mallory"}, timeout=60)
    records = awaited(lines, 2)
    assert [(record["endpoint"], record["user_id"]) for record in records] == [
        ("/<int:number>", 123),
        (UNMATCHED, "ana"),
    ]


def test_callbacks_tell_and_may_fail(lines: Lines) -> None:
    """Callbacks win over the keys; one that raises is logged with the request's id and breaks nothing."""

    def endpoint(environ: WSGIEnvironment) -> str:
        return f"/{environ['PATH_INFO'].count('/')}"

    def who(environ: WSGIEnvironment) -> UserId:
        user: str = environ["missing"]
        return user

    with serve_in_thread(RequestLog(plain, endpoint=endpoint, user_id=who)) as server:
        assert httpx.get(f"{server.url}/a/b", timeout=60).status_code == 404
    (record,) = awaited(lines, 1)
    assert (record["endpoint"], record["user_id"]) == ("/2", None)
    (failed,) = [line for line in lines() if line.get("event") == "user_id callback failed"]
    assert (failed["error_type"], failed["request_id"]) == ("KeyError", record["request_id"])


def test_a_callback_nobody_would_wait_for_is_refused(lines: Lines) -> None:
    """A coroutine function as a callback would never run: it is refused when the application starts."""
    assert lines() == []

    async def tell(environ: WSGIEnvironment) -> str:
        await asyncio.sleep(0)
        return str(environ)

    with pytest.raises(AtalaiaError, match="the endpoint callback is a coroutine function"):
        RequestLog(plain, endpoint=tell)  # type: ignore[arg-type] # the mistake itself
    with pytest.raises(AtalaiaError, match="the user_id callback is a coroutine function"):
        RequestLog(plain, user_id=tell)  # type: ignore[arg-type] # the mistake itself


def test_an_endpoint_that_is_no_text_breaks_nothing(lines: Lines) -> None:
    """It is written as text, and the answer goes out."""
    told = RequestLog(plain, endpoint=lambda _environ: 7)  # type: ignore[arg-type,return-value] # the mistake itself
    with serve_in_thread(told) as server:
        assert httpx.get(f"{server.url}/a/b", timeout=60).status_code == 404
    (record,) = awaited(lines, 1)
    assert record["endpoint"] == "7"


@pytest.mark.parametrize("lazy", [False, True])
def test_a_status_that_no_client_saw_is_not_recorded(lines: Lines, *, lazy: bool) -> None:
    """An application that fails after its status and before its first byte is answered 500 by the server."""

    def app(_environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Length", "4")])
        raise LookupError("too late")

    def later(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        yield from app(environ, start_response)

    with serve_in_thread(RequestLog(later if lazy else app)) as server:
        answered = httpx.get(server.url, timeout=60).status_code
    (record,) = awaited(lines, 1)
    assert (record["status_code"], record["outcome"], record["error_type"]) == (500, "stream_failed", "LookupError")
    assert answered == 500


def test_a_failure_while_the_body_is_closed_is_told(lines: Lines) -> None:
    """It is an exception of the application like any other: part of the record, or a line of its own after it."""

    class Body(list[bytes]):
        def close(self) -> None:
            raise LookupError("while closing")

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Length", environ["PATH_INFO"][1:])])
        return Body([b"1234"])

    for declared in ("4", "8"):
        body = RequestLog(app)({"REQUEST_METHOD": "GET", "PATH_INFO": f"/{declared}"}, started)
        next(iter(body))
        with pytest.raises(LookupError):
            body.close()  # type: ignore[attr-defined] # as every server does
    whole, after, broken = lines()
    assert (whole["outcome"], "error_type" in whole) == ("completed", False)
    assert (after["event"], after["error_type"]) == ("failed after the response", "LookupError")
    assert (broken["outcome"], broken["error_type"]) == ("client_disconnected", "LookupError")


def test_a_file_of_waitress_is_sent_by_waitress(lines: Lines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server gets its own file object to send; the record comes when it closes it, with the bytes it sent."""
    monkeypatch.setenv("LOGS", str(tmp_path))
    (tmp_path / "big.bin").write_bytes(b"x" * BIG * 10)
    with serve_in_thread(RequestLog(plain)) as server:
        assert httpx.get(f"{server.url}/file/small", timeout=60).content == APP.read_bytes()
        (whole,) = awaited(lines, 1)
        leave_early((httpx.URL(server.url).host, httpx.URL(server.url).port or 80), request_for("/file/big"))
        broken = awaited(lines, 2)[1]
    assert (whole["response_bytes"], whole["outcome"]) == (len(APP.read_bytes()), "completed")
    assert broken["outcome"] == "client_disconnected"
    assert 0 <= int(str(broken["response_bytes"])) < BIG * 10


def test_a_servers_file_object_reaches_the_server(lines: Lines) -> None:
    """What the server gets back is an object of its own class, by which it knows that it may use ``sendfile``."""
    environ: WSGIEnvironment = {"wsgi.file_wrapper": FileWrapper, "REQUEST_METHOD": "GET", "PATH_INFO": "/file/small"}
    body = RequestLog(plain)(environ, started)
    assert isinstance(body, FileWrapper)
    assert lines() == []
    body.close()  # type: ignore[misc] # gunicorn sets it, or not, by hand
    assert awaited(lines, 1)[0]["response_bytes"] == len(APP.read_bytes())


def test_a_gateway_imports_no_framework_but_its_own() -> None:
    """An application of one framework needs no other to be installed."""
    listed = "print(sorted({'fastapi', 'flask', 'flask_login', 'starlette', 'uvicorn', 'werkzeug'} & set(sys.modules)))"
    command = f"import sys, logging_lib.asgi, logging_lib.wsgi; {listed}"
    told = subprocess.run([sys.executable, "-c", command], cwd=ROOT, check=True, capture_output=True, text=True)
    assert told.stdout == "[]\n"


def test_it_wants_a_configuration() -> None:
    """Without a configuration it refuses and says what to do."""
    with pytest.raises(AtalaiaError, match="configure"):
        RequestLog(hello)


def request_for(path: str) -> bytes:
    """Return the smallest request for a path."""
    return f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode()


def found(logs: Path, endpoint: str, count: int) -> list[Record]:
    """Return the records of an endpoint once there are ``count``."""

    def records() -> list[Record]:
        return [line for line in read_lines(logs) if line.get("endpoint") == endpoint]

    wait_until(lambda: len(records()) >= count)
    return records()


@pytest.mark.parametrize("worker", WORKERS, ids=lambda worker: worker[0])
def test_every_way_a_request_can_go_on_gunicorn(tmp_path: Path, worker: tuple[str, ...]) -> None:
    """Answered, failed, left by the client, and a file that gunicorn sends with ``sendfile``."""
    (tmp_path / "big.bin").write_bytes(b"x" * BIG * 10)
    with gunicorn(APP, "--worker-class", *worker, LOGS=str(tmp_path)) as address:
        url = "http://{}:{}".format(*address)
        assert httpx.get(f"{url}/other", timeout=60).status_code == 404
        assert httpx.get(f"{url}/boom", timeout=60).status_code == 500
        assert httpx.get(f"{url}/file/small", timeout=60).content == APP.read_bytes()
        leave_early(address, request_for("/stream"))
        (left,) = found(tmp_path, "/stream/<rest>", 1)
        leave_early(address, request_for("/file/big"))
        file, big = found(tmp_path, "/file/<rest>", 2)
    (none,) = found(tmp_path, "/other/<rest>", 1)
    (boom,) = found(tmp_path, "/boom/<rest>", 1)
    assert (none["status_code"], none["response_bytes"]) == (404, 2)
    assert (boom["status_code"], boom["outcome"], boom["error_message"]) == (500, "stream_failed", "short and stout")
    assert (left["status_code"], left["outcome"], left["level"]) == (200, "client_disconnected", "WARNING")
    assert (file["response_bytes"], file["outcome"]) == (len(APP.read_bytes()), "completed")
    assert (big["outcome"], big["level"]) == ("client_disconnected", "WARNING")


@pytest.mark.parametrize("worker", [*WORKERS, ("waitress",)], ids=lambda worker: worker[0])
def test_nothing_leaks_between_threads_and_greenlets(tmp_path: Path, worker: tuple[str, ...]) -> None:
    """Eight clients at once on connections kept open: each line has the ids and the bound value of its own request."""
    logs = tmp_path / "logs"
    if worker == ("waitress",):
        logging_lib.configure(service="ti-osn", environment="test", directory=logs)
        with serve_in_thread(RequestLog(plain)) as server:
            ask_all(server.url)
    else:
        with gunicorn(APP, "--worker-class", *worker, "--keep-alive", "5", LOGS=str(logs)) as address:
            ask_all("http://{}:{}".format(*address))
    records = found(logs, "/lines/<rest>", 120)
    ids = {(r["request_id"], r["trace_id"], r["span_id"]) for r in records}
    assert {request_id for request_id, _, _ in ids} == {f"id-{number}" for number in range(120)}
    said = [line for line in read_lines(logs) if line.get("event") == "said"]
    assert sorted(str(line["where"]) for line in said) == sorted(["call", "first", "helper", "last"] * 120)
    assert all(line["request_id"] == f"id-{line['number']}" and line["bound"] == line["number"] for line in said)
    assert {(line["request_id"], line["trace_id"], line["span_id"]) for line in said} == ids
    outside = [line for line in read_lines(logs) if "endpoint" not in line and line.get("event") != "said"]
    assert [line for line in outside if "bound" in line or "request_id" in line] == []


def ask_all(url: str) -> None:
    """Send 120 requests from eight threads, each on its own connection."""

    def ask(thread: int) -> None:
        with closing(httpx.Client(base_url=url, timeout=30)) as client:
            for number in range(thread * 15, thread * 15 + 15):
                answer = client.get(f"/lines/{number}", headers={"X-Request-ID": f"id-{number}"})
                assert (answer.text, answer.headers["X-Request-ID"]) == ("ab", f"id-{number}")
                assert re.fullmatch(r"id-\d+", answer.headers["X-Request-ID"])

    threads = [threading.Thread(target=ask, args=(thread,)) for thread in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

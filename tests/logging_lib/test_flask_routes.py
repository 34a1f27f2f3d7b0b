"""What the record says of the less ordinary ways through Flask: prefixes, hosts, handlers, async, streams, caches."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from flask import Blueprint, Flask, Response, g, jsonify, make_response, request, send_file, stream_with_context
from werkzeug.exceptions import NotFound
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import Client, TestResponse

import logging_lib
from logging_lib import UNMATCHED
from logging_lib.flask import AtalaiaFlask
from tests.logging_lib.support import Lines, awaited


class Missing(Exception):  # noqa: N818 - what the application calls it
    """Answered with 404 by a handler of its own class."""


class Down(Exception):  # noqa: N818 - what the application calls it
    """Answered by the handler for everything."""


def get(app: Flask, path: str, **headers: str) -> TestResponse:
    """Send one request and read its answer to the end."""
    return app.test_client().get(path, buffered=True, headers=headers)


def test_a_blueprint_in_a_blueprint_has_its_prefixes(lines: Lines) -> None:
    """The template is the whole one; a default makes two rules of one view, and the one that was asked for counts."""
    inner, outer, app = Blueprint("inner", __name__), Blueprint("outer", __name__), Flask(__name__)

    @inner.get("/itens/", defaults={"page": 1})
    @inner.get("/itens/<int:page>")
    def items(tenant: str, page: int) -> str:
        return f"{tenant}{page}"

    outer.register_blueprint(inner, url_prefix="/v1")
    app.register_blueprint(outer, url_prefix="/api/<tenant>")
    AtalaiaFlask(app)
    assert [get(app, path).status_code for path in ("/api/a/v1/itens/2", "/api/a/v1/itens/", "/api/a/v1/itens")] == [
        200,
        200,
        308,
    ]
    assert [record["endpoint"] for record in awaited(lines, 3)] == [
        "/api/<tenant>/v1/itens/<int:page>",
        "/api/<tenant>/v1/itens/",
        UNMATCHED,
    ]


def test_hosts_and_subdomains_are_matched(lines: Lines) -> None:
    """With host matching the same path has a template for each host, and none on a host nobody serves."""
    app = Flask(__name__, host_matching=True, static_host="static.test")
    app.add_url_rule("/<int:object>", "a", str, host="a.test")
    app.add_url_rule("/<name>", "b", lambda name: name, host="<sub>.b.test", methods=["POST"])
    AtalaiaFlask(app)
    for host in ("a.test", "x.b.test", "c.test"):
        app.test_client().get("/7", base_url=f"http://{host}", buffered=True)
    assert [(record["endpoint"], record["status_code"]) for record in awaited(lines, 3)] == [
        ("/<int:object>", 200),
        ("/<name>", 405),
        (UNMATCHED, 404),
    ]


def test_handlers_answer(lines: Lines) -> None:
    """A handler of the exception's class makes it an answer; the one for everything leaves it an error."""
    app = Flask(__name__)

    @app.get("/missing")
    def missing() -> str:
        raise Missing

    @app.get("/down")
    def down() -> str:
        raise Down("no database")

    @app.errorhandler(Missing)
    @app.errorhandler(NotFound)
    def not_found(_error: Exception) -> tuple[Response, int]:
        return jsonify(error="nothing here"), 404

    @app.errorhandler(500)
    def everything(_error: Exception) -> tuple[str, int]:
        return "maintenance", 503

    AtalaiaFlask(app)
    for path in ("/missing", "/nowhere", "/down"):
        get(app, path)
    missed, nowhere, failed = awaited(lines, 3)
    assert (missed["endpoint"], missed["status_code"], "error_type" in missed) == ("/missing", 404, False)
    assert (nowhere["endpoint"], nowhere["status_code"]) == (UNMATCHED, 404)
    assert (failed["endpoint"], failed["status_code"], failed["error_message"]) == ("/down", 503, "no database")


def test_an_async_view_is_one_request(lines: Lines) -> None:
    """What an async view and its tasks log carries the request's ids, and its queries are counted."""
    app = Flask(__name__)
    log = logging_lib.get_logger("app")

    async def work(number: int) -> None:
        await asyncio.sleep(0)
        log.info("worked", number=number)
        trace = logging_lib.current_trace()
        assert trace is not None
        trace.add_query(0.5)

    @app.get("/async")
    async def view() -> str:
        await asyncio.gather(work(1), work(2))
        return "ok"

    AtalaiaFlask(app)
    assert get(app, "/async").text == "ok"
    (record,) = awaited(lines, 1)
    assert (record["db_queries"], record["db_time"], record["endpoint"]) == (2, 1.0, "/async")
    worked = [line for line in lines() if line.get("event") == "worked"]
    assert [line["request_id"] for line in worked] == [record["request_id"]] * 2


def test_a_stream_has_its_request_and_its_teardown(lines: Lines) -> None:
    """Within ``stream_with_context`` lines carry the ids, the user is known, and the teardown is before the record."""
    app = Flask(__name__)
    log = logging_lib.get_logger("app")

    @app.get("/stream")
    def stream() -> Response:
        g.user_id = 7

        def body() -> Iterator[str]:
            for number in range(3):
                log.info("chunk", number=number, path=request.path)
                yield str(number)

        return Response(stream_with_context(body()))

    @app.teardown_request
    def down(_error: BaseException | None) -> None:
        log.info("teardown")

    AtalaiaFlask(app)
    assert get(app, "/stream").text == "012"
    (record,) = awaited(lines, 1)
    assert (record["user_id"], record["response_bytes"]) == (7, 3)
    said = [line.get("event", "request") for line in lines()]
    assert (said.count("chunk"), said[-2:]) == (3, ["teardown", "request"])
    assert {line["request_id"] for line in lines()} == {record["request_id"]}


def test_nothing_sent_is_a_whole_answer(lines: Lines) -> None:
    """HEAD and 304 send no byte and are complete, also of a file and of a stream."""
    app = Flask(__name__)

    @app.get("/file")
    def file() -> Response:
        return send_file(__file__)

    @app.get("/stream")
    def stream() -> Response:
        return Response(iter(["a", "b"]))

    @app.get("/tagged")
    def tagged() -> Response:
        answer = make_response("content")
        answer.set_etag("abc")
        answer.make_conditional(request)
        return answer

    AtalaiaFlask(app)
    client = app.test_client()
    tag = str(get(app, "/file").headers["ETag"])
    client.head("/file", buffered=True)
    client.head("/stream", buffered=True)
    get(app, "/tagged", If_None_Match='"abc"')
    get(app, "/file", If_None_Match=tag)
    whole, *empty = awaited(lines, 5)
    assert int(str(whole["response_bytes"])) > 1000
    assert [(record["status_code"], record["response_bytes"]) for record in empty] == [(200, 0)] * 2 + [(304, 0)] * 2
    assert {record["outcome"] for record in [whole, *empty]} == {"completed"}


@pytest.mark.parametrize("outside", [True, False])
def test_applications_under_one_roof(lines: Lines, *, outside: bool) -> None:
    """Below a dispatcher each application has its own templates, and the path is the whole one."""
    first, second = Flask("first"), Flask("second")
    first.add_url_rule("/x/<a>", "x", lambda a: a)
    second.add_url_rule("/y/<b>", "y", lambda b: b)
    AtalaiaFlask(second)
    if outside:
        AtalaiaFlask(first)
        first.wsgi_app = DispatcherMiddleware(first.wsgi_app, {"/second": second})  # type: ignore[method-assign]
    else:
        first.wsgi_app = DispatcherMiddleware(first.wsgi_app, {"/second": second})  # type: ignore[method-assign]
        AtalaiaFlask(first)
    client = Client(first.wsgi_app)
    client.get("/x/1", buffered=True)
    client.get("/second/y/2", buffered=True)
    assert [(record["endpoint"], record["path"]) for record in awaited(lines, 2)] == [
        ("/x/<a>", "/x/1"),
        ("/y/<b>", "/second/y/2"),
    ]

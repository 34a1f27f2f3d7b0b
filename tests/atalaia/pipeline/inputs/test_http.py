"""The ``http`` input on real sockets and with a real client: events, answers, refusals."""

from __future__ import annotations

import gzip
import json
import logging
import socket
import threading
import time
import zlib
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import replace

import httpx
import pytest

from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.errors import ConfigurationError, PipelineError
from atalaia.pipeline.http_server.patience import Patience
from atalaia.pipeline.http_server.serving import HttpServer
from tests.atalaia.pipeline.inputs.network_inputs import (
    DEADLINE,
    Running,
    Sink,
    load_input,
    run_input,
    running_input,
)
from tests.ports import free_port


def http(port: int, options: str = "") -> str:
    """Return an ``http`` input on loopback."""
    return f'http {{ port => {port} host => "127.0.0.1" {options} }}'


def post(running: Running, content: bytes = b"hello", path: str = "/", **headers: str) -> httpx.Response:
    """Post a body; ``content_type`` among the headers is ``Content-Type``."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.post(f"http://127.0.0.1:{running.port}{path}", content=content, headers=named, timeout=DEADLINE)


def soonest_refusal(running: Running) -> float:
    """Return the least seconds in which one of five requests was refused: others may keep the machine busy."""
    taken = []
    for _ in range(5):
        start = time.monotonic()
        assert post(running, b"too many").status_code == 429
        taken.append(time.monotonic() - start)
    return min(taken)


def raw(running: Running, data: bytes, *, shut: bool = True) -> bytes:
    """Send bytes and return everything that comes until the end."""
    with running.connect() as client:
        client.sendall(data)
        if shut:
            client.shutdown(socket.SHUT_WR)
        answer = b""
        while part := client.recv(1 << 16):
            answer += part
        return answer


def test_a_request_is_an_event_in_ecs() -> None:
    """The body is the message; what the request says stands in the fields that Logstash's documentation lists."""
    sink, port = Sink(), free_port()
    with run_input(http(port, 'tags => ["t"]'), sink, port) as running:
        headers = {"user_agent": "curl/8", "content_type": "text/x", "authorization": "s", "accept_encoding": "gzip"}
        answer = post(running, b"ol\xc3\xa1", "/a/b?c=d", **headers)
    assert (answer.status_code, answer.text, answer.headers["content-type"]) == (200, "ok", "text/plain")
    (event,) = sink.events
    data = {name: value for name, value in event.data.items() if not name.startswith("@")}
    assert data == {
        "message": "olá",
        "event": {"original": "olá"},
        "tags": ["t"],
        "host": {"ip": "127.0.0.1"},
        "user_agent": {"original": "curl/8"},
        "url": {"domain": "127.0.0.1", "port": port, "path": "/a/b?c=d"},
        "http": {
            "version": "HTTP/1.1",
            "method": "POST",
            "request": {"mime_type": "text/x", "body": {"bytes": "4"}},
        },
    }
    assert event.metadata == {
        "input": {
            "http": {
                "request": {
                    "headers": {
                        "accept_encoding": "gzip",
                        "connection": "keep-alive",
                        "content_length": "4",
                        "content_type": "text/x",
                        "http_accept": "*/*",
                        "http_host": f"127.0.0.1:{port}",
                        "http_user_agent": "curl/8",
                        "http_version": "HTTP/1.1",
                        "request_method": "POST",
                        "request_path": "/a/b?c=d",
                    }
                }
            }
        }
    }


def test_a_request_is_an_event_without_ecs() -> None:
    """Without ECS everything stands below ``headers``, and the address in ``host``; both replace what the body says."""
    sink, port = Sink(), free_port()
    with run_input(http(port), sink, port, ecs=EcsCompatibility.DISABLED) as running:
        post(running, b'{"host":"h","headers":1,"a":2}', content_type="application/json")
        raw(running, b"GET /health HTTP/1.0\r\n\r\n")
    first, second = (event.data for event in sink.events)
    assert (first["host"], first["a"]) == ("127.0.0.1", 2)
    assert isinstance(first["headers"], dict)
    assert first["headers"]["content_type"] == "application/json"
    assert second["message"] == ""
    assert second["headers"] == {
        "http_accept": None,
        "http_host": None,
        "http_user_agent": None,
        "http_version": "HTTP/1.0",
        "request_method": "GET",
        "request_path": "/health",
    }


def test_the_targets_can_be_named() -> None:
    """``remote_host_target_field`` and ``request_headers_target_field`` say where address and headers go."""
    sink, port = Sink(), free_port()
    options = 'remote_host_target_field => "[source][ip]" request_headers_target_field => "[@metadata][h]"'
    with run_input(http(port, options), sink, port, ecs=EcsCompatibility.DISABLED) as running:
        post(running)
    (event,) = sink.events
    assert event.data["source"] == {"ip": "127.0.0.1"}
    assert isinstance(event.metadata["h"], dict)
    assert "host" not in event.data


@pytest.mark.parametrize(
    ("options", "content_type", "body", "messages"),
    [
        ("", "application/json", b'[{"message":"a"},{"message":"b"}]', ["a", "b"]),
        ("", "application/json; charset=utf-8", b'{"message":"a"}', ["a"]),
        ("", "text/plain", b'{"message":"a"}\n', ['{"message":"a"}\n']),
        ("codec => line", "text/plain", b"a\nb", ["a", "b"]),
        ("codec => json_lines", "text/plain", b'{"message":"a"}\n\n{"message":"b"}\n', ["a", "b"]),
        ('additional_codecs => { "text/csv" => "line" }', "text/csv", b"a\nb\n", ["a", "b"]),
        ('additional_codecs => { "text/csv" => "line" }', "application/json", b"{}", ["{}"]),
        ("", "text/plain; charset=ISO-8859-1", b"ol\xe1", ["olá"]),
        ("", "text/plain; charset=unheard-of", b"ol\xc3\xa1", ["olá"]),
        ("", "text/plain", b"ol\xe1", ["ol\ufffd"]),
        ("", "text/plain; charset=unicode_escape", b"\\u0041", ["\\u0041"]),
    ],
)
def test_the_codec_follows_the_content_type(
    options: str, content_type: str, body: bytes, messages: list[object]
) -> None:
    """``additional_codecs`` first, then ``codec``; the charset of the content type is decoded."""
    sink, port = Sink(), free_port()
    with run_input(http(port, options), sink, port) as running:
        assert post(running, body, content_type=content_type).status_code == 200
    assert sink.messages == messages


def test_one_bad_event_does_not_take_the_others_with_it() -> None:
    """What cannot become an event is a dead letter; the others of the request are kept, and it is answered 200."""
    sink, port = Sink(), free_port()
    with run_input(http(port), sink, port) as running:
        body = b'[{"a":1},{"a":2,"host":"scalar"},{"a":3}]'
        assert post(running, body, content_type="application/json").status_code == 200
    assert [event.data["a"] for event in sink.events] == [1, 3]
    (letter,) = sink.letters
    assert letter.plugin == "http"
    assert "[host][ip] cannot be set" in letter.reason


def test_a_large_request_is_all_there() -> None:
    """Ten thousand events of one body arrive in order, in arrivals of moderate size, before the one answer."""
    sink, port = Sink(), free_port()
    with run_input(http(port), sink, port) as running:
        body = json.dumps([{"message": number} for number in range(10_000)]).encode()
        assert post(running, body, content_type="application/json").status_code == 200
        assert len(sink.events) == 10_000
    assert sink.messages == list(range(10_000))
    assert max(len(arrival.events) for arrival in sink.arrivals) <= 500


def test_the_answer_comes_when_the_events_are_durable() -> None:
    """Nothing is answered while the events are on their way."""
    sink, port = Sink(settling=False), free_port()
    with run_input(http(port), sink, port) as running, ThreadPoolExecutor() as pool:
        answer = pool.submit(post, running)
        sink.wait_for(1)
        time.sleep(0.3)
        assert not answer.done()
        sink.settle()
        assert answer.result(DEADLINE).status_code == 200


def test_a_full_pipeline_is_said_within_a_moment() -> None:
    """When the pipeline has no room, requests are told to come again; those that wait for room are taken in the end."""
    sink, port = Sink(settling=False, most=1), free_port()
    with run_input(http(port, "threads => 1"), sink, port) as running, ThreadPoolExecutor() as pool:
        first = pool.submit(post, running, b"first")
        sink.wait_for(1)
        second = pool.submit(post, running, b"second")
        sink.wait_for_blocked()
        start = time.monotonic()
        third = post(running, b"third")
        assert third.status_code == 429
        assert third.headers["retry-after"] == "1"
        assert time.monotonic() - start < 15
        assert soonest_refusal(running) < 0.9  # a moment is a second
        sink.settling = True
        sink.settle()
        assert [first.result(DEADLINE).status_code, second.result(DEADLINE).status_code] == [200, 200]
        assert post(running, b"fifth").status_code == 200
    assert sink.messages == ["first", "second", "fifth"]


def test_too_many_waiting_requests_are_refused_at_once() -> None:
    """``max_pending_requests`` may wait for the threads; one more is refused without waiting."""
    sink, port = Sink(settling=False, most=1), free_port()
    loaded = load_input(http(port, "threads => 1 max_pending_requests => 1"))
    server = getattr(loaded.run, "__self__", None)
    assert isinstance(server, HttpServer)
    patient = replace(server, patience=Patience(moment=2 * DEADLINE))
    with running_input(patient.run, sink, port) as running, ThreadPoolExecutor() as pool:
        answers = [pool.submit(post, running, b"durable first")]
        sink.wait_for(1)
        answers.append(pool.submit(post, running, b"at work"))
        sink.wait_for_blocked()
        answers += [pool.submit(post, running, b"pending, or too many") for _ in range(2)]
        done, others = wait(answers, DEADLINE, FIRST_COMPLETED)  # long before a moment is over
        assert [answer.result().status_code for answer in done] == [429]
        sink.settling = True
        sink.settle()
        assert [answer.result(DEADLINE).status_code for answer in others] == [200] * 3


def test_stopping_is_said() -> None:
    """When the input is stopped, a request whose events are not durable yet is told so."""
    sink, port = Sink(settling=False), free_port()
    with run_input(http(port), sink, port) as running, ThreadPoolExecutor() as pool:
        answer = pool.submit(post, running)
        sink.wait_for(1)
        running.stop.set()
        said = answer.result(DEADLINE)
    assert said.status_code == 503
    assert "not durable yet" in said.text


def test_a_pipeline_that_takes_nothing_more_ends_the_input() -> None:
    """``StoppedError`` of ``emit`` is answered 503 and ends the input without an error."""
    sink, port = Sink(), free_port()
    with run_input(http(port), sink, port) as running:
        sink.stop()
        answer = post(running)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
        running.wait()


def test_basic_authentication() -> None:
    """Only the user with the password is let in; the others are told how to say who they are."""
    sink, port = Sink(), free_port()
    with run_input(http(port, 'user => "ana" password => "s3:cret"'), sink, port):
        url = f"http://127.0.0.1:{port}/"
        for auth, status in ((None, 401), (("ana", "wrong"), 401), (("ana", "s3:cret"), 200)):
            answer = httpx.post(url, content=b"x", auth=auth, timeout=DEADLINE)
            assert answer.status_code == status
            assert ("www-authenticate" in answer.headers) == (status == 401)
    assert len(sink.events) == 1
    assert "authorization" not in str(sink.events[0].metadata)


def test_bodies_have_a_bound() -> None:
    """A longer body is refused with 413, by what it says of its length or once it is too long, decompressed too."""
    sink, port = Sink(), free_port()
    with run_input(http(port, "max_content_length => 1000"), sink, port) as running:
        assert post(running, b"x" * 1000).status_code == 200
        assert post(running, b"x" * 1001).status_code == 413
        parts = iter([b"x" * 600, b"x" * 600])
        chunked = httpx.post(f"http://127.0.0.1:{port}/", content=parts, timeout=DEADLINE)
        assert chunked.status_code == 413
        bomb = gzip.compress(b"\0" * 100_000_000)
        assert post(running, bomb[:1000], content_encoding="gzip").status_code == 413
    assert len(sink.events) == 1


@pytest.mark.parametrize(
    ("encoding", "body", "status"),
    [
        ("gzip", gzip.compress(b"hel", mtime=0) + gzip.compress(b"lo", mtime=0), 200),
        ("x-gzip", gzip.compress(b"hello", mtime=0), 200),
        ("deflate", zlib.compress(b"hello"), 200),
        ("deflate", zlib.compress(b"hello")[2:-4], 200),
        ("identity", b"hello", 200),
        ("gzip", b"hello", 400),
        ("gzip", gzip.compress(b"hello", mtime=0)[:-3], 400),
        ("br", b"hello", 415),
        ("gzip, gzip", b"hello", 415),
    ],
)
def test_content_encodings(encoding: str, body: bytes, status: int) -> None:
    """Gzip and deflate are decompressed, what is broken or unknown is refused."""
    sink, port = Sink(), free_port()
    with run_input(http(port), sink, port) as running:
        assert post(running, body, content_encoding=encoding).status_code == status
    assert sink.messages == ["hello"] * (status == 200)


def test_answers_can_be_configured() -> None:
    """``response_code`` and ``response_headers`` are the answer's; 204 has no body."""
    for code, text in (("202", "ok"), ("204", "")):
        sink, port = Sink(), free_port()
        options = f'response_code => {code} response_headers => {{ "Access-Control-Allow-Origin" => "*" }}'
        with run_input(http(port, options), sink, port) as running:
            answer = post(running)
        assert (str(answer.status_code), answer.text) == (code, text)
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "content-type" not in answer.headers


def test_one_connection_takes_many_requests() -> None:
    """Connections are kept; pipelined requests are answered in order; ``Expect`` is heard; HEAD has no body."""
    sink, port = Sink(), free_port()
    with run_input(http(port), sink, port) as running:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=DEADLINE) as client:
            assert [client.post("/", content=b"kept").status_code for _ in range(3)] == [200] * 3
            assert client.head("/").headers["content-length"] == "2"
            assert client.post("/", content=b"after").text == "ok"
        one = b"POST /%d HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nz"
        answers = raw(running, b"".join(one % number for number in range(5)))
        assert answers.count(b"HTTP/1.1 200 OK") == 5
        with running.connect() as client:
            client.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n")
            assert client.recv(100).startswith(b"HTTP/1.1 100")
            client.sendall(b"late")
            assert client.recv(100).startswith(b"HTTP/1.1 200 OK")
    paths = [event.data["url"]["path"] for event in sink.events[5:10] if isinstance(event.data["url"], dict)]
    assert paths == [f"/{number}" for number in range(5)]
    assert sink.messages[-1] == "late"


def test_a_refusal_is_heard_although_the_body_is_still_coming() -> None:
    """A client that sends a megabyte before it reads still gets the refusal."""
    sink, port = Sink(), free_port()
    with run_input(http(port, "max_content_length => 10"), sink, port) as running:
        head = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n"
        assert raw(running, head + b"x" * 1_000_000).startswith(b"HTTP/1.1 413 ")
    assert sink.arrivals == []


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"hello\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx", b"400"),
        (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n", b"501"),
        (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 20_000, b"431"),
        (b"CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n", b"405"),
        (b"\x16\x03\x01" + b"\0" * 300 + b"\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nshort", b"400"),
    ],
)
def test_malformed_requests_are_refused(data: bytes, status: bytes) -> None:
    """What is no request is answered with its error, becomes no event, and hurts nobody."""
    sink, port = Sink(), free_port()
    with run_input(http(port), sink, port) as running:
        assert raw(running, data).startswith(b"HTTP/1.1 " + status)
        assert post(running, b"good").status_code == 200
    assert sink.messages == ["good"]


def test_a_taken_port_is_said(caplog: pytest.LogCaptureFixture) -> None:
    """The input says where it listens, and fails with a message when it cannot."""
    caplog.set_level(logging.INFO)
    sink, port = Sink(), free_port()
    message = f"http: 127.0.0.1:{port} cannot be listened on: Address already in use"
    again = pytest.raises(PipelineError, match=message)
    with run_input(http(port), sink, port), again, run_input(http(port), Sink(), port):
        pass
    assert f"http: listening on 127.0.0.1:{port}" in caplog.text


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("port => 70000", "70000 is no port"),
        ("threads => 0", "'threads': 0 is too few"),
        ("response_code => 418", "418 is none of 200, 201, 202, 204"),
        ("user => me", "user(.|\n)*it needs password too"),
        ("password => me", "password(.|\n)*it needs user too"),
        ('response_headers => { "Content-Length" => "3" }', "Content-Length is set as the message needs it"),
        ('response_headers => { "a b" => "3" }', "'a b' is no name of a header"),
        ('response_headers => { "a" => "ç" }', "'ç' is no value of a header"),
        ('additional_codecs => { "x/y" => "cef" }', "there is no codec 'cef' here"),
        ('additional_codecs => { "x/y" => "dots" }', "additional_codecs(.|\n)*dots only writes events"),
        ('remote_host_target_field => "[a"', "remote_host_target_field(.|\n)*no[t]? a field reference"),
        ('ssl_keystore_path => "/x.jks"', "ssl_keystore_path(.|\n)*key stores are not supported"),
        ('ssl_truststore_path => "/x.jks"', "ssl_truststore_path(.|\n)*ssl_certificate_authorities"),
        ("ssl => true", "http has no option 'ssl'"),
        ("ssl_enabled => true", "needed with ssl_enabled"),
        ("ssl_enabled => true ssl_client_authentication => required", "=> required needs it"),
        ('ssl_enabled => true ssl_certificate_authorities => "/x"', "no client is asked for a certificate"),
    ],
)
def test_refused_at_load(options: str, message: str) -> None:
    """What cannot be honoured is refused by name, before anything listens."""
    with pytest.raises(ConfigurationError, match=message), run_input(f"http {{ {options} }}", Sink(), 1):
        pass


def test_its_threads_end_with_it() -> None:
    """Nothing of an input is left when it has ended."""
    before = set(threading.enumerate())
    sink, port = Sink(), free_port()
    with run_input(http(port), sink, port) as running:
        post(running)
    assert set(threading.enumerate()) == before

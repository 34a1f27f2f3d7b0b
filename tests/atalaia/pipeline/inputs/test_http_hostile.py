"""The ``http`` input among clients that are slow, huge, many or mad, and through TLS."""

from __future__ import annotations

import gzip
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atalaia.pipeline.http_server.patience import Patience
from atalaia.pipeline.http_server.serving import HttpServer
from tests.atalaia.pipeline.inputs.certificates import Certificates, make_certificates
from tests.atalaia.pipeline.inputs.network_inputs import (
    DEADLINE,
    Running,
    Sink,
    load_input,
    run_input,
    running_input,
)
from tests.atalaia.pipeline.inputs.serving import Peak, Served, serve_input
from tests.atalaia.pipeline.inputs.test_http import http, post
from tests.ports import free_port

PROMPTLY = 30.0
"""Seconds in which a good client must be answered, on a machine that others use too."""
HEAD = b"POST / HTTP/1.1\r\nHost: x\r\n"
PATIENT = Patience(idle=DEADLINE, head=DEADLINE, body=DEADLINE, answer=DEADLINE)
"""Much may go on between two steps of a test."""


def server_with(port: int, patience: Patience, connections: int | None = None) -> HttpServer:
    """Return a server with a patience of its own."""
    run = load_input(http(port)).run
    server = getattr(run, "__self__", None)
    assert isinstance(server, HttpServer)
    return replace(server, patience=patience, connections=connections)


def rest(client: socket.socket) -> bytes:
    """Return what comes until the end, a reset counting as one."""
    client.settimeout(DEADLINE)
    data = b""
    try:
        while part := client.recv(1 << 16):
            data += part
    except ConnectionResetError:
        pass
    return data


@pytest.mark.parametrize(
    ("impatient", "sent", "answer"),
    [
        (replace(PATIENT, idle=0.5), b"", b""),
        (replace(PATIENT, head=0.5), HEAD, b"HTTP/1.1 408 "),
        (replace(PATIENT, body=0.5), HEAD + b"Content-Length: 100000\r\n\r\nx", b"HTTP/1.1 408 "),
    ],
)
def test_slow_requests_are_ended(impatient: Patience, sent: bytes, answer: bytes) -> None:
    """Silence, a head that does not end, and a body that stops coming are ended in time."""
    sink, port = Sink(), free_port()
    with running_input(server_with(port, impatient).run, sink, port) as running, running.connect() as client:
        start = time.monotonic()
        client.sendall(sent)
        said = rest(client)
        assert time.monotonic() - start < PROMPTLY
    assert said == b"" if answer == b"" else said.startswith(answer)
    assert sink.arrivals == []


def test_who_keeps_the_rate_is_served() -> None:
    """8 kB in the first moment are 8 seconds more: the rest may come after the body's half a second is over."""
    sink, port = Sink(), free_port()
    server = server_with(port, replace(PATIENT, body=0.5))
    with running_input(server.run, sink, port) as running, running.connect() as steady:
        steady.sendall(HEAD + b"Content-Length: 9000\r\n\r\n" + b"x" * 8_000)
        time.sleep(1)
        steady.sendall(b"x" * 1_000)
        assert steady.recv(100).startswith(b"HTTP/1.1 200 ")
    assert len(sink.events) == 1


def test_events_that_do_not_become_durable_are_not_waited_for_without_end() -> None:
    """After its time a request is told that its events are on their way, and that a repetition may double them."""
    sink, port = Sink(settling=False), free_port()
    with running_input(server_with(port, replace(PATIENT, settled=0.5)).run, sink, port) as running:
        answer = post(running)
    assert answer.status_code == 503
    assert "may double them" in answer.text


def test_a_client_that_does_not_read_its_answers_is_ended() -> None:
    """Pipelined requests whose answers nobody reads end the connection when no more fits; others are served."""
    sink, port = Sink(), free_port()
    impatient = server_with(port, replace(PATIENT, answer=0.5))
    with running_input(impatient.run, sink, port) as running, running.connect() as deaf:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        with pytest.raises((BrokenPipeError, ConnectionResetError)):
            send_for_ever(deaf, HEAD + b"Content-Length: 0\r\n\r\n")
        assert post(running).status_code == 200


def send_for_ever(client: socket.socket, data: bytes) -> None:
    """Send until the connection breaks."""
    while True:
        client.sendall(data * 100)


def test_connections_beyond_the_bound_are_told_so() -> None:
    """One connection more than there may be is answered 503 and closed."""
    sink, port = Sink(), free_port()
    with running_input(server_with(port, PATIENT, connections=2).run, sink, port) as running:
        with taken(running), taken(running), running.connect() as third:
            answer = rest(third)
        assert answer.startswith(b"HTTP/1.1 503 ")
        head, _, body = answer.partition(b"\r\n\r\n")
        assert f"Content-Length: {len(body)}".encode() in head


def taken(running: Running) -> socket.socket:
    """Return a connection that was answered, and is kept; the look whether it listens was a connection too."""
    end = time.monotonic() + DEADLINE
    while time.monotonic() < end:
        client = running.connect()
        client.sendall(HEAD + b"Content-Length: 0\r\n\r\n")
        with suppress(ConnectionResetError):
            if client.recv(100).startswith(b"HTTP/1.1 200 "):
                return client
        client.close()
    raise AssertionError("there was no place")


def test_two_hundred_slow_bodies_take_bounded_memory() -> None:
    """200 clients hold two megabytes each: together they take no more than one body may; others are served."""
    port = free_port()
    text = http(port, "max_content_length => 20000000")
    with serve_input(text, port) as served, Peak(served) as peak:
        before = served.megabytes()
        clients = [socket.create_connection(("127.0.0.1", port), DEADLINE) for _ in range(200)]
        with ThreadPoolExecutor(50) as pool:
            list(pool.map(send_two_megabytes, clients))
        assert well_answered(served) < PROMPTLY
        end = time.monotonic() + DEADLINE
        while (refused := sum(map(was_refused, clients))) < 190 and time.monotonic() < end:
            time.sleep(0.02)
        for client in clients:
            client.close()
    assert 190 <= refused <= 191  # ten find room at most
    assert peak.megabytes - before < 80


def send_two_megabytes(client: socket.socket) -> None:
    """Begin a body of three megabytes and send two of them, or as much as is taken."""
    with suppress(BrokenPipeError, ConnectionResetError):
        client.sendall(HEAD + b"Content-Length: 3000000\r\n\r\n" + b"x" * 2_000_000)


def was_refused(client: socket.socket) -> bool:
    """Whether a body was: it is answered, or its connection reset, which is said once."""
    client.setblocking(False)
    try:
        answer = client.recv(100, socket.MSG_PEEK)
        return answer == b"" or answer.startswith(b"HTTP/1.1 429 ")
    except BlockingIOError:
        return False
    except (BrokenPipeError, ConnectionResetError):
        return True


def well_answered(served: Served) -> float:
    """Post as a good client does; return the seconds until it was answered."""
    start = time.monotonic()
    assert httpx.post(f"http://127.0.0.1:{served.port}/", content=b"good", timeout=DEADLINE).status_code == 200
    return time.monotonic() - start


def test_bombs_and_endless_bodies_hurt_nobody() -> None:
    """Bombs and endless chunked bodies are refused with little memory; good requests are answered promptly."""
    port = free_port()
    bomb = gzip.compress(b"\0" * 300_000_000)
    end = threading.Event()

    def attack(number: int) -> None:
        while not end.is_set():
            with socket.create_connection(("127.0.0.1", port), DEADLINE) as client:
                try:
                    if number % 2:
                        client.sendall(HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(bomb))
                        client.sendall(bomb)
                        rest(client)
                    else:
                        client.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
                        while not end.is_set():
                            client.sendall(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")
                except (BrokenPipeError, ConnectionResetError):
                    pass

    with serve_input(http(port, "max_content_length => 5000000"), port) as served, Peak(served) as peak:
        before = served.megabytes()
        threads = [threading.Thread(target=attack, args=(number,)) for number in range(6)]
        for thread in threads:
            thread.start()
        try:
            taken = [well_answered(served) for _ in range(10)]
        finally:
            end.set()
            for thread in threads:
                thread.join(DEADLINE)
        assert max(taken) < PROMPTLY
    assert served.events == 10
    assert peak.megabytes - before < 48


@pytest.fixture(scope="module")
def shared() -> Iterator[Running]:
    """Run one input for all examples."""
    sink, port = Sink(), free_port()
    with run_input(http(port), sink, port) as running:
        yield running


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.binary(max_size=40)
        | st.sampled_from(
            [
                HEAD,
                b"GET /x HTTP/1.1\r\n",
                b"Content-Length: 5\r\n",
                b"Transfer-Encoding: chunked\r\n",
                b"Content-Encoding: gzip\r\n",
                b"Content-Type: application/json;charset=x\r\n",
                b"\r\n",
                b"hello",
                b"5\r\nhello\r\n0\r\n\r\n",
                b'[[[{"a":',
            ]
        ),
        max_size=10,
    )
)
def test_any_bytes_are_answered_or_ended(shared: Running, parts: list[bytes]) -> None:
    """Whatever comes, the connection is answered with HTTP or ended, and the next request is served."""
    with shared.connect() as client:
        client.sendall(b"".join(parts))
        client.shutdown(socket.SHUT_WR)
        answer = rest(client)
    assert answer == b"" or answer.startswith(b"HTTP/1.1 ")
    before = len(shared.sink.messages)
    assert post(shared, b"good").status_code == 200
    assert shared.sink.messages[before:] == ["good"]


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """Make certificates once."""
    return make_certificates(tmp_path_factory.mktemp("certificates"))


def secret_post(url: str, body: bytes, known: ssl.SSLContext) -> httpx.Response:
    """Post a body through TLS."""
    return httpx.post(url, content=body, verify=known, timeout=DEADLINE)


def test_requests_through_tls(certificates: Certificates) -> None:
    """A real client speaks HTTPS; one without a certificate is refused where one is required; garbage hurts nobody."""
    sink, port = Sink(), free_port()
    options = certificates.server + certificates.authorities + "ssl_client_authentication => required"
    with run_input(http(port, options), sink, port) as running:
        url = f"https://127.0.0.1:{port}/"
        assert secret_post(url, b"known", certificates.client(known=True)).status_code == 200
        with pytest.raises((httpx.ReadError, httpx.ConnectError, httpx.RemoteProtocolError, httpx.WriteError)):
            secret_post(url, b"unknown", certificates.client())
        with running.connect() as client:
            client.sendall(b"GET / HTTP/1.1\r\n\r\n")
            rest(client)
        assert secret_post(url, b"again", certificates.client(known=True)).status_code == 200
    assert sink.messages == ["known", "again"]


def test_an_unfinished_handshake_is_ended(certificates: Certificates) -> None:
    """``ssl_handshake_timeout`` ends a connection that never becomes TLS."""
    sink, port = Sink(), free_port()
    options = certificates.plain_key + "ssl_handshake_timeout => 300"
    with run_input(http(port, options), sink, port) as running, running.connect() as client:
        start = time.monotonic()
        assert rest(client) == b""
        assert 0.2 < time.monotonic() - start < PROMPTLY

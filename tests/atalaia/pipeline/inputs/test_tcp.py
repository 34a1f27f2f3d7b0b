"""The ``tcp`` input on real sockets: events, answers by closing, backpressure, the proxy protocol, client mode."""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atalaia.pipeline.charset import decode_line
from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.errors import ConfigurationError, PipelineError
from tests.atalaia.pipeline.inputs.network_inputs import DEADLINE, Running, Sink, run_input
from tests.ports import free_port

TCP_ESTABLISHED = "01"
TLS = "ssl_enabled => true"
OLDER = "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"


def tcp(port: int, options: str = "") -> str:
    """Return a ``tcp`` input on loopback, without reverse DNS."""
    return f'tcp {{ port => {port} host => "127.0.0.1" dns_reverse_lookup_enabled => false {options} }}'


def send_all(running: Running, data: bytes) -> bytes:
    """Send bytes, shut the sending side down, and return what comes until the end."""
    with running.connect() as client:
        client.sendall(data)
        client.shutdown(socket.SHUT_WR)
        return client.recv(1)


def send_until_it_blocks(client: socket.socket, line: bytes, sink: Sink, least: int) -> int:
    """Send a line again and again until nothing more is taken; return how many bytes were.

    A moment in which nothing is taken says that only once so many bytes are on their way: the input may be slow.
    """
    sent, end = 0, time.monotonic() + DEADLINE
    while True:
        try:
            sent += client.send((line * 1_000)[sent % len(line) :])
        except TimeoutError:
            if sum(arrival.size for arrival in sink.arrivals) > least or time.monotonic() > end:
                return sent


def ended(client: socket.socket) -> str:
    """Return how a connection ended: in order, or reset."""
    client.settimeout(DEADLINE)
    try:
        return "in order" if client.recv(1) == b"" else "not at all"
    except ConnectionResetError:
        return "reset"


def test_lines_become_events_with_their_connection() -> None:
    """Each line is an event; in ECS the connection is named in ``@metadata`` only."""
    sink, port = Sink(), free_port()
    with (
        run_input(
            tcp(port, 'type => "t" add_field => { "f" => "%{[@metadata][input][tcp][source][ip]}" }'), sink, port
        ) as running,
        running.connect() as client,
    ):
        own_port = client.getsockname()[1]
        client.sendall("olá\nzwei\r\n".encode())
        sink.wait_for(2)
    first, second = sink.events
    assert (first.data["message"], second.data["message"]) == ("olá", "zwei\r")
    assert (first.data["type"], first.data["f"]) == ("t", "127.0.0.1")
    assert first.metadata == {"input": {"tcp": {"source": {"name": "127.0.0.1", "ip": "127.0.0.1", "port": own_port}}}}
    assert "host" not in first.data


def test_the_names_without_ecs() -> None:
    """Without ECS the connection stands in ``host`` and ``port``; what the line says of them comes first."""
    sink, port = Sink(), free_port()
    text = tcp(port, "codec => json")
    with run_input(text, sink, port, ecs=EcsCompatibility.DISABLED) as running, running.connect() as client:
        own_port = client.getsockname()[1]
        client.sendall(b'{"a":1}\n{"host":"h","port":0}\n')
        sink.wait_for(2)
    first, second = sink.events
    assert (first.data["host"], first.data["port"], first.data["a"]) == ("127.0.0.1", own_port, 1)
    assert first.metadata == {"ip_address": "127.0.0.1"}
    assert (second.data["host"], second.data["port"]) == ("h", 0)


def test_addresses_get_their_names() -> None:
    """With reverse DNS, Logstash's default, the client is called what the system calls its address."""
    sink, port = Sink(), free_port()
    with run_input(f'tcp {{ port => {port} host => "127.0.0.1" }}', sink, port) as running:
        send_all(running, b"x\n")
        sink.wait_for(1)
    source = sink.events[0].metadata["input"]
    assert isinstance(source, dict)
    assert socket.getnameinfo(("127.0.0.1", 0), socket.NI_NAMEREQD)[0] in str(source)


def test_an_event_that_cannot_name_its_connection_is_a_dead_letter() -> None:
    """A line whose ``@metadata`` leaves no room for the connection is kept with the reason; the next is an event."""
    sink, port = Sink(), free_port()
    with run_input(tcp(port, "codec => json"), sink, port) as running:
        assert send_all(running, b'{"@metadata":{"input":"mine"}}\n{"a":2}\n') == b""
    assert [event.data["a"] for event in sink.events] == [2]
    assert [letter.plugin for letter in sink.letters] == ["tcp"]
    assert "cannot be set" in sink.letters[0].reason


@pytest.mark.parametrize(
    ("codec", "data"),
    [
        ('line { delimiter => "|" }', b"a|b\nc|d"),
        ('plain { delimiter => "||" }', b"a||b\nc||d||"),
        ('json_lines { delimiter => ";" }', b'{"message":"a"};{"message":"b\\nc"};{"message":"d"}'),
    ],
)
def test_lines_may_end_otherwise(codec: str, data: bytes) -> None:
    """The codec's delimiter ends an event, without waiting for the end of a line; the last one may lack it."""
    sink, port = Sink(), free_port()
    with run_input(tcp(port, f"codec => {codec}"), sink, port) as running, running.connect() as client:
        client.sendall(data)
        sink.wait_for(2)
        client.shutdown(socket.SHUT_WR)
        assert ended(client) == "in order"
    assert sink.messages == ["a", "b\nc", "d"]


def test_events_of_several_lines() -> None:
    """A codec that waits for more lines gives its event after its interval, and at the end of the connection."""
    sink, port = Sink(), free_port()
    codec = 'multiline { pattern => "^ " what => "previous" auto_flush_interval => 1 }'
    with run_input(tcp(port, f"codec => {codec}"), sink, port) as running, running.connect() as client:
        client.sendall(b"one\n more\ntwo\n")
        sink.wait_for(1)
        assert sink.messages == ["one\n more"]
        sink.wait_for(2)
        client.sendall(b"three\n")
        client.shutdown(socket.SHUT_WR)
        assert ended(client) == "in order"
    assert sink.messages == ["one\n more", "two", "three"]


def test_the_end_comes_when_everything_is_durable() -> None:
    """A client that shuts its side down reads the end only after all of its events are settled."""
    sink, port = Sink(settling=False), free_port()
    with run_input(tcp(port), sink, port) as running, running.connect(timeout=0.5) as client:
        client.sendall(b"one\ntwo\nlast")
        client.shutdown(socket.SHUT_WR)
        sink.wait_for(3)
        with pytest.raises(TimeoutError):
            client.recv(1)
        sink.settle()
        client.settimeout(DEADLINE)
        assert client.recv(1) == b""
    assert sink.messages == ["one", "two", "last"]


def test_a_connection_is_not_read_while_too_much_is_on_its_way() -> None:
    """With nothing settled a client can send a few megabytes and no more; once it is settled all of it arrives."""
    sink, port = Sink(settling=False), free_port()
    line = b"x" * 999 + b"\n"
    with run_input(tcp(port), sink, port) as running, running.connect(timeout=1) as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 16)
        sent = send_until_it_blocks(client, line, sink, 8 << 20)
        on_their_way = sum(arrival.size for arrival in sink.arrivals)
        assert 8 << 20 < on_their_way < 10 << 20
        assert sent < 16 << 20
        sink.settling = True
        sink.settle()
        client.shutdown(socket.SHUT_WR)
        assert ended(client) == "in order"
    assert len(sink.events) == -(-sent // 1_000)


def test_a_full_pipeline_stops_nobody_for_good() -> None:
    """While the pipeline takes nothing, connections wait; when it does again, every line of each comes, in order."""
    sink, port = Sink(settling=False, most=1), free_port()
    with run_input(tcp(port), sink, port) as running:
        clients = [running.connect() for _ in range(5)]
        for number, client in enumerate(clients):
            client.sendall(b"".join(b"%d-%d\n" % (number, line) for line in range(2_000)))
            client.shutdown(socket.SHUT_WR)
        sink.wait_for(500)
        sink.settling = True
        sink.settle()
        assert [ended(client) for client in clients] == ["in order"] * 5
        for client in clients:
            client.close()
    for number in range(5):
        own = [message for message in sink.messages if str(message).startswith(f"{number}-")]
        assert own == [f"{number}-{line}" for line in range(2_000)]


def test_a_stop_ends_durable_connections_in_order_and_resets_the_others() -> None:
    """When the input is stopped, a client whose events are durable reads an end, one whose are not an error."""
    sink, port = Sink(), free_port()
    with run_input(tcp(port), sink, port) as running, running.connect() as durable, running.connect() as other:
        durable.sendall(b"kept\n")
        sink.wait_for(1)
        sink.settling = False
        other.sendall(b"not yet\nunfinished")
        sink.wait_for(2)
        running.stop.set()
        assert ended(durable) == "in order"
        assert ended(other) == "reset"
    assert sink.messages == ["kept", "not yet", "unfinished"]


def test_it_ends_when_the_pipeline_takes_nothing_more() -> None:
    """``StoppedError`` of ``emit`` ends the input without an error; the client is told by a reset."""
    sink, port = Sink(), free_port()
    with run_input(tcp(port), sink, port) as running, running.connect() as client:
        sink.stop()
        client.sendall(b"x\n")
        assert ended(client) == "reset"
    assert sink.arrivals == []


def test_a_broken_connection_loses_nothing_that_came() -> None:
    """A client that resets its connection leaves its lines, and its unfinished one as Logstash does."""
    sink, port = Sink(), free_port()
    with run_input(tcp(port), sink, port) as running:
        with running.connect() as client:
            client.sendall(b"whole\nhal")
            sink.wait_for(1)
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        sink.wait_for(2)
    assert sink.messages == ["whole", "hal"]


@settings(max_examples=200, deadline=None)
@given(chunks=st.lists(st.binary(max_size=200), max_size=6))
def test_any_bytes_are_lines(shared: Running, chunks: list[bytes]) -> None:
    """Whatever a client sends, each line is an event with Logstash's text for it, and the input goes on."""
    before = len(shared.sink.messages)
    with shared.connect() as client:
        for chunk in chunks:
            client.sendall(chunk)
        client.shutdown(socket.SHUT_WR)
        assert client.recv(1) == b""
    expected = b"".join(chunks).split(b"\n")
    if not expected[-1]:
        expected.pop()
    assert shared.sink.messages[before:] == [decode_line(line) for line in expected]


@settings(max_examples=100, deadline=None)
@given(data=st.binary(max_size=300) | st.text('[]{}":,1\n\\u0dé', max_size=60).map(str.encode))
def test_any_bytes_are_taken_as_json(json_input: Running, data: bytes) -> None:
    """Garbage to a JSON codec is events with the failure's tag or dead letters, never the end of the input."""
    assert send_all(json_input, data) == b""
    before = len(json_input.sink.events)
    assert send_all(json_input, b'{"a":1}\n') == b""
    assert [event.data["a"] for event in json_input.sink.events[before:]] == [1]


@pytest.fixture(scope="module")
def shared() -> Iterator[Running]:
    """Run one input for all examples."""
    sink, port = Sink(), free_port()
    with run_input(tcp(port), sink, port) as running:
        yield running


@pytest.fixture(scope="module")
def json_input() -> Iterator[Running]:
    """Run one input with a JSON codec for all examples."""
    sink, port = Sink(), free_port()
    with run_input(tcp(port, "codec => json"), sink, port) as running:
        yield running


def test_the_proxy_protocol() -> None:
    """The header, however it is cut, names client and proxy; ``UNKNOWN`` leaves the connection's own address."""
    sink, port = Sink(), free_port()
    text = tcp(port, "proxy_protocol => true")
    with run_input(text, sink, port, ecs=EcsCompatibility.DISABLED) as running:
        with running.connect() as client:
            for part in (b"PRO", b"XY TCP4 192.0.2.7 198.51.100.1 5", b"6324 443\r", b"\nhello\n"):
                client.sendall(part)
                time.sleep(0.02)
            client.shutdown(socket.SHUT_WR)
            assert ended(client) == "in order"
        send_all(running, b"PROXY UNKNOWN\r\nplain\n")
    first, second = (event.data for event in sink.events)
    assert (first["host"], first["port"]) == ("192.0.2.7", "56324")
    assert (first["proxy_host"], first["proxy_port"], first["message"]) == ("198.51.100.1", "443", "hello")
    assert (second["host"], second["message"], "proxy_host" in second) == ("127.0.0.1", "plain", False)


@pytest.mark.parametrize(
    "data",
    [b"hello\n", b"PROXY TCP4 1.2.3.4\r\n", b"PROXY TCP4 a b 1 2\r\n", b"PROXY " + b"x" * 200, b"\r\n", b"PROXY TCP4 "],
)
def test_connections_without_a_proxy_header_are_refused(data: bytes) -> None:
    """A connection that does not begin with a header is reset, and nothing of it becomes an event."""
    sink, port = Sink(), free_port()
    with run_input(tcp(port, "proxy_protocol => true"), sink, port) as running, running.connect() as client:
        client.sendall(data)
        with suppress(OSError):  # it may be reset already
            client.shutdown(socket.SHUT_WR)
        assert ended(client) == "reset"
    assert sink.arrivals == []


def test_a_taken_port_is_said(caplog: pytest.LogCaptureFixture) -> None:
    """The input says where it listens, and fails with a message when it cannot."""
    caplog.set_level(logging.INFO)
    sink, port = Sink(), free_port()
    message = f"127.0.0.1:{port} cannot be listened on: Address already in use"
    again = pytest.raises(PipelineError, match=message)
    with run_input(tcp(port), sink, port), again, run_input(tcp(port), Sink(), port):
        pass
    assert f"listening on 127.0.0.1:{port}" in caplog.text


def test_idle_connections_are_probed_when_told() -> None:
    """``tcp_keep_alive`` sets a keep-alive timer on the server's side of a connection."""
    for option, timer in (("true", "02"), ("false", "00")):
        sink, port = Sink(), free_port()
        with run_input(tcp(port, f"tcp_keep_alive => {option}"), sink, port) as running, running.connect() as client:
            client.sendall(b"x\n")
            sink.wait_for(1)
            rows = [row.split() for row in Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()]
            mine = [row for row in rows if row[1].endswith(f":{port:04X}") and row[3] == TCP_ESTABLISHED]
            assert [row[5][:2] for row in mine] == [timer]


def test_the_client_mode_reads_a_server_again_and_again() -> None:
    """As a client it reads what a server sends; when that ends it connects again."""
    sink = Sink()
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        server.settimeout(DEADLINE)
        with run_input(tcp(port, 'mode => "client"'), sink, port, listens=False):
            for message in (b"one\n", b"two\n"):
                connection, _address = server.accept()
                with closing(connection):
                    connection.sendall(message)
            sink.wait_for(2)
    assert sink.messages == ["one", "two"]
    assert sink.events[0].metadata == {
        "input": {"tcp": {"source": {"name": "127.0.0.1", "ip": "127.0.0.1", "port": port}}}
    }


def test_the_client_mode_waits_for_its_server() -> None:
    """A server that is not there yet is tried again."""
    sink, port = Sink(), free_port()
    with run_input(tcp(port, 'mode => "client"'), sink, port, listens=False):
        time.sleep(0.2)
        with socket.create_server(("127.0.0.1", port)) as server:
            server.settimeout(DEADLINE)
            connection, _address = server.accept()
            with closing(connection):
                connection.sendall(b"late\n")
            sink.wait_for(1)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("", "tcp needs the option 'port'"),
        ("port => 0", "0 is no port"),
        ("port => 1 mode => both", "'both' is none of server, client"),
        ("port => 1 codec => line { delimiter => '' }", "its delimiter '' is no text"),
        ("port => 1 codec => dots", "dots"),
        ("port => 1 ssl_cert => '/x'", "tcp has no option 'ssl_cert'(.|\n)*ssl_certificate"),
        ("port => 1 ssl_enabled => true", "needed with ssl_enabled"),
        ("port => 1 ssl_enabled => true ssl_certificate => '/x'", "ssl_key too"),
        ("port => 1 ssl_enabled => true ssl_certificate => '/x' ssl_key => '/y'", "/x cannot be read: No such file"),
        ("port => 1 ssl_enabled => true ssl_verification_mode => none", "does not go with mode => server"),
        (
            "port => 1 ssl_enabled => true mode => client ssl_client_authentication => none",
            "does not go with mode => client",
        ),
        (
            "port => 1 ssl_enabled => true ssl_certificate => '/x' ssl_client_authentication => optional",
            "'ssl_certificate_authorities': ssl_client_authentication => optional needs it",
        ),
        (
            "port => 1 mode => client ssl_enabled => true ssl_supported_protocols => 'TLSv1.1'",
            "TLSv1.1 is not supported",
        ),
        ("port => 1 mode => client ssl_enabled => true ssl_supported_protocols => 'SSLv3'", "'SSLv3' is unknown"),
        ("port => 1 mode => client ssl_enabled => true ssl_cipher_suites => 'TLS_NULL'", "TLS_NULL is not supported"),
        (
            "port => 1 mode => client ssl_enabled => true ssl_cipher_suites => 'TLS_AES_128_GCM_SHA256'",
            "the suites of TLS 1.3 come together or not at all",
        ),
        (
            f"port => 1 mode => client {TLS} ssl_supported_protocols => 'TLSv1.3' ssl_cipher_suites => '{OLDER}'",
            "none of them belongs to a version of TLS that is allowed",
        ),
    ],
)
def test_refused_at_load(options: str, message: str) -> None:
    """What cannot be honoured is refused by name, before anything listens."""
    with pytest.raises(ConfigurationError, match=message), run_input(f"tcp {{ {options} }}", Sink(), 1):
        pass


def test_options_of_tls_without_tls_are_said_to_have_no_effect(caplog: pytest.LogCaptureFixture) -> None:
    """As in Logstash, a warning names them."""
    sink, port = Sink(), free_port()
    with run_input(tcp(port, 'ssl_key => "/x"'), sink, port):
        assert "ssl_enabled is false, so these have no effect: ssl_key" in caplog.text


def test_many_threads_are_not_needed() -> None:
    """A hundred connections are served by the input's thread and one more."""
    sink, port = Sink(), free_port()
    before = threading.active_count()
    with run_input(tcp(port), sink, port) as running:
        clients = [running.connect() for _ in range(100)]
        for client in clients:
            client.sendall(b"x\n")
        sink.wait_for(100)
        assert threading.active_count() - before <= 2
        for client in clients:
            client.close()

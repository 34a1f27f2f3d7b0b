"""The ``http`` output against a real server: what is sent, nothing lost, refusals reported."""

from __future__ import annotations

import gzip
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from atalaia.pipeline.errors import ConfigurationError
from atalaia.pipeline.http_client.backoff import backoff
from atalaia.pipeline.http_client.post import Post
from atalaia.pipeline.http_client.sender import HttpSender
from atalaia.pipeline.inputs.running import StoppedError
from atalaia.pipeline.rejection import PluginError
from atalaia.pipeline.values import Value
from tests.atalaia.pipeline.inputs.certificates import Certificates, make_certificates
from tests.atalaia.pipeline.inputs.network_inputs import DEADLINE
from tests.atalaia.pipeline.outputs.http_servers import CLOSE, answering, posts_of
from tests.ports import free_port


class Pauses:
    """A pause that is short, and counted."""

    def __init__(self) -> None:
        self.attempts: list[int] = []

    def __call__(self, attempts: int) -> float:
        """Return a hundredth of a second."""
        self.attempts.append(attempts)
        return 0.01


@contextmanager
def sending(pauses: Pauses | None = None, stop: threading.Event | None = None) -> Iterator[HttpSender]:
    """Yield a sender with short pauses."""
    sender = HttpSender(stop, pauses or Pauses())
    try:
        yield sender
    finally:
        sender.close()


def send(posts: list[Post]) -> list[str]:
    """Deliver requests; return the reasons of those that were refused."""
    with sending() as sender:
        return [undeliverable.reason for undeliverable in sender.send(posts)]


def numbered(count: int) -> list[dict[str, Value]]:
    """Return events with a number each."""
    return [{"n": number} for number in range(count)]


def numbers(bodies: list[bytes]) -> list[object]:
    """Return the numbers in JSON bodies."""
    return [json.loads(body)["n"] for body in bodies]


def test_an_event_is_sent_as_json() -> None:
    """The whole event, with the content type of JSON, to the address with its fields filled in."""
    with answering() as server:
        options = f'url => "{server.url}/in/%{{kind}}?q=1" headers => {{ "X-Kind" => "%{{kind}}ç" }}'
        assert send(posts_of(options, {"kind": "web", "a": [1, None]})) == []
    (received,) = server.received
    assert (received.method, received.path) == ("POST", "/in/web?q=1")
    assert json.loads(received.body) == {
        "kind": "web",
        "a": [1, None],
        "@version": "1",
        "@timestamp": "2026-03-14T09:26:53.000Z",
    }
    assert received.headers["content-type"] == "application/json"
    assert received.headers["x-kind"] == "web\xc3\xa7"


@pytest.mark.parametrize(
    ("options", "content_type", "body"),
    [
        ('format => "message" message => "%{a} is %{b}"', "text/plain", b"1 is x y"),
        ('format => "message" message => "m" content_type => "x/y"', "x/y", b"m"),
        (
            'format => "form" mapping => { "k&" => "%{b}~*" "l" => ["%{a}", "2"] }',
            "application/x-www-form-urlencoded",
            b"k%26=x+y~%2A&l=%5B%221%22%2C+%222%22%5D",
        ),
        (
            'mapping => { "o" => { "i" => "%{a}" } "l" => ["%{b}", { "m" => "n" }] "n" => 5 }',
            "application/json",
            b'{"o":{"i":"1"},"l":["x y",{"m":"n"}],"n":"5"}',
        ),
        ('headers => { "content-type" => "lost" } mapping => { "a" => "b" }', "application/json", b'{"a":"b"}'),
    ],
)
def test_the_formats(options: str, content_type: str, body: bytes) -> None:
    """Message, form and mapping, filled in from the event; the content type is the option's or the format's."""
    with answering() as server:
        assert send(posts_of(f'url => "{server.url}" {options}', {"a": 1, "b": "x y"})) == []
    (received,) = server.received
    assert received.headers["content-type"] == content_type
    pairs = [json.loads(each) if content_type == "application/json" else each for each in (received.body, body)]
    assert pairs[0] == pairs[1]


def test_a_batch_is_one_request() -> None:
    """``json_batch`` sends the events of a batch as one array, in order, here compressed."""
    with answering() as server:
        options = f'url => "{server.url}" format => json_batch http_compression => true'
        assert send(posts_of(options, *numbered(300))) == []
    (received,) = server.received
    assert received.headers["content-encoding"] == "gzip"
    assert [item["n"] for item in json.loads(gzip.decompress(received.body))] == list(range(300))


@pytest.mark.parametrize("method", ["put", "post", "patch", "delete", "get", "head"])
def test_the_methods(method: str) -> None:
    """Every method sends its body."""
    with answering() as server:
        assert send(posts_of(f'url => "{server.url}" http_method => {method}', {"n": 1})) == []
    assert server.received[0].method == method.upper()
    assert numbers([server.received[0].body]) == [1]


def test_nothing_is_lost_and_the_order_is_kept() -> None:
    """A server that answers 429, 500 and 503, and closes connections, gets every event, once taken, in order."""
    trouble = [200, 503, 200, 429, CLOSE, CLOSE, 500, 200, 502, 504, 503]
    with answering(lambda _body, number: trouble[number % len(trouble)]) as server, sending() as sender:
        for start in (0, 50):
            posts = posts_of(f'url => "{server.url}"', *numbered(100)[start : start + 50])
            assert sender.send(posts) == []
            assert numbers(server.taken) == list(range(start + 50))
    assert server.most_at_once == 1


def test_what_is_refused_is_reported_with_its_reason() -> None:
    """Statuses that are not retryable are reported, in order; the events around them are delivered."""

    def answer(body: bytes, _number: int) -> int:
        return {1: 404, 3: 400}.get(json.loads(body)["n"], 200)

    with answering(answer, body=b"no \n such\tplace") as server, sending() as sender:
        refused = sender.send(posts_of(f'url => "{server.url}/secret?token=x"', *numbered(5)))
    assert [(each.post.event.data["n"], each.reason) for each in refused] == [
        (1, f"{server.url} answered 404: no such place"),
        (3, f"{server.url} answered 400: no such place"),
    ]
    assert numbers(server.taken) == [0, 2, 4]


def test_a_refused_batch_is_reported_event_by_event() -> None:
    """When the one request of a batch is refused every event of it is reported."""
    with answering(lambda _body, _number: 413) as server, sending() as sender:
        refused = sender.send(posts_of(f'url => "{server.url}" format => json_batch', *numbered(3)))
    assert [each.post.event.data["n"] for each in refused] == [0, 1, 2]
    assert len(server.received) == 1


def test_what_counts_as_success_and_as_retryable_can_be_said() -> None:
    """``ignorable_codes``, ``retryable_codes`` and ``retry_failed``."""
    with answering(lambda _body, _number: 409) as server:
        assert send(posts_of(f'url => "{server.url}" ignorable_codes => [409, 410]', {})) == []
    with answering(lambda _body, number: 200 if number else 418) as server:
        assert send(posts_of(f'url => "{server.url}" retryable_codes => 418', {})) == []
    with answering(lambda _body, _number: 503) as server:
        assert send(posts_of(f'url => "{server.url}" retry_failed => false', {})) == [
            f"{server.url} answered 503: said"
        ]
        assert len(server.received) == 1
    (reason,) = send(posts_of(f'url => "http://127.0.0.1:{free_port()}" retry_failed => false', {}))
    assert "was not reached (ConnectError" in reason


def test_a_server_that_is_away_is_waited_for() -> None:
    """Events are delivered once the server is there."""
    port = free_port()
    posts = posts_of(f'url => "http://127.0.0.1:{port}"', *numbered(3))
    done = threading.Event()

    def deliver() -> None:
        assert send(posts) == []
        done.set()

    thread = threading.Thread(target=deliver)
    thread.start()
    time.sleep(0.2)
    assert not done.is_set()
    with answering(port=port) as server:
        thread.join(DEADLINE)
        assert done.is_set()
    assert numbers(server.taken) == [0, 1, 2]


@pytest.mark.parametrize("options", ["", "pool_max => 5", "format => json_batch"])
def test_a_stop_ends_the_waiting(options: str) -> None:
    """When the pipeline is to stop, what is not delivered is not taken for done: ``StoppedError``, soon."""
    stop = threading.Event()
    with answering(lambda _body, _number: 503) as server, sending(stop=stop) as sender:
        posts = posts_of(f'url => "{server.url}" {options}', *numbered(10))
        threading.Timer(0.3, stop.set).start()
        start = time.monotonic()
        with pytest.raises(StoppedError, match="answered 503"):
            sender.send(posts)
        assert time.monotonic() - start < 15


@pytest.mark.parametrize(("options", "most"), [("pool_max => 8", 8), ("pool_max => 50 pool_max_per_route => 3", 3)])
def test_several_at_a_time_when_told(options: str, most: int) -> None:
    """``pool_max`` requests are under way together, no more; ``pool_max_per_route`` bounds them too."""
    together = threading.Barrier(most)

    def wait_for_the_others(_body: bytes, _number: int) -> int:
        together.wait(DEADLINE)
        return 200

    with answering(wait_for_the_others) as server:
        assert send(posts_of(f'url => "{server.url}" {options}', *numbered(5 * most))) == []
    assert server.most_at_once == most
    assert sorted(json.loads(body)["n"] for body in server.taken) == list(range(5 * most))


@pytest.mark.parametrize(
    ("options", "at_once"),
    [
        ("http_method => put", True),
        ("http_method => post", False),
        ("http_method => post retry_non_idempotent => true", True),
        ("http_method => put automatic_retries => 0", False),
    ],
)
def test_broken_connections_are_tried_again_at_once_when_that_is_safe(options: str, *, at_once: bool) -> None:
    """``automatic_retries`` repeats without a pause, ``post`` only with ``retry_non_idempotent``."""
    pauses = Pauses()
    with answering(lambda _body, number: 200 if number else CLOSE) as server, sending(pauses) as sender:
        assert sender.send(posts_of(f'url => "{server.url}" {options}', {})) == []
    assert len(server.received) == 2
    assert pauses.attempts == ([] if at_once else [1])


def test_the_pause_grows_to_a_minute() -> None:
    """The square of the attempts in seconds, a minute at most, at least half of it: Logstash's own rule."""
    for attempts, longest in ((1, 1), (2, 4), (3, 9), (7, 49), (8, 60), (100, 60)):
        drawn = [backoff(attempts) for _ in range(200)]
        assert all(longest / 2 <= seconds <= longest for seconds in drawn)
        assert max(drawn) - min(drawn) > longest / 4


def test_slow_servers_are_given_up() -> None:
    """A server that says nothing, or trickles for ever, is left after ``socket_timeout`` and ``request_timeout``."""
    for trickle, options in (
        (None, "socket_timeout => 0.2"),
        (b"x", "request_timeout => 0.3"),
    ):
        with socket.create_server(("127.0.0.1", 0)) as server:
            threading.Thread(target=trickling, args=(server, trickle), daemon=True).start()
            start = time.monotonic()
            url = f"http://127.0.0.1:{server.getsockname()[1]}"
            (reason,) = send(posts_of(f'url => "{url}" retry_failed => false {options}', {}))
            assert "was not reached (" in reason
            assert "Timeout" in reason
            assert time.monotonic() - start < 15


def trickling(server: socket.socket, part: bytes | None) -> None:
    """Take a connection and say almost nothing on it, until it ends."""
    connection, _address = server.accept()
    with connection, suppress(OSError):
        while part is None or connection.send(part):
            if part is None and not connection.recv(1 << 16):
                return
            time.sleep(0.02)


def test_an_endless_answer_takes_no_memory() -> None:
    """The status counts; of the body no more than a little is read."""

    def endless(server: socket.socket) -> None:
        connection, _address = server.accept()
        with connection:
            connection.recv(1 << 16)
            connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            try:
                while True:
                    connection.sendall(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")
            except OSError:
                return

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=endless, args=(server,), daemon=True).start()
        assert send(posts_of(f'url => "http://127.0.0.1:{server.getsockname()[1]}"', {})) == []


def always(status: int) -> Callable[[bytes, int], int]:
    """Return what answers every request with one status."""
    return lambda _body, _number: status


def test_redirections() -> None:
    """One that keeps the body is followed; one that would drop it, and one without end, are refused; none when told."""
    with answering() as goal:
        for status, options, outcome in (
            (307, "", "delivered"),
            (308, "", "delivered"),
            (302, "", "a redirection that would drop the body"),
            (302, "http_method => get", "delivered"),
            (307, "follow_redirects => false", "answered 307"),
        ):
            before = len(goal.received)
            with answering(always(status), headers={"Location": goal.url}) as server:
                reasons = send(posts_of(f'url => "{server.url}" {options}', {"n": 1}))
            assert (len(goal.received) > before) == (outcome == "delivered")
            assert reasons == [] if outcome == "delivered" else outcome in reasons[0]
    assert numbers([each.body for each in goal.received[:2]]) == [1, 1]
    with answering(lambda _body, _number: 307) as server:
        server.headers = {"Location": server.url}
        assert send(posts_of(f'url => "{server.url}"', {})) == [f"{server.url} redirects without end"]


def test_credentials_cookies_and_connections() -> None:
    """``user``, ``cookies`` and ``keepalive``."""
    with answering(headers={"Set-Cookie": "a=b"}) as server:
        options = f'url => "{server.url}" user => "ana" password => "s3:cret"'
        assert send(posts_of(options, *numbered(3))) == []
        assert server.received[0].headers["authorization"] == "Basic YW5hOnMzOmNyZXQ="
        assert [each.headers.get("cookie") for each in server.received] == [None, "a=b", "a=b"]
        assert len({each.connection for each in server.received}) == 1
        server.received.clear()
        assert send(posts_of(f'url => "{server.url}" cookies => false keepalive => false', *numbered(3))) == []
        assert [each.headers.get("cookie") for each in server.received] == [None] * 3
        assert len({each.connection for each in server.received}) == 3


@pytest.mark.parametrize(
    "proxy",
    [
        '"http://u:p@127.0.0.1:{port}"',
        '{{ "host" => "127.0.0.1" "port" => {port} "user" => "u" "password" => "p" }}',
        '{{ "url" => "http://127.0.0.1:{port}" "user" => "u" "password" => "p" }}',
    ],
)
def test_a_proxy(proxy: str) -> None:
    """Requests go through the proxy, in all three ways to write it."""
    with answering() as server:
        options = f'url => "http://elsewhere.test/x" proxy => {proxy.format(port=server.port)}'
        assert send(posts_of(options, {"n": 1})) == []
    (received,) = server.received
    assert received.path == "http://elsewhere.test/x"
    assert received.headers["proxy-authorization"] == "Basic dTpw"


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in Logstash only the option names a proxy."""
    for name in ("HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    with answering() as server:
        assert send(posts_of(f'url => "{server.url}" retry_failed => false', {"n": 1})) == []


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """Make certificates once."""
    return make_certificates(tmp_path_factory.mktemp("certificates"))


@pytest.mark.parametrize(
    ("options", "trusted"),
    [
        ('ssl_certificate_authorities => "ca.pem" ssl_certificate => "client.pem" ssl_key => "client.key"', True),
        ('ssl_certificate_authorities => "ca.pem"', False),
        ('ssl_certificate => "client.pem" ssl_key => "client.key"', False),
        ('ssl_verification_mode => none ssl_certificate => "client.pem" ssl_key => "client.key"', True),
    ],
)
def test_tls(certificates: Certificates, options: str, *, trusted: bool) -> None:
    """Server and client check each other's certificates, unless told not to; what cannot be had is tried again."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates.directory / "server.pem", certificates.directory / "plain.key")
    context.load_verify_locations(certificates.directory / "ca.pem")
    context.verify_mode = ssl.CERT_REQUIRED
    with answering(context=context) as server:
        options = f'url => "https://127.0.0.1:{server.port}" retry_failed => false {options}'
        reasons = send(posts_of(options, {"n": 1}, directory=certificates.directory))
    assert len(server.received) == trusted
    assert len(reasons) != trusted
    assert all("was not reached" in reason for reason in reasons)


def test_an_address_that_an_event_spoils() -> None:
    """An event that makes no address of the url is rejected with the output's name."""
    with pytest.raises(PluginError, match="http: the url") as caught:
        posts_of('url => "%{to}"', {"to": "gopher://x"})
    assert caught.value.plugin == "http"


def test_headers_that_an_event_spoils_are_refused() -> None:
    """A value with a line end cannot be sent: the event is reported, it smuggles nothing in."""
    with answering() as server:
        (reason,) = send(posts_of(f'url => "{server.url}" headers => {{ "X" => "%{{x}}" }}', {"x": "a\r\nY: b"}))
    assert "it cannot be sent to" in reason
    assert server.received == []


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("", "http needs the option 'url'"),
        ('url => "x"', "the url is not an HTTP one"),
        ('url => "http://x" http_method => trace', "'trace' is none of put, post"),
        ('url => "http://x" format => xml', "'xml' is none of json, json_batch"),
        ('url => "http://x" format => message', "the format message needs it"),
        ('url => "http://x" workers => 2', "'workers': it is not supported"),
        ('url => "http://x" codec => json', "'codec': it is not supported(.|\n)*write format"),
        ('url => "http://x/%{a}" format => json_batch', "a batch has one address"),
        ('url => "http://x" format => json_batch headers => { "a" => "%{a}" }', "a batch has one set of headers"),
        ('url => "http://x" headers => { "Content-Length" => "1" }', "Content-Length is set as the message needs it"),
        ('url => "http://x" headers => { "a b" => "1" }', "'a b' is no name of a header"),
        ('url => "http://x" user => me', "it needs password too"),
        ('url => "http://x" pool_max => 0', "'pool_max': it must be more than 0"),
        ('url => "http://x" proxy => "localhost"', "expected the address of a proxy"),
        ('url => "http://x" proxy => { "port" => 1 }', "expected an address, or a hash"),
        ('url => "http://x" retryable_codes => many', "expected a number"),
        ('url => "http://x" ssl_truststore_path => "/x.jks"', "key stores are not supported"),
        ('url => "http://x" ssl_verification_mode => some', "'some' is none of full, none"),
        ('url => "http://x" cacert => "/x"', "http has no option 'cacert'(.|\n)*ssl_certificate_authorities"),
    ],
)
def test_refused_at_load(options: str, message: str) -> None:
    """What cannot be honoured is refused by name."""
    with pytest.raises(ConfigurationError, match=message):
        posts_of(options, {}, directory=Path("/"))

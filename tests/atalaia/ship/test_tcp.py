"""Shipping over TCP and TLS: the receiver's orderly end is its word, and nothing else is."""

from __future__ import annotations

import datetime as dt
import socket
import ssl
import time
from dataclasses import replace
from pathlib import Path

import pytest
import trustme

from atalaia.ship.destination import Wishes
from tests.atalaia.pipeline.inputs.certificates import Certificates, make_certificates
from tests.atalaia.pipeline.inputs.network_inputs import Sink, run_input
from tests.atalaia.ship.receivers import end_early, read_all, receiving, reset
from tests.atalaia.ship.shippers import FAST, Shipper, numbered, until, write_lines
from tests.ports import free_port


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    """A directory with a hundred lines."""
    directory = tmp_path / "logs"
    directory.mkdir()
    write_lines(directory / "a.ndjson", numbered(0, 100))
    return directory


@pytest.fixture
def certificates(tmp_path: Path) -> Certificates:
    """An authority and what it issued."""
    return make_certificates(tmp_path)


def shipper_to(port: int, tmp_path: Path) -> Shipper:
    """Return a shipper to a port of this machine."""
    return Shipper(tmp_path / "home", Wishes(f"tcp://127.0.0.1:{port}"), replace(FAST, batch_lines=40))


def test_a_batch_is_a_connection_that_ends_in_order(tmp_path: Path, logs: Path) -> None:
    """Forty lines a batch: three connections, all lines in order; a second run has nothing to send."""
    with receiving(read_all) as server:
        shipper = shipper_to(server.port, tmp_path)
        assert shipper.once(logs).tally.lines == 100
        assert [len(body.splitlines()) for body in server.bodies] == [40, 40, 20]
        assert b"".join(server.bodies).splitlines() == numbered(0, 100)
        assert shipper.once(logs).tally.batches == 0


@pytest.mark.parametrize("misbehave", [reset, end_early])
def test_any_other_end_delivers_again(tmp_path: Path, logs: Path, misbehave: object) -> None:
    """A reset, or an end that came before the receiver had everything, is no word: the batch comes again."""
    assert callable(misbehave)

    def handle(connection: socket.socket, number: int) -> bytes:
        return bytes(misbehave(connection, number)) if number in (0, 2) else read_all(connection, number)

    lines = [line + b" " * 2_000 for line in numbered(0, 100)]
    (logs / "a.ndjson").unlink()
    write_lines(logs / "a.ndjson", lines)
    with receiving(handle, buffer=4_096) as server:
        report = shipper_to(server.port, tmp_path).once(logs)
        whole = [body for number, body in enumerate(server.bodies) if number not in (0, 2)]
        assert b"".join(whole).splitlines() == lines
    assert report.tally.again == 2


def test_an_end_before_anything_was_read_is_no_word(tmp_path: Path, logs: Path) -> None:
    """A receiver that is stopped accepts, and closes at once: its end alone must not move the position."""

    def closing(connection: socket.socket, _number: int) -> bytes:
        connection.close()
        return b""

    with receiving(closing) as server:
        shipper = replace(shipper_to(server.port, tmp_path), policy=replace(FAST, patience=1.0))
        report = shipper.once(logs)
    assert report.gave_up is not None
    assert report.tally.lines == 0
    assert report.behind == (logs / "a.ndjson").stat().st_size


def test_a_receiver_that_never_ends_is_given_up_in_time(tmp_path: Path, logs: Path) -> None:
    """It reads everything and says nothing: after the timeout the batch comes again."""

    def silent(connection: socket.socket, number: int) -> bytes:
        body = read_all(connection, number)
        if number == 0:
            time.sleep(1)
        return body

    with receiving(silent) as server:
        shipper = Shipper(tmp_path / "home", Wishes(f"tcp://127.0.0.1:{server.port}", timeout=0.3))
        report = shipper.once(logs)
        assert server.bodies[-1].splitlines() == numbered(0, 100)
    assert report.tally.again >= 1


def test_bytes_of_any_charset_are_delivered(tmp_path: Path) -> None:
    """TCP carries bytes as they are, also those that are no UTF-8: the receiver's codec knows what they mean."""
    write_lines(tmp_path / "latin.ndjson", [b"caf\xe9", b"nul\0"])
    with receiving(read_all) as server:
        shipper_to(server.port, tmp_path).once(tmp_path / "latin.ndjson")
        assert server.bodies == [b"caf\xe9\nnul\0\n"]


def test_the_embedded_input_says_done_when_it_is_durable(tmp_path: Path, logs: Path) -> None:
    """While its events are not settled the position does not move; once they are, it does."""
    port, sink = free_port(), Sink(settling=False)
    options = f'tcp {{ port => {port} host => "127.0.0.1" codec => line {{ ecs_compatibility => disabled }} }}'
    with run_input(options, sink, port):
        shipper = replace(shipper_to(port, tmp_path), policy=FAST)
        with shipper.follow(logs) as end:
            sink.wait_for(100)
            assert '"position": 0' in shipper.positions.read_text("utf-8")
            sink.settle()
            until(lambda: f'"position": {(logs / "a.ndjson").stat().st_size}' in shipper.positions.read_text("utf-8"))
            assert end().tally.lines == 100
    assert sink.messages == [line.decode() for line in numbered(0, 100)]


def test_the_embedded_input_through_tls_both_ways_known(tmp_path: Path, logs: Path, certificates: Certificates) -> None:
    """``tls://`` with an authority and a certificate of one's own, to an input that requires one."""
    port, sink = free_port(), Sink()
    tls = certificates.server + certificates.authorities + 'ssl_client_authentication => "required" '
    options = f'tcp {{ port => {port} host => "127.0.0.1" {tls} codec => line {{ ecs_compatibility => disabled }} }}'
    with run_input(options, sink, port):
        wishes = Wishes(
            f"tls://127.0.0.1:{port}",
            ca=tmp_path / "ca.pem",
            cert=tmp_path / "client.pem",
            key=tmp_path / "client.key",
        )
        report = Shipper(tmp_path / "home", wishes, replace(FAST, batch_lines=30)).once(logs)
    assert (report.tally.lines, report.tally.again) == (100, 0)
    assert sink.messages == [line.decode() for line in numbered(0, 100)]


def test_an_early_end_through_tls_is_no_word(tmp_path: Path, logs: Path, certificates: Certificates) -> None:
    """A receiver that says its closing word of TLS before it has read anything has not read anything."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "server.pem", tmp_path / "plain.key")

    def handle(connection: socket.socket, number: int) -> bytes:
        return b"" if number == 0 else read_all(connection, number)

    assert certificates.directory == tmp_path
    with receiving(handle, context) as server:
        wishes = Wishes(f"tls://127.0.0.1:{server.port}", ca=tmp_path / "ca.pem")
        report = Shipper(tmp_path / "home", wishes).once(logs)
        assert server.bodies[-1].splitlines() == numbered(0, 100)
    assert report.tally.again == 1


def _context(directory: Path, certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    assert directory.is_dir()
    return context


@pytest.mark.parametrize("scheme", ["tls", "https"])
@pytest.mark.parametrize("fault", ["expired", "name", "authority", "clear"])
def test_a_receiver_that_is_not_trusted_gets_nothing(tmp_path: Path, logs: Path, scheme: str, fault: str) -> None:
    """Expired, for another name, of an unknown authority, or no TLS at all: refused in words, no line sent."""
    authority, other = trustme.CA(), trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    past = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    certificate = {
        "expired": lambda: authority.issue_cert("127.0.0.1", not_after=past),
        "name": lambda: authority.issue_cert("example.org"),
        "authority": lambda: other.issue_cert("127.0.0.1"),
        "clear": lambda: authority.issue_cert("127.0.0.1"),
    }[fault]()
    said = {
        "expired": "is not valid any more: certificate has expired; renew it on the receiver",
        "name": "is for another name: ",
        "authority": "is from an unknown authority: ",
        "clear": "does not speak TLS: ",
    }[fault]

    def in_clear(connection: socket.socket, _number: int) -> bytes:
        connection.recv(1_000)
        connection.sendall(b"HTTP/1.1 400 this is no TLS\r\nContent-Length: 0\r\n\r\n")
        return b""

    handle, context = (in_clear, None) if fault == "clear" else (read_all, _context(tmp_path, certificate))
    with receiving(handle, context) as server:
        wishes = Wishes(f"{scheme}://127.0.0.1:{server.port}", ca=tmp_path / "ca.pem")
        report = Shipper(tmp_path / "home", wishes).once(logs)
        assert not any(server.bodies)
    assert report.gave_up is not None
    assert said in str(report.gave_up)
    assert report.gave_up.remedy


def test_a_client_that_is_not_known_is_told(tmp_path: Path, logs: Path, certificates: Certificates) -> None:
    """An input that requires a certificate of its clients refuses one without, and the shipper says which options."""
    port, sink = free_port(), Sink()
    tls = certificates.server + certificates.authorities + 'ssl_client_authentication => "required" '
    with run_input(f'tcp {{ port => {port} host => "127.0.0.1" {tls} }}', sink, port):
        wishes = Wishes(f"tls://127.0.0.1:{port}", ca=tmp_path / "ca.pem")
        report = Shipper(tmp_path / "home", wishes, replace(FAST, patience=1.0)).once(logs)
    assert report.gave_up is not None
    assert (report.tally.lines, sink.messages) == (0, [])


def test_a_name_that_does_not_resolve_is_said(tmp_path: Path, logs: Path) -> None:
    """The message names the host and the option."""
    for to in ("tcp://nowhere.invalid:5000", "http://nowhere.invalid/"):
        report = Shipper(tmp_path / "home", Wishes(to), replace(FAST, patience=0.1)).once(logs)
        assert report.gave_up is not None
        assert "nowhere.invalid" in report.gave_up.message
        assert "cannot be resolved" in report.gave_up.message

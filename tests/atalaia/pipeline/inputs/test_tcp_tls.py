"""The ``tcp`` input through real TLS."""

from __future__ import annotations

import logging
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from atalaia.pipeline.ecs import EcsCompatibility
from tests.atalaia.pipeline.inputs.certificates import Certificates, make_certificates
from tests.atalaia.pipeline.inputs.network_inputs import DEADLINE, Running, Sink, run_input
from tests.atalaia.pipeline.inputs.test_tcp import ended, tcp
from tests.ports import free_port


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """Make certificates once."""
    return make_certificates(tmp_path_factory.mktemp("certificates"))


@contextmanager
def connected(running: Running, context: ssl.SSLContext) -> Iterator[ssl.SSLSocket]:
    """Yield a client's connection through TLS."""
    with running.connect() as plain, context.wrap_socket(plain, server_hostname="127.0.0.1") as client:
        yield client


def send_and_close(running: Running, context: ssl.SSLContext) -> None:
    """Send a line and take part in the closing handshake."""
    with connected(running, context) as client:
        client.sendall(b"x\n")
        client.unwrap()


def test_lines_through_tls_with_the_subject_of_the_client(certificates: Certificates) -> None:
    """A client with a certificate is taken, and its subject stands in the event as Java writes it (RFC 2253)."""
    sink, port = Sink(), free_port()
    text = tcp(port, certificates.server + certificates.authorities)
    with run_input(text, sink, port) as running, connected(running, certificates.client(known=True)) as client:
        client.sendall(b"secret\n" * 3_000)
        sink.wait_for(3_000)
    assert sink.messages == ["secret"] * 3_000
    tls = sink.events[0].metadata["input"]
    assert isinstance(tls, dict)
    assert str(tls["tcp"]).count("CN=sender\\\\, one,") == 1
    assert str(tls["tcp"]).count("O=Example") == 1


def test_the_closing_handshake_comes_when_everything_is_durable(certificates: Certificates) -> None:
    """A client's half of the closing handshake is answered only after its events are settled."""
    sink, port = Sink(settling=False), free_port()
    text = tcp(port, certificates.plain_key + 'ssl_client_authentication => "none"')
    with run_input(text, sink, port) as running, connected(running, certificates.client()) as client:
        client.sendall(b"one\nlast")
        client.settimeout(0.5)
        with pytest.raises(TimeoutError):
            client.unwrap()
        sink.wait_for(2)
        sink.settle()
        client.settimeout(DEADLINE)
        client.unwrap()
    assert sink.messages == ["one", "last"]


@pytest.mark.parametrize(
    ("authentication", "known", "taken"),
    [("required", True, True), ("required", False, False), ("optional", False, True), ("none", False, True)],
)
def test_the_authentication_of_clients(
    certificates: Certificates, authentication: str, *, known: bool, taken: bool
) -> None:
    """``required`` takes only clients with a certificate of the authorities; the others take any."""
    sink, port = Sink(), free_port()
    options = f"{certificates.server}{certificates.authorities}ssl_client_authentication => {authentication}"
    with run_input(tcp(port, options), sink, port, ecs=EcsCompatibility.DISABLED) as running:
        try:
            send_and_close(running, certificates.client(known=known))
        except (ssl.SSLError, ConnectionResetError):
            assert not taken
    assert len(sink.events) == taken
    assert all(("sslsubject" in event.data) == known for event in sink.events)


def test_a_client_of_another_authority_is_refused(certificates: Certificates, tmp_path: Path) -> None:
    """A certificate that nobody known issued does not help."""
    sink, port = Sink(), free_port()
    stranger = make_certificates(tmp_path)
    context = certificates.client()
    context.load_cert_chain(stranger.directory / "client.pem", stranger.directory / "client.key")
    text = tcp(port, certificates.server + certificates.authorities)
    with run_input(text, sink, port) as running, pytest.raises((ssl.SSLError, ConnectionResetError)):
        send_and_close(running, context)
    assert sink.arrivals == []


def test_garbage_instead_of_a_handshake_hurts_nobody(
    certificates: Certificates, caplog: pytest.LogCaptureFixture
) -> None:
    """Plain text, garbage and silence on a TLS port end those connections only; the log says so once."""
    sink, port = Sink(), free_port()
    text = tcp(port, certificates.plain_key + 'ssl_client_authentication => "none"')
    caplog.set_level(logging.WARNING)
    with run_input(text, sink, port) as running, running.connect() as silent:
        for data in (b"GET / HTTP/1.0\r\n\r\n", b"\x16\x03\x01\xff\xff" + b"x" * 70_000, b"\0" * 100):
            with running.connect() as client:
                client.sendall(data)
                assert ended(client) in ("reset", "not at all")
        with connected(running, certificates.client()) as client:
            client.sendall(b"good\n")
            client.unwrap()
        assert silent.fileno() >= 0
    assert sink.messages == ["good"]
    assert "tcp: no TLS, " in caplog.text


def test_a_connection_cut_without_its_closing_handshake(certificates: Certificates) -> None:
    """A client that just closes leaves its lines; a truncated one is flushed as on a plain connection."""
    sink, port = Sink(), free_port()
    text = tcp(port, certificates.plain_key + 'ssl_client_authentication => "none"')
    with run_input(text, sink, port) as running:
        with connected(running, certificates.client()) as client:
            client.sendall(b"whole\nhal")
            sink.wait_for(1)
        sink.wait_for(2)
    assert sink.messages == ["whole", "hal"]


def test_the_versions_and_suites_of_tls(certificates: Certificates) -> None:
    """Only what the options allow is negotiated."""
    sink, port = Sink(), free_port()
    suite = "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"
    ecdsa = "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"
    options = (
        f'{certificates.plain_key} ssl_client_authentication => "none" ssl_supported_protocols => ["TLSv1.2"] '
        f'ssl_cipher_suites => ["{ecdsa}", "{suite}"]'
    )
    newest = certificates.client()
    newest.minimum_version = ssl.TLSVersion.TLSv1_3
    with run_input(tcp(port, options), sink, port) as running:
        with connected(running, certificates.client()) as client:
            assert client.version() == "TLSv1.2"
            cipher = client.cipher()
            assert cipher is not None
            assert cipher[0] == "ECDHE-ECDSA-AES128-GCM-SHA256"
        with pytest.raises((ssl.SSLError, ConnectionResetError)), connected(running, newest):
            pass


def test_intermediate_certificates_are_presented(tmp_path: Path) -> None:
    """``ssl_extra_chain_certs`` completes the chain for a client that knows only the root."""
    root = make_certificates(tmp_path).authority
    between = root.create_child_ca()
    leaf = between.issue_cert("127.0.0.1")
    (tmp_path / "leaf.pem").write_bytes(leaf.cert_chain_pems[0].bytes())
    leaf.private_key_pem.write_to_path(str(tmp_path / "leaf.key"))
    between.cert_pem.write_to_path(str(tmp_path / "between.pem"))
    options = (
        'ssl_enabled => true ssl_certificate => "leaf.pem" ssl_key => "leaf.key" ssl_client_authentication => "none"'
    )
    trusting = ssl.create_default_context(cafile=str(tmp_path / "ca.pem"))
    for chain, trusted in (('ssl_extra_chain_certs => ["between.pem"]', True), ("", False)):
        sink, port = Sink(), free_port()
        with run_input(tcp(port, f"{options} {chain}"), sink, port, directory=tmp_path) as running:
            try:
                with connected(running, trusting):
                    assert trusted
            except ssl.SSLCertVerificationError:
                assert not trusted


@pytest.mark.parametrize(
    ("options", "trusted"),
    [("{authorities}", True), ("", False), ('ssl_verification_mode => "none"', True)],
)
def test_the_client_mode_checks_its_server(certificates: Certificates, options: str, *, trusted: bool) -> None:
    """As a client it reads only from a server it can trust, unless it is told not to check."""
    sink = Sink()
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(certificates.directory / "server.pem", certificates.directory / "plain.key")
    options = options.format(authorities=certificates.authorities)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        server.settimeout(DEADLINE)
        with run_input(tcp(port, f'mode => "client" ssl_enabled => true {options}'), sink, port, listens=False):
            connection, _address = server.accept()
            with connection:
                try:
                    with serving.wrap_socket(connection, server_side=True) as secured:
                        secured.sendall(b"hello\n")
                        sink.wait_for(1)
                except (ssl.SSLError, ConnectionResetError):
                    assert not trusted
    assert sink.messages == ["hello"] * trusted

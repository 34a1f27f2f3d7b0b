"""E-mail on a real SMTP server: over TLS, with login, and every way to be refused."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from analyzers.alerts.channels import DeliveryError
from analyzers.alerts.channels.email import EmailChannel
from analyzers.alerts.channels.smtp import MailServer
from logging_lib.errors import AtalaiaError
from tests.analyzers.alerts.channels.samples import clock, firing, resolved
from tests.analyzers.alerts.channels.smtp_server import PASSWORD, USER, MailHost, mail_host
from tests.ports import free_port

SENDER, RECIPIENT = "atalaia@example.org", "ops@example.org"


def at(host: MailHost) -> MailServer:
    """Return how to reach a host over STARTTLS with login."""
    return MailServer(
        "localhost", host.port, ca_file=host.ca_file, username=USER, password=PASSWORD, timeout=timedelta(seconds=60)
    )


def channel(server: MailServer) -> EmailChannel:
    """Return the channel under test."""
    return EmailChannel("ops", server, SENDER, RECIPIENT, clock)


def refused(server: MailServer) -> DeliveryError:
    """Deliver, and return why that failed."""
    with pytest.raises(DeliveryError) as failure:
        channel(server).deliver(firing())
    assert PASSWORD not in str(failure.value)
    return failure.value


def test_a_password_that_smtplib_cannot_send_is_a_reason(tmp_path: Path) -> None:
    """The message says what to do, and nothing of the password; a person must mend it."""
    with mail_host(tmp_path, "starttls") as host:
        failure = refused(replace(at(host), password="s3nhação"))  # noqa: S106  # of no account
    assert "takes a username and a password of ASCII characters only; choose such ones" in str(failure)
    assert failure.permanent
    assert "s3nha" not in str(failure)


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_mail_arrives_over_tls_with_login(tmp_path: Path, security: str) -> None:
    """The server took one message for one recipient, after the right login."""
    with mail_host(tmp_path, security) as host:
        channel(replace(at(host), security="tls" if security == "tls" else "starttls")).deliver(firing())
    assert host.envelopes == [(SENDER, [RECIPIENT])]
    assert host.logins == [PASSWORD.encode()]
    (taken,) = host.taken
    assert (taken["From"], taken["To"]) == (SENDER, RECIPIENT)
    assert taken["Subject"].startswith("✕ FIRING: error rate critical")
    assert taken["Date"] == "Mon, 15 Jan 2024 10:30:00 +0000"


def test_a_relay_without_tls_or_login(tmp_path: Path) -> None:
    """``security = "none"`` hands in at a relay that asks for neither."""
    with mail_host(tmp_path, "none") as host:
        channel(MailServer("127.0.0.1", host.port, "none")).deliver(firing())
    assert len(host.taken) == 1


def test_a_repeated_delivery_is_the_same_message(tmp_path: Path) -> None:
    """One notice has one Message-ID, at every attempt; another notice has another."""
    with mail_host(tmp_path) as host:
        for notice in (firing(), firing(), firing(identity="id-9")):
            channel(at(host)).deliver(notice)
    first, again, other = (message["Message-ID"] for message in host.taken)
    assert first == again != other
    assert first.endswith("@example.org>")


def test_the_end_is_in_the_thread_of_the_start(tmp_path: Path) -> None:
    """The notice that an alert is over refers to what the one of its start refers to."""
    with mail_host(tmp_path) as host:
        channel(at(host)).deliver(firing())
        channel(at(host)).deliver(resolved())
    start, end = host.taken
    assert start["References"] == end["References"] == end["In-Reply-To"]
    assert end["Subject"].startswith("✓ RESOLVED")
    assert start["Importance"] == "high"
    assert end["Importance"] is None


def test_a_certificate_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    """The system does not know the test's authority: nothing is sent, and only a person can help."""
    with mail_host(tmp_path) as host:
        failure = refused(replace(at(host), ca_file=None))
        assert "certificate is not trusted" in str(failure)
        assert failure.permanent
    assert (host.logins, host.taken) == ([], [])


def test_a_certificate_for_another_name_is_refused(tmp_path: Path) -> None:
    """A trusted certificate of another server is not this server's."""
    with mail_host(tmp_path, name="elsewhere.example") as host:
        assert "certificate is not trusted" in str(refused(at(host)))
    assert host.logins == []


def test_a_server_without_starttls_gets_no_password(tmp_path: Path) -> None:
    """There is no fallback to plain text."""
    with mail_host(tmp_path, "none") as host:
        failure = refused(at(host))
        assert "STARTTLS" in str(failure)
        assert failure.permanent
    assert (host.logins, host.taken) == ([], [])


def test_a_refused_login(tmp_path: Path) -> None:
    """The server's own words are shown, the password is not."""
    with mail_host(tmp_path) as host:
        failure = refused(replace(at(host), password="wrong"))  # noqa: S106  # a wrong one
        assert "refused the login: 535" in str(failure)
        assert "wrong" not in str(failure)
        assert failure.permanent


@pytest.mark.parametrize(
    ("reply", "permanent"), [("550 5.1.1 no such user", True), ("451 4.7.1 greylisted, try again", False)]
)
def test_a_refused_recipient(tmp_path: Path, reply: str, permanent: bool) -> None:  # noqa: FBT001  # a case
    """5xx stays refused until a person acts, 4xx is worth another try; then the mail arrives."""
    with mail_host(tmp_path) as host:
        host.rcpt = reply
        failure = refused(at(host))
        assert f"refused {RECIPIENT}: {reply}" in str(failure)
        assert failure.permanent is permanent
        host.rcpt = "250 OK"
        channel(at(host)).deliver(firing())
    assert len(host.taken) == 1


@pytest.mark.parametrize(("reply", "permanent"), [("554 spam", True), ("452 disk full", False)])
def test_a_refused_message(tmp_path: Path, reply: str, permanent: bool) -> None:  # noqa: FBT001  # a case
    """What the server says after the message counts, too."""
    with mail_host(tmp_path) as host:
        host.data = reply
        failure = refused(at(host))
        assert reply in str(failure)
        assert failure.permanent is permanent


def test_a_connection_cut_after_the_message_is_tried_again(tmp_path: Path) -> None:
    """Nobody knows whether it was taken: it is sent again, under the same Message-ID."""
    with mail_host(tmp_path) as host:
        host.cut = True
        assert not refused(at(host)).permanent
        host.cut = False
        channel(at(host)).deliver(firing())
    first, again = host.taken
    assert first["Message-ID"] == again["Message-ID"]


@contextmanager
def stubborn(reply: bytes, pause: float) -> Iterator[tuple[int, threading.Event]]:
    """Serve one connection: a byte of the reply each so many seconds, without end. Yield port and an event to stop."""
    done = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip() -> None:
            connection, _ = server.accept()
            with connection:
                for byte in reply * 1000:
                    if done.wait(pause):
                        return
                    try:
                        connection.sendall(bytes([byte]))
                    except OSError:
                        return

        thread = threading.Thread(target=drip)
        thread.start()
        yield server.getsockname()[1], done
        done.set()
        thread.join()


@pytest.mark.parametrize(("reply", "pause"), [(b"2", 60.0), (b"220-wait\r\n", 0.05)])
@pytest.mark.timeout(120)
def test_a_server_that_hangs_or_drips_is_given_up(reply: bytes, pause: float) -> None:
    """Silence ends at the timeout; a reply that never ends is cut off, too."""
    with stubborn(reply, pause) as (port, _):
        server = MailServer("127.0.0.1", port, "none", timeout=timedelta(seconds=0.3))
        failure = refused(server)
        assert not failure.permanent
        assert f"the mail server 127.0.0.1:{port}: " in str(failure)


def test_nobody_listens() -> None:
    """A refused connection is a failed delivery."""
    assert "ConnectionRefusedError" in str(refused(MailServer("127.0.0.1", free_port(), "none")))


def test_certificates_that_cannot_be_read_are_an_error_at_once(tmp_path: Path) -> None:
    """It is told when the file is loaded, not when the first alert fires."""
    with pytest.raises(AtalaiaError, match="cannot read the certificates"):
        channel(MailServer("localhost", 25, ca_file=tmp_path / "none.pem"))
    (tmp_path / "bad.pem").write_text("no certificate", encoding="ascii")
    with pytest.raises(AtalaiaError, match="cannot read the certificates"):
        channel(MailServer("localhost", 25, ca_file=tmp_path / "bad.pem"))

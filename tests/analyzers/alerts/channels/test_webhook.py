"""Channels on real parts."""

from __future__ import annotations

import io
import socket
from datetime import timedelta

import pytest

from analyzers.alerts import ConsoleChannel, DeliveryError, Kind, Notice, WebhookChannel
from analyzers.thresholds import Severity
from logging_lib.errors import AtalaiaError
from tests.analyzers.alerts.receiver import receiving
from tests.analyzers.events import at
from tests.ports import free_port

NOTICE = Notice(
    "id-1",
    Kind.FIRING,
    Severity.WARNING,
    "cpu",
    at("2024-01-15T10:30:00Z"),
    (),
    "FIRING: cpu warning",
    "FIRING: cpu warning",
    {"id": "id-1", "value": 1.5},
)


@pytest.mark.parametrize("status", [200, 201, 204])
def test_any_2xx_is_delivered(status: int) -> None:
    """The payload arrives as JSON, and the answer counts as taken."""
    with receiving() as receiver:
        receiver.status = status
        WebhookChannel(receiver.url).deliver(NOTICE)
        assert receiver.received == [{"id": "id-1", "value": 1.5}]
        assert receiver.keys == ["id-1"]


@pytest.mark.parametrize("status", [302, 404, 500])
def test_other_answers_are_failures(status: int) -> None:
    """A redirect or an error is no delivery; the secret in the address is not in the message."""
    with receiving() as receiver:
        receiver.status = status
        with pytest.raises(DeliveryError, match=f"answered {status}") as failure:
            WebhookChannel(receiver.url).deliver(NOTICE)
        assert "secret" not in str(failure.value)


def test_nobody_listens() -> None:
    """A refused connection is a failed delivery."""
    with pytest.raises(DeliveryError, match="not reached"):
        WebhookChannel(f"http://127.0.0.1:{free_port()}/").deliver(NOTICE)


def test_nobody_answers() -> None:
    """A receiver that accepts and stays silent is given up after the timeout."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        port = silent.getsockname()[1]
        with pytest.raises(DeliveryError, match="ReadTimeout"):
            WebhookChannel(f"http://127.0.0.1:{port}/", timeout=timedelta(seconds=0.2)).deliver(NOTICE)


def test_names_tell_addresses_apart_without_secrets() -> None:
    """Two hooks on one host have two names, and neither shows the path."""
    names = {WebhookChannel(f"https://hooks.example/{path}").name for path in ("secret-a", "secret-b")}
    assert len(names) == 2
    assert not any("secret" in name for name in names)


@pytest.mark.parametrize("url", ["", "hooks.example", "ftp://hooks.example/", "http://", "http://[::1"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    """Only an HTTP address is a webhook."""
    with pytest.raises(AtalaiaError, match="webhook"):
        WebhookChannel(url)


def test_a_closed_console_is_a_failure() -> None:
    """What cannot be written is not lost: it is a failed delivery."""
    stream = io.StringIO()
    stream.close()
    with pytest.raises(DeliveryError, match="console"):
        ConsoleChannel(stream).deliver(NOTICE)

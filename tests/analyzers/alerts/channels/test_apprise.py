"""Apprise: its addresses, its silence about errors, and its secrets."""

from __future__ import annotations

import json

import pytest

from analyzers.alerts.channels import DeliveryError
from analyzers.alerts.channels.apprise import AppriseChannel
from logging_lib.errors import AtalaiaError
from tests.analyzers.alerts.channels.http_server import Server, serving
from tests.analyzers.alerts.channels.samples import firing, resolved


def channel(server: Server) -> AppriseChannel:
    """Return a channel for apprise's JSON service with a user, a password and a secret path."""
    return AppriseChannel("chat", server.url.replace("http://", "json://robot:hunter22@") + "/t0psecret")


def test_a_notice_is_sent_by_the_library() -> None:
    """Title, text and type arrive in the form of the service that the address names."""
    with serving() as server:
        channel(server).deliver(firing())
        channel(server).deliver(resolved())
        start, end = (json.loads(request.body) for request in server.requests)
    assert start["title"].startswith("✕ FIRING: error rate critical")
    assert "atalaia alerts ack a1b2c3" in start["message"]
    assert (start["type"], end["type"]) == ("failure", "success")


def test_what_the_library_swallows_is_the_reason() -> None:
    """Apprise answers only yes or no; its log says why, and no part of the address is shown."""
    with serving() as server:
        server.status = 503
        with pytest.raises(DeliveryError) as failure:
            channel(server).deliver(firing())
    assert "503" in str(failure.value)
    assert not any(secret in str(failure.value) for secret in ("robot", "hunter22", "t0psecret"))


def test_an_encoded_secret_is_not_shown_decoded() -> None:
    """A password with an @ is written as %40 in the address; a library that logs it decoded gives nothing away."""
    hiding = AppriseChannel("chat", "json://robot:hun%40ter22@127.0.0.1:9/with+plus").without_secrets
    assert hiding("login of robot with hun@ter22 at with plus failed") == "login of *** with *** at *** failed"


def test_nobody_listens(caplog: pytest.LogCaptureFixture) -> None:
    """A refused connection is a failed delivery."""
    with serving() as server:
        gone = channel(server)
    with pytest.raises(DeliveryError, match="Connection error"):
        gone.deliver(firing())
    assert "hunter22" not in caplog.text


@pytest.mark.parametrize("url", ["", "nonsense://t0psecret", "t0psecret"])
def test_an_address_that_apprise_does_not_know(url: str) -> None:
    """It is an error when the file is loaded, and is not shown."""
    with pytest.raises(AtalaiaError, match="channel 'chat': apprise does not know") as refused:
        AppriseChannel("chat", url)
    assert "t0psecret" not in str(refused.value)

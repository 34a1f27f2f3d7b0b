"""Text messages, on a real HTTP server in Twilio's place."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs

import pytest

from analyzers.alerts.channels import DeliveryError
from analyzers.alerts.channels.sms import SmsChannel, TwilioAccount, sms_text
from tests.analyzers.alerts.channels.http_server import Server, serving
from tests.analyzers.alerts.channels.samples import alert, clock, firing, hostile

SID, TOKEN, NUMBER = "AC0123456789abcdef0123456789abcdef", "t0ken", "+351912345678"
ACCOUNT = TwilioAccount(SID, TOKEN, sender="+15005550006")


def deliver(server: Server, account: TwilioAccount = ACCOUNT) -> dict[str, list[str]]:
    """Deliver to a server and return the form that it got."""
    SmsChannel("sms", replace(account, api_url=server.url), NUMBER, clock=clock).deliver(firing())
    return parse_qs(server.requests[-1].body.decode("ascii"), strict_parsing=True)


def refused(server: Server) -> DeliveryError:
    """Deliver, and return why that failed."""
    with pytest.raises(DeliveryError) as failure:
        deliver(server)
    assert TOKEN not in str(failure.value)
    return failure.value


def test_the_request_is_the_one_of_twilios_documents() -> None:
    """Path, form and basic authentication are as documented; the account's own number sends."""
    with serving() as server:
        server.status, server.body = 201, b'{"sid": "SM1", "status": "queued", "error_code": null}'
        form = deliver(server)
        (request,) = server.requests
    assert request.path == f"/2010-04-01/Accounts/{SID}/Messages.json"
    assert request.headers["Authorization"] == "Basic " + base64.b64encode(f"{SID}:{TOKEN}".encode()).decode()
    assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert set(form) == {"To", "From", "Body"}
    assert (form["To"], form["From"]) == ([NUMBER], ["+15005550006"])
    assert form["Body"][0].startswith("CRITICAL FIRING: error rate critical: 20 % of 100 requests failed")


def test_a_messaging_service_sends_instead() -> None:
    """With a service there is no ``From``."""
    with serving() as server:
        server.status = 201
        form = deliver(server, TwilioAccount(SID, TOKEN, service="MG1"))
    assert form["MessagingServiceSid"] == ["MG1"]
    assert "From" not in form


@pytest.mark.parametrize(
    ("status", "code", "words", "permanent"),
    [
        (400, 21211, "The 'To' number is not a valid phone number.", True),
        (401, 20003, "Authenticate", True),
        (429, 20429, "Too many requests", False),
        (503, 20503, "Service unavailable", False),
    ],
)
def test_a_refusal_shows_code_and_words(status: int, code: int, words: str, permanent: bool) -> None:  # noqa: FBT001
    """What Twilio says is what a person can look up."""
    with serving() as server:
        server.status, server.headers = status, {"Retry-After": "7"}
        server.body = json.dumps({"code": code, "message": words, "status": status}).encode()
        failure = refused(server)
    assert str(failure) == f"the Twilio API answered {status}: {words} (code {code})"
    assert failure.permanent is permanent
    assert failure.retry_after == timedelta(seconds=7)


def test_a_message_that_failed_at_once_was_not_delivered() -> None:
    """201 with the status ``failed`` is no success."""
    with serving() as server:
        server.status = 201
        server.body = b'{"status": "failed", "error_code": 30005, "error_message": "Unknown destination"}'
        assert "failed: Unknown destination (code 30005)" in str(refused(server))


@pytest.mark.parametrize("body", [b"<html>bad gateway", b"[]", b""])
def test_an_answer_that_is_not_twilios_is_shown(body: bytes) -> None:
    """A proxy in between speaks no JSON."""
    with serving() as server:
        server.status, server.body = 502, body
        assert "answered 502" in str(refused(server))


def test_a_long_message_is_cut_and_says_so() -> None:
    """One segment holds 160 characters of the 7-bit alphabet; the end counts what is missing."""
    text = sms_text(firing(alert("x" * 300)), 1)
    assert len(text) == 160
    kept = text.count("x")
    assert text.endswith(f"x... (+{300 - kept} chars)")
    assert len(sms_text(firing(alert("x" * 300)), 3)) > 300


def test_several_alerts_are_named_after_the_verdict() -> None:
    """With room for it, each alert's sentence follows."""
    text = sms_text(firing(alert("one is bad"), alert("two is bad", rule="other")), 3)
    assert "2 alerts (2 critical)" in text
    assert text.endswith("\none is bad\ntwo is bad")


def test_an_attacker_breaks_no_line() -> None:
    """Control characters and broken ones are gone, and the form can be written."""
    text = sms_text(hostile(), 10)
    assert not any(char in text for char in "\x1b\r\u202e\ud800")
    text.encode("utf-8")

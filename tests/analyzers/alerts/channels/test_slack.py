"""Slack, on a real HTTP server in its place."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from analyzers.alerts.channels import DeliveryError
from analyzers.alerts.channels.slack import SlackChannel, slack_message
from analyzers.store.document import JsonValue
from tests.analyzers.alerts.channels.http_server import Server, serving
from tests.analyzers.alerts.channels.samples import alert, clock, firing, hostile, resolved


def channel(server: Server) -> SlackChannel:
    """Return the channel under test."""
    return SlackChannel("slack", f"{server.url}/services/T0/B0/secret", clock=clock)


def refused(server: Server) -> DeliveryError:
    """Deliver, and return why that failed."""
    with pytest.raises(DeliveryError) as failure:
        channel(server).deliver(firing())
    assert "secret" not in str(failure.value)
    return failure.value


def texts(value: JsonValue, kind: str) -> list[str]:
    """Return the texts of all objects of a type in a message."""
    if isinstance(value, list):
        return [text for each in value for text in texts(each, kind)]
    if not isinstance(value, dict):
        return []
    own = [str(value["text"])] if value.get("type") == kind else []
    return own + [text for each in value.values() for text in texts(each, kind)]


def test_the_message_says_it_in_words() -> None:
    """The webhook got one JSON body: severity as word and sign, the verdict, what explains it, what to do."""
    with serving() as server:
        server.body = b"ok"
        channel(server).deliver(firing())
        (request,) = server.requests
    assert request.path == "/services/T0/B0/secret"
    assert request.headers["Content-Type"] == "application/json"
    said: dict[str, JsonValue] = json.loads(request.body)
    assert str(said["text"]).startswith("✕ FIRING: error rate critical: 20 % of 100")
    plain = texts(said, "plain_text")
    assert plain[0] == "✕ CRITICAL: error_rate"
    assert plain[1].startswith("FIRING: error rate critical")
    assert "Most of it: /api/chamados, 15 of 20." in plain[2]
    assert "atalaia alerts ack a1b2c3" in plain[3]
    assert texts(said, "mrkdwn") == ["<https://wiki.example.org/errors?a=1&amp;b=2|Runbook>"]
    assert texts(slack_message(resolved()), "plain_text")[0] == "✓ RESOLVED: error_rate"


def test_an_attacker_mentions_nobody() -> None:
    """Markup is escaped where Slack reads it; everything else is plain text."""
    said = slack_message(hostile())
    marked = [str(said["text"]), *texts(said, "mrkdwn")]
    assert not any("<!" in text or "<script" in text for text in marked)
    (feigned,) = [text for text in marked if "javascript" in text]
    assert not feigned.startswith("<")
    assert not any(char in text for text in texts(said, "plain_text") for char in "\x1b\r\u202e\ud800")


def test_long_texts_stay_within_the_limits_of_slack() -> None:
    """A header has at most 150 characters, a section 3,000, a message 50 blocks; a cut says how much was left out."""
    said = slack_message(firing(*(alert("x" * 4000, rule="r" * 200 + str(number)) for number in range(60))))
    assert max(map(len, texts(said, "plain_text"))) <= 3000
    assert len(texts(said, "plain_text")[0]) <= 150
    blocks = said["blocks"]
    assert isinstance(blocks, list)
    assert len(blocks) <= 50
    assert "characters more)" in texts(said, "plain_text")[2]
    assert "and 50 more alerts" in texts(said, "plain_text")


@pytest.mark.parametrize(
    ("header", "wait"),
    [("30", 30), ("Mon, 15 Jan 2024 10:31:00 GMT", 60), ("Mon, 15 Jan 2024 10:00:00 GMT", 0), ("soon", None)],
)
def test_too_many_requests_say_when_to_come_back(header: str, wait: int | None) -> None:
    """Seconds and dates are understood (it is 10:30:00); it is worth another try."""
    with serving() as server:
        server.status, server.headers, server.body = 429, {"Retry-After": header}, b"rate_limited"
        failure = refused(server)
    assert "answered 429: rate_limited" in str(failure)
    assert failure.retry_after == (None if wait is None else timedelta(seconds=wait))
    assert not failure.permanent


@pytest.mark.parametrize(
    ("status", "body", "permanent"),
    [(404, "no_service", True), (410, "channel_is_archived", True), (500, "rollup_error", False), (408, "", False)],
)
def test_a_refusal_is_told_in_slacks_own_word(status: int, body: str, permanent: bool) -> None:  # noqa: FBT001  # a case
    """4xx needs a person, 5xx time."""
    with serving() as server:
        server.status, server.body = status, body.encode()
        failure = refused(server)
    assert f"answered {status}" in str(failure)
    assert body in str(failure)
    assert failure.permanent is permanent


def test_a_success_without_ok_is_none() -> None:
    """A proxy's login page answers 200, too."""
    with serving() as server:
        server.body = b"<html>Please log in"
        assert "answered 200 without 'ok': <html>Please log in" in str(refused(server))

"""From tables to channels: one for each recipient, secrets read, missing ones named."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from analyzers.alerts.channels.building import build_routes
from analyzers.alerts.channels.models import ChannelTable
from analyzers.alerts.channels.secret import Secrets
from analyzers.alerts.routing import Route
from analyzers.thresholds import Severity
from logging_lib.errors import AtalaiaError
from tests.analyzers.alerts.channels.http_server import serving
from tests.analyzers.alerts.channels.samples import clock, firing

TABLES: TypeAdapter[tuple[ChannelTable, ...]] = TypeAdapter(tuple[ChannelTable, ...])
EMAIL = {
    "type": "email",
    "name": "ops",
    "recipients": ["a@example.org", "b@example.org"],
    "sender": "atalaia@example.org",
    "host": "mail.example.org",
    "username": "atalaia",
    "password": {"env": "MAIL_PASSWORD"},
    "severity_levels": ["critical"],
}
SMS = {
    "type": "sms",
    "phone_numbers": ["+351912345678", "+351912345679"],
    "account_sid": "AC0123456789abcdef0123456789abcdef",
    "auth_token": {"env": "TWILIO_AUTH_TOKEN"},
    "sender": "Atalaia",
    "escalation": True,
}


def routes(environment: dict[str, str], *tables: object) -> dict[str, tuple[Route, ...]]:
    """Return the routes of some tables."""
    secrets = Secrets(environment, Path("/nowhere"), pytest.fail)
    return build_routes(TABLES.validate_python(tables), secrets, io.StringIO(), clock)


def test_every_recipient_has_a_route_of_its_own() -> None:
    """What one of them does not take is then tried again for that one alone."""
    built = routes({"MAIL_PASSWORD": "p", "TWILIO_AUTH_TOKEN": "t"}, EMAIL, SMS)
    assert [route.channel.name for route in built["ops"]] == ["ops: a@example.org", "ops: b@example.org"]
    assert {route.severity_levels for route in built["ops"]} == {frozenset({Severity.CRITICAL})}
    assert [route.channel.name for route in built["sms"]] == ["sms: +351912345678", "sms: +351912345679"]
    assert all(route.escalation for route in built["sms"])


@pytest.mark.parametrize(
    ("table", "key", "variable"),
    [
        (EMAIL, "channel 'ops': password", "MAIL_PASSWORD"),
        (SMS, "channel 'sms': auth_token", "TWILIO_AUTH_TOKEN"),
        ({"type": "slack", "webhook_url": {"env": "SLACK"}}, "channel 'slack': webhook_url", "SLACK"),
        ({"type": "webhook", "url": {"env": "HOOK"}}, "channel 'webhook': url", "HOOK"),
        ({"type": "apprise", "url": {"env": "CHAT"}}, "channel 'apprise': url", "CHAT"),
    ],
)
def test_a_missing_secret_is_an_error_that_names_it(table: dict[str, object], key: str, variable: str) -> None:
    """Channel, key and variable are in the message; a disabled channel needs none."""
    with pytest.raises(AtalaiaError, match=f"{key}: the environment variable {variable} is not set"):
        routes({}, table)
    (disabled,) = routes({}, {**table, "enabled": False}).values()
    assert disabled == ()


def test_a_webhook_with_a_token_sends_it() -> None:
    """The bearer token is read from where the file says."""
    with serving() as server:
        built = routes({"TOKEN": "t0ken"}, {"type": "webhook", "url": server.url, "token": {"env": "TOKEN"}})
        built["webhook"][0].channel.deliver(firing())
        (request,) = server.requests
    assert request.headers["Authorization"] == "Bearer t0ken"
    assert request.headers["Idempotency-Key"] == "id-1"


def test_every_type_of_channel_is_built() -> None:
    """Slack, apprise and console have one route each, under their type's name."""
    environment = {"SLACK": "https://hooks.slack.example/x", "CHAT": "json://localhost/x"}
    built = routes(
        environment,
        {"type": "slack", "webhook_url": {"env": "SLACK"}},
        {"type": "apprise", "url": {"env": "CHAT"}},
        {"type": "console"},
    )
    assert {name: [route.channel.name for route in each] for name, each in built.items()} == {
        "slack": ["slack"],
        "apprise": ["apprise"],
        "console": ["console"],
    }

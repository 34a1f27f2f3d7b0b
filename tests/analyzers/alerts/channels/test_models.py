"""The ``[[channel]]`` tables: what they say, and what they refuse."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import pytest
from pydantic import AfterValidator, BaseModel, ConfigDict

from analyzers.alerts.channels import ChannelTable, channel_name, checked_names
from analyzers.strict_toml import TomlError, read_toml
from analyzers.thresholds import Severity


class Document(BaseModel):
    """A file with channels alone."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    channel: Annotated[tuple[ChannelTable, ...], AfterValidator(checked_names)] = ()


EMAIL = """
[[channel]]
type = "email"
recipients = ["ops@example.org"]
sender = "atalaia@example.org"
host = "mail.example.org"
"""
SMS = """
[[channel]]
type = "sms"
phone_numbers = ["+351912345678"]
account_sid = "AC0123456789abcdef0123456789abcdef"
auth_token = { env = "TWILIO_AUTH_TOKEN" }
sender = "+15005550006"
"""


def read(folder: Path, text: str) -> tuple[ChannelTable, ...]:
    """Return the channels of a file with this text."""
    path = folder / "alerts.toml"
    path.write_text(text, encoding="utf-8")
    return read_toml(path, Document, "alert rules").channel


def test_a_channel_has_sensible_defaults(tmp_path: Path) -> None:
    """Both levels, ten seconds, STARTTLS, and the type as its name."""
    (email,) = read(tmp_path, EMAIL)
    assert email.type == "email"
    assert channel_name(email) == "email"
    assert email.severities == {Severity.CRITICAL, Severity.WARNING}
    assert (email.enabled, email.escalation, email.timeout) == (True, False, timedelta(seconds=10))
    assert email.security == "starttls"


def test_what_is_said_is_meant(tmp_path: Path) -> None:
    """Every common key is honoured."""
    common = 'name = "on call"\nenabled = false\nescalation = true\nseverity_levels = ["critical"]\ntimeout = "1m"\n'
    (sms,) = read(tmp_path, SMS + common)
    assert channel_name(sms) == "on call"
    assert (sms.enabled, sms.escalation) == (False, True)
    assert sms.severities == {Severity.CRITICAL}
    assert sms.timeout == timedelta(minutes=1)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (EMAIL.replace("recipients", "recipents"), "did you mean 'recipients'"),
        (EMAIL.replace('"ops@example.org"', ""), "recipients"),
        (EMAIL.replace("ops@example.org", "ops"), "'ops' is no mail address"),
        (EMAIL.replace("ops@example.org", "ops@example.org\\r\\nBcc: a@b.c"), "is no mail address"),
        (EMAIL.replace('["ops@example.org"]', '["a@b.c", "a@b.c"]'), "named twice: a@b.c"),
        (EMAIL + 'username = "u"', "username and password go together"),
        (EMAIL + 'username = "u"\npassword = "hunter2"', "a secret is not written here"),
        (EMAIL + 'username = "u"\npassword = { env = "P" }\nsecurity = "none"', "not sent in the clear"),
        (EMAIL + 'timeout = "10"', "'10' is not a duration"),
        (EMAIL + 'timeout = "1h"', "give at most 2m"),
        (EMAIL + 'severity_levels = ["ok"]', "severity_levels"),
        (EMAIL + EMAIL, "two channels are called 'email'"),
        (SMS.replace("+351912345678", "912345678"), "'912345678' is no phone number"),
        (SMS.replace("+15005550006", "+1\\n"), "sender"),
        (
            SMS + 'messaging_service_sid = "MG0123456789abcdef0123456789abcdef"',
            "either sender or messaging_service_sid",
        ),
        (SMS.replace('{ env = "TWILIO_AUTH_TOKEN" }', '{ env = "A", file = "b" }'), "say either"),
        (SMS + 'api_url = "http://api.twilio.com"', "api_url"),
        ('[[channel]]\ntype = "slack"\nwebhook_url = "https://hooks.slack.com/x"', "a secret is not written here"),
        ('[[channel]]\ntype = "fax"', "fax"),
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path: Path, text: str, complaint: str) -> None:
    """The complaint names the place and the remedy, and never repeats a secret."""
    with pytest.raises(TomlError) as refused:
        read(tmp_path, text)
    assert complaint in str(refused.value)
    assert "hunter2" not in str(refused.value)

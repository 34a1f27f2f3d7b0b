"""A notice as a mail: what mail programs show, sort and thread by."""

from __future__ import annotations

import hashlib
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from analyzers.alerts.channels.look import facts, look_of, look_of_alert, one_line, web_link
from analyzers.alerts.model import AlertDetail, Kind, Notice
from analyzers.alerts.notices import SPOKEN_ALERTS, commands
from analyzers.thresholds import Severity


def mail(notice: Notice, sender: str, recipient: str, written: datetime) -> EmailMessage:
    """Return the message: plain text, and the same as simple HTML.

    ``Message-ID`` is made from the notice's id: a repeated delivery is the same message, which mail programs show
    once. All notices about one alert, from its start to its end, refer to one thread.

    Args:
        notice: What to tell.
        sender: Its address; its domain is that of the message's id.
        recipient: Whom to tell.
        written: The date to show.
    """
    domain = sender.rpartition("@")[2]
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = recipient
    message["Subject"] = f"{look_of(notice).sign} {one_line(notice.subject)}"
    message["Date"] = format_datetime(written)
    message["Message-ID"] = _identity("notice", notice.id, domain)
    threads = [_identity("alert", _thread(alert), domain) for alert in notice.alerts]
    if threads:
        message["In-Reply-To"] = threads[0]
        message["References"] = " ".join(dict.fromkeys(reversed(threads)))
    message["Auto-Submitted"] = "auto-generated"
    message["X-Atalaia-Kind"] = notice.kind.value
    message["X-Atalaia-Severity"] = notice.severity.value
    if notice.severity is Severity.CRITICAL and notice.kind is not Kind.RESOLVED:
        message["Importance"] = "high"
    message.set_content(_plain(notice), cte="quoted-printable")
    message.add_alternative(mail_html(notice), subtype="html", cte="quoted-printable")
    return message


def mail_html(notice: Notice) -> str:
    """Return the HTML part: no script, nothing loaded from elsewhere; every text of an event is escaped."""
    html = (
        _environment()
        .get_template("notice.html")
        .render(
            notice=notice,
            look=look_of(notice),
            look_of=look_of_alert,
            facts=facts,
            alerts=notice.alerts[:SPOKEN_ALERTS],
            more=len(notice.alerts) - SPOKEN_ALERTS,
            runbooks=list(dict.fromkeys(alert.runbook for alert in notice.alerts if alert.runbook is not None)),
            web_link=web_link,
            commands=[command.partition(": ")[::2] for command in commands(notice.kind, notice.alerts)],
        )
    )
    return _encodable(html)


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("analyzers.alerts.channels"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _plain(notice: Notice) -> str:
    """Return the text without control characters other than line ends."""
    return _encodable(notice.text)


def _encodable(text: str) -> str:
    """Return a text whose lines hold nothing that a mail cannot carry or that could feign another text."""
    return "\n".join("".join(char if char.isprintable() else " " for char in line) for line in text.split("\n"))


def _thread(alert: AlertDetail) -> str:
    return f"{alert.id} {alert.since.isoformat()}"


def _identity(kind: str, text: str, domain: str) -> str:
    """Return a message id (RFC 5322, 3.6.4) that is the same for the same text."""
    return f"<{kind}.{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}@{domain}>"

"""A report as a mail: HTML as mail programs show it, with the charts as pictures in it, and the same as plain text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import partial
from hashlib import sha256
from typing import Final

from analyzers.alerts.channels.look import one_line
from analyzers.blocks import Picture, Recommendations, Table
from analyzers.charts import PRINT, Style, draw_png
from analyzers.language import Language, Message, plural
from analyzers.reports.document import Report
from analyzers.reports.rendering.environment import filled
from analyzers.reports.rendering.html import render_html
from analyzers.reports.rendering.shown import SIGNS, Shown
from analyzers.reports.rendering.text import render_text
from analyzers.reports.rendering.text_charts import drawn

_WIDTH: Final = 600
"""CSS pixels: as wide as mail programs' windows surely are."""
_ROWS: Final = (6, 3, 1)
"""Rows of a table, and recommendations, within a mail; fewer where it were too long. The attached file has all."""
_MOST: Final = 100_000
"""Bytes of HTML: Gmail cuts off what is behind the first 102 KB."""
_WHOLE: Final = frozenset({"application/pdf", "text/html"})
"""Kinds of attachments that people read the whole report in."""
_LONG: Final = 24
"""Letters of a word that may be broken anywhere: no column of a mail is sure to have room for more."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a mail: the same report as PDF or as JSON.

    Attributes:
        name: Of the file.
        content: Its bytes.
        kind: Its media type: ``application/pdf``.
    """

    name: str
    content: bytes
    kind: str


@dataclass(frozen=True, slots=True)
class Envelope:
    """From whom a mail is, to whom, and when it was written."""

    sender: str
    recipient: str
    written: datetime


@dataclass(frozen=True, slots=True)
class Inline:
    """A picture within the mail.

    Attributes:
        identity: Its Content-ID, without brackets.
        png: The picture.
        told: What is shown and read aloud in its place.
    """

    identity: str
    png: bytes
    told: str


def report_mail(
    report: Report, language: Language, envelope: Envelope, attachments: tuple[Attachment, ...] = ()
) -> EmailMessage:
    """Return the mail. Its subject is the verdict's first sentence; its id is that of the report and its recipient.

    Args:
        report: What to show.
        language: In whose words, and on whose clock.
        envelope: From whom, to whom.
        attachments: What goes with it.
    """
    mail = EmailMessage(policy=SMTP)
    mail["From"] = envelope.sender
    mail["To"] = envelope.recipient
    mail["Subject"] = subject(report, language)
    mail["Date"] = format_datetime(envelope.written)
    mail["Message-ID"] = _identity(report, envelope)
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Atalaia-Report"] = f"{report.kind} {report.key}"
    mail.set_content(render_text(report, language), cte="quoted-printable")
    pictures = dict(_pictures(report, language))
    html, attachments = _html(report, language, pictures, attachments)
    mail.add_alternative(html, subtype="html", cte="quoted-printable")
    _add_pictures(mail, pictures)
    for each in attachments:
        main, _, sub = each.kind.partition("/")
        mail.add_attachment(each.content, maintype=main, subtype=sub, filename=each.name)
    mail["Content-Language"] = language.tag  # last: each part that is added takes such headers away
    return mail


def _html(
    report: Report, language: Language, pictures: dict[str, Inline], attachments: tuple[Attachment, ...]
) -> tuple[str, tuple[Attachment, ...]]:
    """Return the HTML with as many rows as it has room for, and the attachments, one with all of them."""
    html = ""
    for rows in _ROWS:
        if not _is_whole(report, rows):
            attachments = _with_all(report, language, attachments)
        names = {"pictures": pictures, "width": _WIDTH, "rows": rows, "is_long": _is_long}
        html = filled("mail.html", report, language, names | {"more": partial(_more, attachments)})
        if len(html.encode()) <= _MOST:
            break
    return html, attachments


def _is_whole(report: Report, rows: int) -> bool:
    """Tell whether so many rows of each table, and recommendations, are all of a report."""
    blocks = [block for section in report.sections for block in section.blocks]
    tables = (len(each.rows) <= rows for each in blocks if isinstance(each, Table))
    return all(tables) and all(len(each.advice) <= rows for each in blocks if isinstance(each, Recommendations))


def _with_all(report: Report, language: Language, attachments: tuple[Attachment, ...]) -> tuple[Attachment, ...]:
    """Return the attachments with one that has the whole report: its PDF where it is there, else its page."""
    if any(each.kind in _WHOLE for each in attachments):
        return attachments
    return (*attachments, Attachment(f"{report.key}.html", render_html(report, language).encode(), "text/html"))


def _more(attachments: tuple[Attachment, ...], left: int) -> Message:
    """Return that there is more, and in which file."""
    whole = next(each for each in attachments if each.kind in _WHOLE)
    return plural("and {n} more, in the attached {file}", "and {n} more, in the attached {file}", left, file=whole.name)


def _is_long(shown: Shown) -> bool:
    """Tell whether a cell has a word that no column is sure to hold: other words are never broken inside."""
    return not shown.is_number and any(len(word) > _LONG for word in shown.text.split())


def subject(report: Report, language: Language) -> str:
    """Return the verdict's first sentence with its sign, then which report it is of."""
    said = language.say(report.verdict[0]) if report.verdict else ""
    return one_line(f"{SIGNS[report.state]} {said} · {language.say(report.title)}")


def _add_pictures(mail: EmailMessage, pictures: dict[str, Inline]) -> None:
    html = mail.get_body(("html",))
    if html is None:
        raise LookupError("the mail has no HTML part")
    for name, each in pictures.items():
        html.add_related(
            each.png, "image", "png", cid=f"<{each.identity}>", filename=f"{name}.png", disposition="inline"
        )


def _pictures(report: Report, language: Language) -> Iterator[tuple[str, Inline]]:
    style = Style(language, PRINT, _WIDTH)
    for section in report.sections:
        for block in section.blocks:
            if isinstance(block, Picture):
                png = draw_png(block.chart, style)
                told = one_line("; ".join((language.say(block.title), *drawn(block.chart, language))))
                yield block.name, Inline(f"{sha256(png).hexdigest()[:24]}@atalaia", png, told)


def _identity(report: Report, envelope: Envelope) -> str:
    """Return a message id (RFC 5322, 3.6.4): the same mail sent again is shown once; a report made anew is another."""
    domain = Address(addr_spec=envelope.sender).domain
    text = f"{report.kind} {report.key} {report.store} {report.made.isoformat()} {envelope.recipient}"
    return f"<report.{sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}@{domain}>"

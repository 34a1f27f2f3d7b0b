"""A mail of a busy team's report is not clipped: Gmail cuts the HTML of a mail off at about 102 KB."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage
from html import unescape

import pytest

from analyzers.language import Language
from analyzers.reports.building import build_report
from analyzers.reports.document import Kind, Report
from analyzers.reports.periods import parse_period
from analyzers.reports.question import Question, Sources, built_in
from analyzers.reports.rendering import Attachment, Envelope, report_mail
from analyzers.store.document import Document, JsonValue
from analyzers.store.memory.store import MemoryStore
from tests.analyzers.events import request
from tests.analyzers.reports.weeks_data import ZONE

_MOST = 100_000
"""Bytes of HTML, with some room below Gmail's limit."""
_ENVELOPE = Envelope("atalaia@example.org", "ops@example.org", datetime(2024, 4, 1, 8, tzinfo=ZONE))


def _statement(at: datetime, number: int) -> Document:
    """Return a slow statement of a shape of its own."""
    columns = ", ".join(f"t.column_{each}_of_table_{number}" for each in range(12))
    words = ("SELECT", columns, f"FROM tickets_{number} AS t WHERE t.department_id = ? ORDER BY t.created_at")
    sql: dict[str, JsonValue] = {
        "operation": "SELECT",
        "text": " ".join(words),
        "endpoint": f"/api/v2/departments/{number}/tickets",
        "duration": {"sec": 1.5},
        "database": "helpdesk",
    }
    return Document("logs-sql.query-production", f"{at} {number}", {"@timestamp": at.isoformat(), "sql": sql})


def _busy() -> Iterator[Document]:
    """Yield two weeks of March of a team with a hundred endpoints, each of which fails and is slow now and then."""
    start = datetime(2024, 3, 18, 9, tzinfo=ZONE)
    for day in range(14):
        for number in range(100):
            at = start + timedelta(days=day, seconds=number, hours=number % 8)
            route = f"/api/v2/departments/<int:department_{number}>/tickets/<uuid:ticket>/comments"
            yield from (request(at, route=route, seconds=0.1 + number / 50) for _ in range(2))
            if (day + number) % 3 == 0:
                yield request(at, 500 + number % 4, seconds=3.0, route=route)
            if number < 20:
                yield _statement(at, number)


def _report(store: MemoryStore, kind: Kind, key: str) -> Report:
    period = parse_period(kind, key)
    return build_report(Sources(store), Question(period, ZONE, built_in(ZONE), period.window(ZONE).end)).report


@pytest.fixture(scope="module")
def store() -> MemoryStore:
    """The two weeks."""
    return MemoryStore(_busy())


def _html(mail: EmailMessage) -> str:
    body = mail.get_body(("html",))
    assert body is not None
    text = body.get_content()
    assert isinstance(text, str)
    return text


def test_no_mail_is_clipped(store: MemoryStore, portuguese: Language) -> None:
    """A week and a month of a hundred endpoints, accents taking two bytes each; the rest is in the PDF, and told."""
    pdf = Attachment("report.pdf", b"%PDF-1.7", "application/pdf")
    for kind, key in ((Kind.WEEKLY, "2024-W13"), (Kind.MONTHLY, "2024-03")):
        mail = report_mail(_report(store, kind, key), portuguese, _ENVELOPE, (pdf,))
        html = _html(mail)
        assert len(html.encode()) < _MOST
        assert "e mais 4, no anexo report.pdf" in html
        assert [each.get_filename() for each in mail.iter_attachments()] == ["report.pdf"]


def test_what_a_mail_leaves_out_goes_with_it(store: MemoryStore, english: Language) -> None:
    """Nobody asked for a PDF: the page is attached, and has the ten endpoints of which the mail has six."""
    mail = report_mail(_report(store, Kind.DAILY, "2024-03-28"), english, _ENVELOPE)
    (page,) = mail.iter_attachments()
    html, whole = _html(mail), page.get_content()
    assert isinstance(whole, str)
    assert page.get_filename() == "2024-03-28.html"
    assert "and 4 more, in the attached 2024-03-28.html" in html
    routes = re.compile("department_[0-9]+&gt;/tickets")
    assert set(routes.findall(html)) < set(routes.findall(whole))


def test_words_are_not_broken(store: MemoryStore, english: Language) -> None:
    """Only what is too long for any column, such as a route without a space, may be broken inside a word."""
    html = _html(report_mail(_report(store, Kind.DAILY, "2024-03-28"), english, _ENVELOPE))
    cells = re.findall("<td([^>]*)>([^<]*)</td>", html)
    may_break = {text for look, text in cells if "word-break" in look}
    assert "availability" in {text for _, text in cells}
    assert may_break
    assert min(max(map(len, unescape(text).split())) for text in may_break) > 24

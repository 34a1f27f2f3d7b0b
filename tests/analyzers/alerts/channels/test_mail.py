"""What a mail says, whatever the alert's texts are."""

from __future__ import annotations

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser

from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.alerts.channels.mail import mail
from analyzers.alerts.model import Notice
from tests.analyzers.alerts.channels.samples import AT, alert, firing, hostile, resolved

SENDER, RECIPIENT = "atalaia@example.org", "ops@example.org"
HEADERS = {
    "From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Auto-Submitted", "X-Atalaia-Kind",
    "X-Atalaia-Severity", "Importance", "MIME-Version", "Content-Type",
}  # fmt: skip


class Page(HTMLParser):
    """The elements, links and text of a page, as a browser reads it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str | None] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the element's name and a link's target."""
        self.tags.add(tag)
        self.links += [value for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        """Keep the text."""
        self.text += data


def read(notice: Notice) -> tuple[EmailMessage, str, Page]:
    """Return the message as it is read after its way over the wire, its text and its page."""
    written = mail(notice, SENDER, RECIPIENT, AT).as_bytes()
    assert max(len(line) for line in written.split(b"\r\n")) <= 998
    assert written.isascii()
    message = message_from_bytes(written, policy=default)
    assert isinstance(message, EmailMessage)
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert html is not None
    return message, plain.get_content(), Page(html.get_content())


def test_the_mail_says_it_all_in_both_forms() -> None:
    """Verdict, explanation, facts and what to do are in the text and on the page; the runbook is a link."""
    _, text, page = read(firing(alert(labels={"client.ip": "203.0.113.9"})))
    for said in (text, page.text):
        assert "error rate critical: 20 % of 100 requests failed" in said
        assert "Most of it: /api/chamados, 15 of 20." in said
        assert "2024-01-15 10:27:00 UTC" in said
        assert "203.0.113.9" in said
        assert "atalaia alerts ack a1b2c3" in said
    assert "✕ CRITICAL" in page.text
    assert page.links == ["https://wiki.example.org/errors?a=1&b=2"]


def test_several_alerts_each_have_their_look() -> None:
    """A group's mail lists every alert with its own word; beyond ten the rest is counted."""
    _, _, page = read(firing(*(alert(f"rule {number} is bad", rule=f"r{number}") for number in range(12))))
    assert page.text.count("✕ CRITICAL") == 1 + 10
    assert "and 2 more alerts" in page.text


def test_the_end_looks_like_an_end() -> None:
    """Word and sign say that it is over; there is nothing to acknowledge."""
    message, text, page = read(resolved())
    assert message["Subject"].startswith("✓ RESOLVED: error rate ok")
    assert "✓ RESOLVED" in page.text
    assert "alerts ack" not in text


def test_an_attacker_writes_no_header_no_markup_and_no_link() -> None:
    """Line ends, tags, terminal codes, overrides of the writing direction and broken characters stay harmless."""
    message, text, page = read(hostile())
    assert set(message.keys()) <= HEADERS
    assert message["To"] == RECIPIENT
    assert not page.tags & {"script", "img", "iframe", "form"}
    assert page.links == ["https://wiki.example.org/errors?a=1&b=2"]
    for forbidden in "\x1b\u202e\ud800":
        assert forbidden not in text
        assert forbidden not in page.text
        assert forbidden not in message["Subject"]


TEXTS = st.text(st.characters(), max_size=300)


@settings(deadline=None)  # the first mail loads its template
@given(TEXTS, TEXTS, TEXTS)
def test_any_text_makes_a_mail_that_can_be_read(message: str, label: str, explanation: str) -> None:
    """No text of an alert breaks the message, adds a header or an element, or is read differently from how it was."""
    mailed, text, page = read(firing(alert(message, labels={"label": label}, explanation=(explanation,))))
    assert set(mailed.keys()) <= HEADERS
    assert page.tags <= {"html", "head", "meta", "title", "style", "body", "div", "table", "tr", "td", "a", "strong"}
    visible = "".join(char if char.isprintable() else " " for char in explanation)
    assert " ".join(visible.split()) in " ".join(text.split())
    assert " ".join(visible.split()) in " ".join(page.text.split())


def test_unicode_and_length_survive() -> None:
    """A subject in another script and a line of 5,000 characters arrive as they were."""
    long = "ж" * 5000
    message, text, _ = read(firing(alert(f"чáмадос 📟 {long}")))
    assert message["Subject"] == f"✕ FIRING: чáмадос 📟 {long}"
    assert f"чáмадос 📟 {long}" in text

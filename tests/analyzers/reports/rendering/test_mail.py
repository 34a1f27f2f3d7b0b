"""A report by mail, taken by a real SMTP server."""

from __future__ import annotations

import re
import struct
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from html.parser import HTMLParser
from pathlib import Path

import pytest

from analyzers.alerts.channels.models import EmailTable
from analyzers.alerts.channels.secret import Secrets
from analyzers.alerts.channels.smtp import MailServer
from analyzers.language import Language
from analyzers.reports.rendering import Attachment, Postbox, find_postbox, mail_report
from logging_lib.errors import AtalaiaError
from tests.analyzers.alerts.channels.smtp_server import PASSWORD, USER, MailHost, mail_host
from tests.analyzers.reports.rendering.report_data import HOSTILE, report

SENDER, RECIPIENTS = "atalaia@example.org", ("ops@example.org", "chefe@example.org")


def clock() -> datetime:
    """Monday morning."""
    return datetime(2026, 3, 9, 11, tzinfo=UTC)


def postbox(host: MailHost) -> Postbox:
    """Return how to hand in at a host over STARTTLS with login."""
    server = MailServer(
        "localhost", host.port, ca_file=host.ca_file, username=USER, password=PASSWORD, timeout=timedelta(seconds=20)
    )
    return Postbox(server, SENDER, RECIPIENTS)


class Page(HTMLParser):
    """What a mail program makes of the HTML part: its tags with attributes, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep it."""
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        """Keep it."""
        self.text += data


@pytest.fixture(scope="module")
def taken(english: Language, tmp_path_factory: pytest.TempPathFactory) -> tuple[EmailMessage, ...]:
    """What the server took of one report for two recipients."""
    with mail_host(tmp_path_factory.mktemp("mail")) as host:
        attached = Attachment("report.pdf", b"%PDF-1.7 \x00\xff", "application/pdf")
        assert mail_report(report(), english, postbox(host), clock, attachments=(attached,)) == RECIPIENTS
        assert host.envelopes == [(SENDER, [each]) for each in RECIPIENTS]
    return tuple(host.taken)


def part(mail: EmailMessage, kind: str) -> str:
    """Return the text of a mail's body of a kind."""
    body = mail.get_body((kind,))
    assert body is not None
    text = body.get_content()
    assert isinstance(text, str)
    return text


def test_the_subject_is_the_verdict(taken: tuple[EmailMessage, ...]) -> None:
    """Its first sentence with the sign of the state; each recipient has an own mail, and no other's address."""
    assert [mail["To"] for mail in taken] == list(RECIPIENTS)
    for mail in taken:
        assert mail["Subject"] == "✕ availability missed: 99.87 % of 99.90 % · Week 10 of 2026"
        assert mail["From"] == SENDER
        assert mail["Date"] == "Mon, 09 Mar 2026 11:00:00 +0000"
    assert taken[0]["Message-ID"] != taken[1]["Message-ID"]


def test_the_pictures_are_png_within_the_mail(taken: tuple[EmailMessage, ...]) -> None:
    """Four pictures, each named by its Content-ID in the HTML, 600 CSS pixels at double density; nothing is loaded."""
    html = taken[0].get_body(("related", "html"))
    assert html is not None
    page = Page(part(taken[0], "html"))
    pictures = {
        str(each["Content-ID"]).strip("<>"): each for each in taken[0].walk() if each.get_content_type() == "image/png"
    }
    shown = [attributes for tag, attributes in page.tags if tag == "img"]
    assert [str(each["src"]).removeprefix("cid:") for each in shown] == list(pictures)
    assert len(shown) == 4
    for picture in pictures.values():
        content = picture.get_content()
        assert content.startswith(b"\x89PNG\r\n\x1a\n")
        assert struct.unpack(">I", content[16:20]) == (1200,)
        assert picture.get_content_disposition() == "inline"
    assert "p95 ▄▅·▅▆▄▄ 0.350 s to 0.610 s" in str(shown[0]["alt"])
    assert not re.search(r"https?://", part(taken[0], "html"))


def test_the_looks_are_inline(taken: tuple[EmailMessage, ...]) -> None:
    """Mail programs drop style sheets, scripts, SVG and CSS variables: there is none."""
    html = part(taken[0], "html")
    assert not {tag for tag, _ in Page(html).tags} & {"style", "link", "script", "svg", "form", "input"}
    assert "var(--" not in html


def test_hostile_names_stay_text(taken: tuple[EmailMessage, ...]) -> None:
    """The route that is a script is a text in the HTML, and the same in the plain part."""
    page = Page(part(taken[0], "html"))
    assert HOSTILE in page.text
    assert not [tag for tag, _ in page.tags if tag == "script"]
    assert '/x/<script>alert("1")</script' in part(taken[0], "plain")


def test_the_text_says_the_same(taken: tuple[EmailMessage, ...]) -> None:
    """Whoever reads no HTML gets the verdict, the rows and the commands, within 80 columns."""
    text = part(taken[0], "plain")
    assert "✕ missed availability missed: 99.87 % of 99.90 %" in text
    assert "/endpoint/10" in text
    assert "ANALYZE tickets;" in text
    assert max(map(len, text.splitlines())) <= 80


def test_attachments_go_with_it(taken: tuple[EmailMessage, ...]) -> None:
    """The file arrives byte by byte, under its name."""
    (attached,) = [each for each in taken[0].iter_attachments() if each.get_filename() == "report.pdf"]
    assert attached.get_content() == b"%PDF-1.7 \x00\xff"
    assert attached.get_content_type() == "application/pdf"


def test_it_is_in_the_language(portuguese: Language, tmp_path: Path) -> None:
    """Words, numbers, and the header that says which language it is."""
    with mail_host(tmp_path) as host:
        mail_report(report(), portuguese, postbox(host), clock, recipients=RECIPIENTS[:1])
    (mail,) = host.taken
    assert mail["Content-Language"] == "pt-BR"
    assert "99,87 %" in mail["Subject"]
    assert "descumprido" in Page(part(mail, "html")).text


def test_a_verdict_cannot_add_headers(english: Language, tmp_path: Path) -> None:
    """Line ends in a subject become spaces."""
    made = report()
    hostile = replace(
        made, verdict=(replace(made.verdict[0], text="x\r\nBcc: all@example.org\r\n\r\nbody", values={}),)
    )
    with mail_host(tmp_path) as host:
        mail_report(hostile, english, postbox(host), clock, recipients=RECIPIENTS[:1])
    (mail,) = host.taken
    assert mail["Bcc"] is None
    assert mail["Subject"].startswith("✕ x Bcc: all@example.org body")


def test_who_was_refused_is_told_and_the_others_have_theirs(english: Language, tmp_path: Path) -> None:
    """The server refuses everybody: the error names each, with the server's words."""
    with mail_host(tmp_path) as host:
        host.rcpt = "550 5.1.1 no such user"
        with pytest.raises(AtalaiaError, match=r"not taken for 2 of 2: ops@.*550 5.1.1 no such user.*chefe@"):
            mail_report(report(), english, postbox(host), clock)


def test_an_address_that_is_none_is_refused_before_anything_is_sent(english: Language, tmp_path: Path) -> None:
    """Nobody gets a mail of a list that is wrong."""
    with mail_host(tmp_path) as host:
        for recipients, said in ((("ops@example.org", "no address"), "no mail address"), ((), "nobody is named")):
            with pytest.raises(AtalaiaError, match=said):
                mail_report(report(), english, replace(postbox(host), recipients=()), clock, recipients=recipients)
    assert host.taken == []


def secrets(folder: Path, **environment: str) -> Secrets:
    """Return an environment."""
    return Secrets(environment, folder, lambda _: None)


def test_the_environment_says_where_mail_is_handed_in(tmp_path: Path) -> None:
    """It comes before the file; the password is a variable of its own."""
    found = find_postbox(
        (),
        secrets(
            tmp_path,
            ATALAIA_SMTP_HOST="mail.example.org",
            ATALAIA_SMTP_PORT="2525",
            ATALAIA_SMTP_USERNAME="atalaia",
            ATALAIA_SMTP_PASSWORD="secret",  # noqa: S106  # of no account
            ATALAIA_MAIL_FROM=SENDER,
        ),
    )
    assert found == Postbox(MailServer("mail.example.org", 2525, username="atalaia", password="secret"), SENDER)  # noqa: S106
    assert "secret" not in repr(found)


def test_the_first_enabled_mail_channel_of_the_rules_is_used(tmp_path: Path) -> None:
    """Its recipients are those of the reports where nobody else is named."""
    off = EmailTable(type="email", recipients=("off@example.org",), sender=SENDER, host="off", enabled=False)
    on = EmailTable(type="email", name="ops", recipients=RECIPIENTS, sender=SENDER, host="on", security="none")
    assert find_postbox((off, on), secrets(tmp_path)) == Postbox(MailServer("on", security="none"), SENDER, RECIPIENTS)


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({}, "nothing says by which server"),
        ({"ATALAIA_SMTP_HOST": "h"}, "ATALAIA_MAIL_FROM: Field required"),
        ({"ATALAIA_SMTP_HOST": "h", "ATALAIA_MAIL_FROM": "x"}, "ATALAIA_MAIL_FROM: 'x' is no mail address"),
        ({"ATALAIA_SMTP_HOST": "h", "ATALAIA_MAIL_FROM": SENDER, "ATALAIA_SMTP_PORT": "many"}, "ATALAIA_SMTP_PORT: "),
        ({"ATALAIA_SMTP_HOST": "h", "ATALAIA_MAIL_FROM": SENDER, "ATALAIA_SMTP_USERNAME": "u"}, "go together"),
    ],
)
def test_what_is_missing_or_wrong_is_named(tmp_path: Path, environment: dict[str, str], said: str) -> None:
    """The message names the variable, the remedy both ways to say it."""
    with pytest.raises(AtalaiaError, match=said) as caught:
        find_postbox((), secrets(tmp_path, **environment))
    assert "ATALAIA_SMTP_HOST" in caught.value.remedy

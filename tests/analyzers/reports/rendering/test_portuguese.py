"""A whole report in Portuguese has no English of ours left in it."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from enum import Enum
from html import unescape
from pathlib import Path

import pytest

from analyzers.language import Language, Message
from analyzers.reports.document import Report
from analyzers.reports.rendering import Envelope, render_html, render_pdf, render_text, report_mail
from tests.analyzers.language.collecting import collected
from tests.analyzers.reports.rendering.report_data import report

_OURS = ("analyzers/charts/", "analyzers/language/", "analyzers/reports/rendering/")
_LEAST = 4
"""Shorter words, such as ``to``, are words of Portuguese and of names, too."""


def english_words() -> set[str]:
    """Return the words of the sentences that the renderings say themselves."""
    sentences = [text for text, place in collected().items() if place.startswith(_OURS)]
    templates = [each for text in sentences for each in ((text,) if isinstance(text, str) else text)]
    found = {word for each in templates for word in re.findall(r"[A-Za-z]+", re.sub(r"\{\w+\}", " ", each))}
    return {word for word in found if len(word) >= _LEAST}


def builders_words(value: object, language: Language) -> Iterator[str]:
    """Yield every text that the document itself brings: the renderings only pass it on."""
    if isinstance(value, Message):
        yield language.say(value)
    elif isinstance(value, str) and not isinstance(value, Enum):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from builders_words(each, language)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from builders_words(getattr(value, field.name), language)


def renderings(made: Report, language: Language, folder: Path) -> Iterator[tuple[str, str]]:
    """Yield what a reader sees of each rendering."""
    yield "text", render_text(made, language)
    page = re.sub(r"<style>.*?</style>", " ", render_html(made, language), flags=re.DOTALL)
    labels = " ".join(re.findall(r'(?:aria-label|alt)="([^"]*)"', page))
    yield "page", unescape(re.sub(r"<[^>]+>", " ", page) + labels)
    mail = report_mail(made, language, Envelope("a@example.org", "b@example.org", made.made)).get_body(("html",))
    assert mail is not None
    yield "mail", unescape(re.sub(r"<[^>]+>", " ", mail.get_content()))
    path = folder / "report.pdf"
    path.write_bytes(render_pdf(made, language))
    done = subprocess.run(["pdftotext", path, "-"], check=True, capture_output=True, text=True, timeout=60)
    yield "pdf", done.stdout


def test_there_are_words_to_look_for() -> None:
    """The test below would find them: the renderings do say these."""
    assert {"Before", "Figure", "unmeasured", "missed", "Hatched", "page", "expect"} <= english_words()


def test_no_english_is_left(portuguese: Language, tmp_path: Path) -> None:
    """In page, mail, PDF and terminal no word of our English sentences stands, but where the document brought it."""
    made = report()
    known = " ".join(builders_words(made, portuguese))
    words = {word for word in english_words() if not re.search(rf"\b{word}\b", known)}
    assert {"Before", "Hatched", "unmeasured"} <= words
    for name, text in renderings(made, portuguese, tmp_path):
        left = {word for word in words if re.search(rf"\b{word}\b", text)}
        assert left == set(), name
        assert "não medido" in text
        assert "descumprido" in text


def test_the_document_is_said_to_be_portuguese(portuguese: Language) -> None:
    """Screen readers speak, and browsers hyphenate, by it."""
    assert '<html lang="pt-BR">' in render_html(report(), portuguese)


@pytest.mark.parametrize(("language", "number"), [("english", "98,765"), ("portuguese", "98.765")])
def test_numbers_are_the_locales(language: str, number: str, request: pytest.FixtureRequest) -> None:
    """Thousands by comma or by point, in every rendering of the same number."""
    spoken: Language = request.getfixturevalue(language)
    assert number in render_html(report(), spoken)
    assert number in render_text(report(), spoken)

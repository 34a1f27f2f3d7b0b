"""The runbooks are there in every language, and say the same in each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from analyzers.alerts.runbooks import RUNBOOKS, text_of
from analyzers.language import LANGUAGES, Language, language_of

FOLDER: Final = Path(__file__).resolve().parents[3] / "docs" / "runbooks"
PARTS: Final = {
    "en": (
        "What it means",
        "Is it real?",
        "What to do now",
        "So that it does not come back",
        "When to escalate",
    ),
    "pt_BR": (
        "O que significa",
        "É real?",
        "O que fazer agora",
        "Para que não se repita",
        "Quando escalar",
    ),
}
OTHERS: Final = {
    "en": ("Em português: [{title}](pt_BR/{name}.md), `{command}`.", "pt_BR"),
    "pt_BR": ("In English: [{title}](../{name}.md), `{command} --lang en`.", "en"),
}
"""How a page leads to the one in the other language."""
ENGLISH, *TRANSLATED = LANGUAGES
_COMMENT: Final = re.compile(r"\s+# (?P<said>.*)$", re.MULTILINE)
_NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)?")


def spoken(name: str) -> Language:
    """Return a language."""
    return language_of(name, ZoneInfo("UTC"))


def read(page: str, language: str) -> list[Token]:
    """Return the parts of a page below its head."""
    text = text_of(RUNBOOKS[page], FOLDER, spoken(language))
    return MarkdownIt("commonmark").parse(text[text.index("\n## ") :])


def sentences(page: str, language: str) -> Iterator[tuple[str, list[Token]]]:
    """Yield each paragraph, heading and item: its text, and what stands in it."""
    for token in read(page, language):
        if token.type == "inline":
            yield token.content, token.children or []


def commands(page: str, language: str) -> list[str]:
    """Return the blocks of commands, with what explains them."""
    return [token.content for token in read(page, language) if token.type == "fence"]


def facts(children: list[Token]) -> Counter[tuple[str, str]]:
    """Return what does not depend on the language: code, where links lead, numbers."""
    found: Counter[tuple[str, str]] = Counter()
    for token in children:
        if token.type == "code_inline":
            found["code", token.content] += 1
        elif token.type == "link_open":
            found["link", str(token.attrs["href"]).replace("../../", "../")] += 1
        elif token.type == "text":
            found.update(("number", each.replace(",", ".")) for each in _NUMBER.findall(token.content))
    return found


def words(children: list[Token]) -> str:
    """Return the words without code."""
    return " ".join(token.content for token in children if token.type == "text")


def test_every_language_has_every_page_and_no_other() -> None:
    """Nothing is listed that is not there, and the other way round; the links between them are test_docs' affair."""
    assert {path.name for path in FOLDER.iterdir() if path.is_dir()} == set(TRANSLATED)
    for folder in (FOLDER, *(FOLDER / language for language in TRANSLATED)):
        assert {path.name for path in folder.iterdir() if path.is_file()} == {f"{name}.md" for name in RUNBOOKS}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", RUNBOOKS)
def test_a_page_has_its_parts(name: str, language: str) -> None:
    """Title and summary are those of the catalogue, then comes the way to the other language; then five parts."""
    page, speaker = RUNBOOKS[name], spoken(language)
    head, *parts = re.split(r"^## (.*)$", text_of(page, FOLDER, speaker), flags=re.MULTILINE)
    title, summary, quote = head.strip().split("\n\n")
    assert (title, " ".join(summary.split())) == (f"# {speaker.say(page.title)}", speaker.say(page.summary))
    said, other = OTHERS[language]
    command = page.command_in(spoken(other))
    assert quote == f"> {said.format(name=name, title=spoken(other).say(page.title), command=command)}"
    assert tuple(parts[::2]) == PARTS[language]
    assert all(each.strip() for each in parts[1::2])
    assert commands(name, language)


@pytest.mark.parametrize("language", TRANSLATED)
@pytest.mark.parametrize("name", RUNBOOKS)
def test_a_translation_has_the_same_commands(name: str, language: str) -> None:
    """The same blocks in the same order, to the letter; only what explains a line is in the other language."""
    for ours, theirs in zip(commands(name, ENGLISH), commands(name, language), strict=True):
        assert _COMMENT.sub("", theirs) == _COMMENT.sub("", ours)
        explained = [_COMMENT.search(line) for line in ours.splitlines()]
        again = [_COMMENT.search(line) for line in theirs.splitlines()]
        for before, after in zip(explained, again, strict=True):
            assert (before is None) == (after is None)
            assert before is None or after is None or before["said"] != after["said"]


@pytest.mark.parametrize("language", TRANSLATED)
@pytest.mark.parametrize("name", RUNBOOKS)
def test_a_translation_is_built_alike(name: str, language: str) -> None:
    """The same headings, paragraphs, items and blocks in the same order: none is left out, none has been added."""
    assert [token.type for token in read(name, language)] == [token.type for token in read(name, ENGLISH)]


@pytest.mark.parametrize("language", TRANSLATED)
@pytest.mark.parametrize("name", RUNBOOKS)
def test_a_translation_names_the_same_things(name: str, language: str) -> None:
    """In each sentence the same commands, fields, numbers and links; and none is still in English."""
    for (ours, first), (theirs, second) in zip(sentences(name, ENGLISH), sentences(name, language), strict=True):
        assert facts(second) == facts(first), theirs
        assert words(second) != words(first), ours

"""Every sentence is there in every language, with the same values in it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from string import Formatter
from zoneinfo import ZoneInfo

import pytest
from babel.messages.pofile import read_po

from analyzers.analysis import Unit
from analyzers.language import LANGUAGES, Amount, Value, language_of, message, plural
from analyzers.language.catalogs import catalog_of
from analyzers.store.query import Window
from logging_lib.errors import AtalaiaError
from tests.analyzers.language.collecting import ROOT, Sentence, collected

_TRANSLATED = [language for language in LANGUAGES if language != "en"]
_ZONE = ZoneInfo("America/Sao_Paulo")


def forms(language: str, sentence: Sentence) -> tuple[str, ...]:
    """Return what a language has for a sentence."""
    catalog = catalog_of(language)
    if isinstance(sentence, str):
        return (catalog.single[sentence],) if sentence in catalog.single else ()
    return catalog.plurals.get(sentence[0], ())


def names(template: str) -> set[str]:
    """Return the values that a template shows."""
    return {name for _, name, _, _ in Formatter().parse(template) if name}


@pytest.mark.parametrize("language", _TRANSLATED)
def test_nothing_is_missing(language: str) -> None:
    """Each sentence of the code and the templates has its translation; a new one without fails here."""
    missing = [f"{place}: {text!r}" for text, place in collected().items() if not forms(language, text)]
    assert not missing, "\n".join(missing)


@pytest.mark.parametrize("language", _TRANSLATED)
def test_nothing_is_left_over(language: str) -> None:
    """A sentence that nobody says any more is taken out of the catalog."""
    said = {text if isinstance(text, str) else text[0] for text in collected()}
    catalog = catalog_of(language)
    assert not ({*catalog.single, *catalog.plurals} - said)


@pytest.mark.parametrize("language", _TRANSLATED)
def test_one_sentence_has_one_translation(language: str) -> None:
    """Two parts that say the same say it alike in every language."""
    found: dict[str, set[str]] = {}
    for path in sorted((ROOT / "analyzers/language/translations" / language).glob("*.po")):
        with path.open("rb") as opened:
            for each in read_po(opened, locale=language):
                if each.id:
                    found.setdefault(str(each.id), set()).add(str(each.string))
    assert {sentence: there for sentence, there in found.items() if len(there) > 1} == {}


@pytest.mark.parametrize("language", _TRANSLATED)
def test_the_same_values_stand_in_each(language: str) -> None:
    """No translation loses a number or names one that is not there; only the form for one may leave out the count."""
    for text in collected():
        one, other = (text, text) if isinstance(text, str) else text
        for template, original in zip(forms(language, text), (one, other), strict=False):
            assert names(template) | {"n"} == names(original) | {"n"}, template


@pytest.mark.parametrize(
    ("value", "english", "portuguese"),
    [
        (1_234_567, "1,234,567", "1.234.567"),
        (Amount(0.99871, Unit.RATIO), "99.871\u00a0%", "99,871\u00a0%"),
        (Amount(0.5, Unit.SECONDS), "0.500\u00a0s", "0,500\u00a0s"),
        (Amount(1234.4, Unit.SECONDS), "1,234\u00a0s", "1.234\u00a0s"),
        (Amount(None, Unit.RATIO), "unmeasured", "não medido"),
        (Amount(1023, Unit.BYTES), "1,023\u00a0B", "1.023\u00a0B"),
        (Amount(1536 * 1024**2, Unit.BYTES), "1.50\u00a0GiB", "1,50\u00a0GiB"),
        (Amount(-(1024**4), Unit.BYTES), "-1.00\u00a0TiB", "-1,00\u00a0TiB"),
        (date(2026, 3, 4), "March 4, 2026", "4 de março de 2026"),
        ("as it is", "as it is", "as it is"),
    ],
)
def test_values_are_shown_by_locale(value: Value, english: str, portuguese: str) -> None:
    """Separators, percent, dates: as people of the language write them."""
    assert [language_of(name, _ZONE).show(value) for name in ("en", "pt-BR")] == [english, portuguese]


def test_instants_are_shown_on_the_zones_clock() -> None:
    """15:00 UTC is noon in Sao Paulo; a span's words are the language's."""
    noon = datetime(2026, 3, 4, 15, tzinfo=UTC)
    shown = language_of("pt_BR", _ZONE).show(Window(noon, noon.replace(hour=16)))
    assert "12:00" in shown
    assert " a " in shown
    assert "13:00" in shown


def test_a_sentence_shows_its_values() -> None:
    """A number chooses the form; a sentence may stand in another."""
    english = language_of("en", _ZONE)
    assert english.say(plural("{n} request", "{n} requests", 1)) == "1 request"
    assert english.say(plural("{n} request", "{n} requests", 1200)) == "1,200 requests"
    assert english.say(message("{what}!", what=message("unmeasured"))) == "unmeasured!"


@pytest.mark.parametrize("name", ["de", "klingon", "", "../en"])
def test_a_language_we_do_not_have_is_refused(name: str) -> None:
    """It is named, with those there are; nobody gets English without a word."""
    with pytest.raises(AtalaiaError, match="there is no language") as caught:
        language_of(name, _ZONE)
    assert "pt_BR" in caught.value.remedy

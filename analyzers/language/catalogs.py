"""The sentences of each language: gettext catalogs (``translations/pt_BR/*.po``, one for each part), as committed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Final, TypeAlias

from babel import Locale, UnknownLocaleError
from babel.messages.pofile import read_po

from logging_lib.errors import AtalaiaError

LANGUAGES: Final = ("en", "pt_BR")
"""The locales that have every sentence."""


class LanguageError(AtalaiaError):
    """A language was named that we do not have."""


_Text: TypeAlias = str | tuple[str, ...] | list[str] | None


@dataclass(frozen=True, slots=True)
class Catalog:
    """English sentence to sentence.

    Attributes:
        locale: Whose; its plural rule chooses among the forms.
        single: English template to template.
        plurals: English template for one to the templates by form, in gettext's order.
    """

    locale: Locale
    single: Mapping[str, str]
    plurals: Mapping[str, tuple[str, ...]]

    def find(self, text: str) -> str:
        """Return the sentence; the English one where there is no other."""
        return self.single.get(text, text)

    def find_plural(self, one: str, other: str, number: int) -> str:
        """Return the form for a number. English and Portuguese have two: CLDR's ``one``, and the rest."""
        forms = self.plurals.get(one, (one, other))
        return forms[0 if self.locale.plural_form(number) == "one" else 1]


@cache
def catalog_of(language: str) -> Catalog:
    """Return a language's sentences.

    Args:
        language: ``en``, ``pt_BR``, or as browsers write it, ``pt-BR``.

    Raises:
        AtalaiaError: When we do not have it.
    """
    try:
        locale = Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError) as error:
        raise _unknown(language) from error
    if str(locale) not in LANGUAGES:
        raise _unknown(language)
    if str(locale) == "en":
        return Catalog(locale, MappingProxyType({}), MappingProxyType({}))
    return _read(locale)


def _read(locale: Locale) -> Catalog:
    folder = files("analyzers.language").joinpath("translations", str(locale))
    sentences = [each for file in folder.iterdir() if file.name.endswith(".po") for each in _sentences(file, locale)]
    single = {text: there for text, there in sentences if isinstance(text, str) and isinstance(there, str)}
    plurals = {
        text[0]: tuple(there)
        for text, there in sentences
        if isinstance(text, tuple) and isinstance(there, tuple | list)
    }
    return Catalog(locale, MappingProxyType(single), MappingProxyType(plurals))


def _sentences(file: Traversable, locale: Locale) -> list[tuple[_Text, _Text]]:
    with file.open("rb") as opened:
        return [(each.id, each.string) for each in read_po(opened, locale=locale) if each.id and each.string]


def _unknown(language: str) -> LanguageError:
    return LanguageError(f"there is no language {language!r}", f"give one of {', '.join(LANGUAGES)}")

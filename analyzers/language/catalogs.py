"""The sentences of each language: gettext catalogs (``translations/pt_BR.po``), read as they are committed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

from babel import Locale, UnknownLocaleError
from babel.messages.pofile import read_po

from logging_lib.errors import AtalaiaError

LANGUAGES: Final = ("en", "pt_BR")
"""The locales that have every sentence."""


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
    with files("analyzers.language").joinpath("translations", f"{locale}.po").open("rb") as file:
        sentences = [(each.id, each.string) for each in read_po(file, locale=locale) if each.id]
    single = {text: there for text, there in sentences if isinstance(text, str) and isinstance(there, str) and there}
    plurals = {text[0]: tuple(there) for text, there in sentences if isinstance(there, tuple | list) and all(there)}
    return Catalog(locale, MappingProxyType(single), MappingProxyType(plurals))


def _unknown(language: str) -> AtalaiaError:
    return AtalaiaError(f"there is no language {language!r}", f"give one of {', '.join(LANGUAGES)}")

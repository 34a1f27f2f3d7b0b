"""What people read, in their language: sentences as data, catalogs, numbers and dates by locale."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from analyzers.language.catalogs import LANGUAGES, LanguageError, catalog_of
from analyzers.language.english import english
from analyzers.language.language import Language
from analyzers.language.message import Amount, Message, Value, message, plural
from analyzers.language.parts import joined

__all__ = [
    "LANGUAGES",
    "Amount",
    "Language",
    "LanguageError",
    "Message",
    "Value",
    "english",
    "joined",
    "language_of",
    "message",
    "plural",
]


def language_of(name: str, zone: ZoneInfo) -> Language:
    """Return a language on a zone's clock.

    Args:
        name: One of :data:`LANGUAGES`, or as browsers write it, ``pt-BR``.
        zone: Whose clock times are shown.

    Raises:
        LanguageError: When we do not have the language.
    """
    catalog = catalog_of(name)
    return Language(catalog.locale, zone, catalog)

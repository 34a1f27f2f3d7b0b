r"""Texts that hide a secret in an encoding: percent signs, HTML's entities, JSON's ``\u0026``.

A part is decoded, redacted, and replaced by its redacted form only where something was found; else it stays as it was.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Final, TypeAlias
from urllib.parse import quote, unquote, unquote_plus

from logging_lib.redaction.keys import KeyRules, Verdict
from logging_lib.redaction.options import MARK, REDACTED

Redact: TypeAlias = Callable[[str], str]

PERCENT: Final = re.compile(r"%[0-9A-Fa-f]{2}")
_ESCAPE: Final = re.compile(r"\\+u00([2-7][0-9A-Fa-f])")
_ENTITY: Final = re.compile(r"&(?:quot|apos|amp|lt|gt|#[0-9]{1,6}|#x[0-9a-fA-F]{1,5});")
_WORDS: Final = re.compile(r"([\s\"'<>]+)")
_PARAMETERS: Final = re.compile(r"([?&;#])")
_UNTOUCHED: Final = "/:@!$&'()*+,;=~-._[]?"


def is_encoded(text: str) -> bool:
    """Tell whether a text has anything to decode."""
    return (
        ("%" in text and PERCENT.search(text) is not None)
        or ("&" in text and _ENTITY.search(text) is not None)
        or ("\\u00" in text and _ESCAPE.search(text) is not None)
    )


def redact_encoded(text: str, redact: Redact, rules: KeyRules) -> str:
    """Return the text with what it says in percent signs, entities and escapes redacted.

    Args:
        text: Any text.
        redact: Redacts a decoded part.
        rules: Judges the names of parameters.
    """
    if "&" in text and _ENTITY.search(text):
        text = _if_found(text, html.unescape(text), redact, str)
    if "\\u00" in text and _ESCAPE.search(text):
        text = _if_found(text, _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text), redact, str)
    if "%" in text and PERCENT.search(text):
        pieces = _WORDS.split(text)
        text = "".join(_redact_word(piece, redact, rules) if PERCENT.search(piece) else piece for piece in pieces)
    return text


def redact_query(query: str, redact: Redact, rules: KeyRules) -> str:
    """Return a URL's query string with secret values replaced; every other parameter stays as it was.

    Args:
        query: The raw query string, without its question mark; ``&`` and ``;`` both separate parameters.
        redact: Redacts a decoded value.
        rules: Judges the names of parameters.
    """
    return "".join(_redact_parameter(part, redact, rules) for part in _PARAMETERS.split(query))


def _if_found(text: str, decoded: str, redact: Redact, encode: Redact) -> str:
    redacted = redact(decoded)
    return text if redacted == decoded else encode(redacted)


def _redact_word(word: str, redact: Redact, rules: KeyRules) -> str:
    redacted = "".join(_redact_parameter(part, redact, rules) for part in _PARAMETERS.split(word))
    # A secret may reach over the signs at which the word was taken apart.
    return _if_found(redacted, unquote(redacted), redact, _encode)


def _redact_parameter(part: str, redact: Redact, rules: KeyRules) -> str:
    name, equals, value = part.partition("=")
    if not equals:
        return _decoded(part, unquote, redact)
    verdict = rules.judge(unquote_plus(name))
    number = verdict is Verdict.SECRET_UNLESS_NUMBER and value.isdigit()
    if value and not number and verdict not in (Verdict.HARMLESS, Verdict.VALUE_OF_PAIR):
        return part if MARK.fullmatch(value) else f"{name}={REDACTED}"
    return f"{_decoded(name, unquote_plus, redact)}={_decoded(value, unquote_plus, redact)}"


def _decoded(part: str, decode: Redact, redact: Redact) -> str:
    return _if_found(part, decode(part), redact, _encode)


def _encode(text: str) -> str:
    return quote(text, safe=_UNTOUCHED)

"""The length of text messages (3GPP TS 23.038): what fits, and a text cut so that it says what was left out."""

from __future__ import annotations

from typing import Final

_BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED: Final = frozenset("^{}\\[~]|€\f")
"""These take two places in the 7-bit alphabet."""
_PLAIN: Final = str.maketrans(
    {
        "\N{HORIZONTAL ELLIPSIS}": "...",
        "\N{EN DASH}": "-",
        "\N{EM DASH}": "-",
        "\N{LEFT SINGLE QUOTATION MARK}": "'",
        "\N{RIGHT SINGLE QUOTATION MARK}": "'",
        "\N{LEFT DOUBLE QUOTATION MARK}": '"',
        "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
        "\N{NO-BREAK SPACE}": " ",
    }
)
_SEVEN_BIT: Final = (160, 153)
_SIXTEEN_BIT: Final = (70, 67)
"""Places in a message alone, and in each of several that are put together."""


def fit(text: str, segments: int) -> str:
    """Return a text that fits into so many segments; a cut one ends with the number of characters left out.

    Typographic signs become plain ones first. Is there still a character that the 7-bit alphabet lacks, a segment
    holds 70 UTF-16 units instead of 160 characters.
    """
    plain = text.translate(_PLAIN)
    if fits(plain, segments):
        return plain
    low, high = 0, len(plain)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(_cut(plain, middle), segments) else (low, middle - 1)
    return _cut(plain, low)


def fits(text: str, segments: int) -> bool:
    """Whether a text takes at most so many segments."""
    seven_bit = all(char in _BASIC or char in _EXTENDED for char in text)
    alone, each = _SEVEN_BIT if seven_bit else _SIXTEEN_BIT
    return places(text) <= (alone if segments == 1 else segments * each)


def places(text: str) -> int:
    """Return how many places a text takes: 7-bit ones, or UTF-16 units when it needs those."""
    if all(char in _BASIC or char in _EXTENDED for char in text):
        return len(text) + sum(char in _EXTENDED for char in text)
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _cut(text: str, kept: int) -> str:
    return f"{text[:kept].rstrip()}... (+{len(text) - kept} chars)"

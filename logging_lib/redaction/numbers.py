"""Card numbers, CPF and CNPJ in texts and as integers.

Digits count as one number where they stand together or where each group is one separator away from the next, in the
groups in which people write such a number. CPF and CNPJ with their usual punctuation are always replaced; every other
form only with right check digits. Digits that are part of a longer word (``a1b2…``) are no number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from logging_lib.redaction.checksums import is_card, is_cnpj, is_cpf
from logging_lib.redaction.options import mark

_BEGIN: Final = r"(?:(?<![0-9A-Za-z])|(?<=\\[nrtbf]))"
_BETWEEN: Final = r"[ .\-/+_\u00a0\u2010-\u2015]"
_RUN: Final = re.compile(rf"{_BEGIN}[0-9]++(?:{_BETWEEN}[0-9]++){{0,4096}}(?![0-9A-Za-z])")
_GROUP: Final = re.compile(r"[0-9]+")
_LETTERED: Final = re.compile(
    rf"{_BEGIN}(?:[0-9A-Z]{{2}}\.[0-9A-Z]{{3}}\.[0-9A-Z]{{3}}/[0-9A-Z]{{4}}-[0-9]{{2}}"
    r"|[0-9A-Z]{8}/[0-9A-Z]{4}-[0-9]{2}|[0-9A-Z]{12}-?[0-9]{2})(?![0-9A-Z])",
    re.IGNORECASE | re.ASCII,
)
_MOMENT: Final = re.compile(
    r"(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?:[01][0-9]|2[0-3])[0-5][0-9][0-5][0-9]"
)
_FEWEST: Final = 11
_MOST: Final = 19
_CPF_GROUPS: Final = frozenset({(11,), (3, 3, 3, 2), (9, 2)})
_CNPJ_GROUPS: Final = frozenset({(14,), (2, 3, 3, 4, 2), (8, 4, 2), (12, 2)})
_CARD_FIRST: Final = frozenset({4, 6})
_CARD_LEAST_GROUP: Final = 3
_LEAST_GROUP: Final = 2
"""Digits of the smallest group; such a one begins or ends a number."""
_CARD_INTEGERS: Final = (10**14, 10**16)

# Classes of bytes: digits become 0, letters a. A hint looks at these instead of the text.
_CLASSES: Final = bytes(
    ord("0") if chr(byte).isdigit() and byte < 128 else ord("a") if chr(byte).isalpha() and byte < 128 else byte  # noqa: PLR2004 - ASCII
    for byte in range(256)
)
_LETTERED_HINT: Final = re.compile(rb"00(?![0a])(?:(?<=[0a]{14})|(?<=/[0a]{4}-00)|(?<=[0a]{12}-00))")
_UNICODE_BETWEEN: Final = re.compile(r"[\u00a0\u2010-\u2015]")


def may_hold_number(text: str) -> bool:
    """Tell, cheaply, whether a text can hold one of these numbers; false is certain."""
    if len(text) < _FEWEST:
        return False
    if not text.isascii():
        text = _UNICODE_BETWEEN.sub(" ", text)
    data = text.encode("utf-8", "replace")
    if b"00000000000" in data.translate(_CLASSES, b" .-/+_"):
        return True
    return _LETTERED_HINT.search(data.translate(_CLASSES)) is not None


def redact_numbers(text: str) -> str:
    """Return the text with cards, CPF and CNPJ replaced by marks that name them."""
    return _RUN.sub(_redact_run, _LETTERED.sub(_redact_lettered, text))


def is_card_integer(value: int) -> bool:
    """Tell whether an integer of 15 or 16 digits is a card's number. Shorter and longer ones are clocks and sizes."""
    least, beyond = _CARD_INTEGERS
    return least <= value < beyond and is_card(str(value))


def _redact_lettered(found: re.Match[str]) -> str:
    written = found[0]
    characters = re.sub(r"[./-]", "", written).upper()
    lettered = not characters.isdigit()
    return mark("cnpj") if lettered and is_cnpj(characters) else written


def _redact_run(found: re.Match[str]) -> str:
    run = found[0]
    if len(run) < _FEWEST:
        return run
    pieces: list[str] = []
    position = 0
    for start, end, kind in _numbers(run):
        pieces += [run[position:start], mark(kind)]
        position = end
    return "".join([*pieces, run[position:]])


def _numbers(run: str) -> Iterator[tuple[int, int, str]]:
    """Yield where numbers are in a run of groups of digits, and which: at each place the longest that is one."""
    groups = [group.span() for group in _GROUP.finditer(run)]
    first = 0
    while first < len(groups):
        found = _longest(run, groups, first)
        if found is None:
            first += 1
            continue
        last, kind = found
        yield groups[first][0], groups[last][1], kind
        first = last + 1


def _longest(run: str, groups: list[tuple[int, int]], first: int) -> tuple[int, str] | None:
    """Return the last group of the longest number that begins with a group, and its kind."""
    found: tuple[int, str] | None = None
    digits = ""
    for last in range(first, len(groups)):
        start, end = groups[last]
        digits += run[start:end]
        if len(digits) > _MOST or end - start < _LEAST_GROUP:
            break
        if len(digits) >= _FEWEST:
            window = groups[first : last + 1]
            kind = _kind(digits, tuple(end - start for start, end in window), _separators(run, window))
            if kind and not (first == last and _is_fraction(run, window[0][0])):
                found = last, kind
        if last > first and end - start == _LEAST_GROUP:
            break
    return found


def _separators(run: str, window: list[tuple[int, int]]) -> str:
    return "".join(run[end] for _, end in window[:-1])


def _is_fraction(run: str, start: int) -> bool:
    """Tell whether digits follow a decimal point: the digits of ``0.4532015112830366`` are no card."""
    return start > 1 and run[start - 1] == "."


def _kind(digits: str, sizes: tuple[int, ...], separators: str) -> str | None:
    if (sizes in _CPF_GROUPS and is_cpf(digits)) or (sizes == (3, 3, 3, 2) and separators == "..-"):
        return "cpf"
    if sizes == (2, 3, 3, 4, 2) and separators == "../-":
        return "cnpj"
    if sizes in _CNPJ_GROUPS and is_cnpj(digits) and not _MOMENT.fullmatch(digits):
        return "cnpj"
    if _are_card_groups(sizes, separators) and is_card(digits):
        return "card"
    return None


def _are_card_groups(sizes: tuple[int, ...], separators: str) -> bool:
    if len(sizes) == 1:
        return True
    same = len(set(separators)) == 1 and separators[0] != "/"
    return same and sizes[0] in _CARD_FIRST and min(sizes) >= _CARD_LEAST_GROUP

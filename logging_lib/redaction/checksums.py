"""Check digits of card numbers, CPF and CNPJ.

Sources: cards, ISO/IEC 7812-1 annex B (Luhn) and the networks' published ranges of numbers; CPF and CNPJ, modulus 11 as
the Receita Federal computes it; the CNPJ with letters, issued from July 2026, IN RFB 2.229/2024 and Serpro's manual
for its check digits: each character counts as its ASCII code less 48 (``A`` is 17), all else stays as it was.
"""

from __future__ import annotations

from typing import Final

_DOUBLED: Final = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
_CPF_LENGTH: Final = 11
_CNPJ_LENGTH: Final = 14
_MODULUS: Final = 11
_CNPJ_WEIGHTS: Final = (6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)

# First digits -> lengths. Mastercard's range 2221-2720 is not of this form and stands in the code.
_ISSUERS: Final[tuple[tuple[tuple[str, ...], frozenset[int]], ...]] = (
    (("4",), frozenset({13, 16, 19})),  # Visa, Elo
    (("34", "37"), frozenset({15})),  # American Express
    (("300", "301", "302", "303", "304", "305", "309"), frozenset({14, 16})),  # Diners Club
    (("36", "38", "39"), frozenset({14, 16, 19})),  # Diners Club, Hipercard
    (("35",), frozenset({16, 17, 18, 19})),  # JCB
    (("51", "52", "53", "54", "55"), frozenset({16})),  # Mastercard
    (("50", "56", "57", "58", "63", "67"), frozenset(range(13, 20))),  # Maestro, Elo
    (("60", "62", "64", "65", "66", "68"), frozenset({16, 17, 18, 19})),  # Discover, UnionPay, Hipercard, Elo
)
_MASTERCARD_FROM: Final = "2221"
_MASTERCARD_TO: Final = "2720"
_MASTERCARD_LENGTH: Final = 16


def is_card(digits: str) -> bool:
    """Tell whether digits are a card's number: an issuer's range and length, and Luhn's sum a multiple of ten."""
    return _issued(digits) and _luhn(digits)


def is_cpf(digits: str) -> bool:
    """Tell whether eleven digits end in the two check digits of a CPF; one digit repeated is nobody's."""
    if len(digits) != _CPF_LENGTH or digits == digits[0] * _CPF_LENGTH:
        return False
    numbers = [int(digit) for digit in digits]
    first = _check(sum(number * (10 - place) for place, number in enumerate(numbers[:9])))
    second = _check(sum(number * (11 - place) for place, number in enumerate(numbers[:10])))
    return numbers[9:] == [first, second]


def is_cnpj(text: str) -> bool:
    """Tell whether fourteen characters are a CNPJ: digits or upper-case letters, and its two check digits."""
    if len(text) != _CNPJ_LENGTH or text == text[0] * _CNPJ_LENGTH:
        return False
    values = [ord(character) - 48 for character in text]
    first = _check(sum(value * weight for value, weight in zip(values[:12], _CNPJ_WEIGHTS[1:], strict=True)))
    second = _check(sum(value * weight for value, weight in zip(values[:13], _CNPJ_WEIGHTS, strict=True)))
    return values[12:] == [first, second]


def _check(total: int) -> int:
    """Return the check digit of a weighted sum: eleven less the remainder, and 0 where that has two digits."""
    remainder = total % _MODULUS
    return 0 if remainder < 2 else _MODULUS - remainder  # noqa: PLR2004 - 11 - 0 and 11 - 1 have two digits


def _issued(digits: str) -> bool:
    length = len(digits)
    for prefixes, lengths in _ISSUERS:
        if length in lengths and digits.startswith(prefixes):
            return True
    return length == _MASTERCARD_LENGTH and _MASTERCARD_FROM <= digits[:4] <= _MASTERCARD_TO


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        total += _DOUBLED[int(digit)] if place % 2 else int(digit)
    return total % 10 == 0

"""Parts that sentences of several analyses have in common."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import reduce

from analyzers.language.message import Amount, Message, Value, message
from analyzers.numbers import percent, plain
from analyzers.units import Unit


def joined(*parts: Message | None) -> Message:
    """Return clauses as one sentence, with semicolons between them; ``None`` is left out.

    Raises:
        ValueError: When there is none.
    """
    said = [each for each in parts if each is not None]
    if not said:
        raise ValueError("there is nothing to say")
    return reduce(lambda first, rest: message("{first}; {rest}", first=first, rest=rest), said)


def listed(*names: Value) -> Message:
    """Return names with commas between them.

    Raises:
        ValueError: When there is none.
    """
    if not names:
        raise ValueError("there is nothing to list")
    first, *others = names
    return reduce(
        lambda before, name: message("{before}, {name}", before=before, name=name),
        others,
        message("{name}", name=first),
    )


def share(part: int, whole: int, *, apart_from: Fraction | None = None) -> Amount:
    """Return a share with the decimals of :func:`analyzers.numbers.percent`: as many as tell it from a target."""
    return _of_percent(percent(part, whole, apart_from=apart_from).removesuffix(" %"))


def target(ratio: Fraction) -> Amount:
    """Return a target with the decimals it has."""
    return _of_percent(plain(100 * ratio))


def _of_percent(text: str) -> Amount:
    return Amount(Decimal(text).scaleb(-2), Unit.RATIO)

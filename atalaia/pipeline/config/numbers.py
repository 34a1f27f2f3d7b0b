"""Numbers as Logstash reads them in a configuration."""

from __future__ import annotations

from typing import Final

from atalaia.pipeline.errors import ConfigurationError, Position

_LONGEST: Final = 2**63
_MOST_DIGITS: Final = 30
"""Longer than any number of 64 bits."""


def read_number(text: str, position: Position) -> int | float:
    """Return a number; with a point it is a float, with a leading zero octal (``Integer("0640")`` of Ruby is 416).

    Raises:
        ConfigurationError: When it does not fit into 64 bits, or has a leading zero and a digit that is not octal.
    """
    if "." in text:
        return float(text)
    if len(text) > _MOST_DIGITS:
        raise _too_long(text, position)
    number = _octal(text, position) if text.lstrip("-").startswith("0") else int(text)
    if not -_LONGEST <= number < _LONGEST:
        raise _too_long(text, position)
    return number


def _octal(text: str, position: Position) -> int:
    try:
        return int(text, base=8)
    except ValueError as error:
        problem = f"{text} begins with 0, which makes it octal, and has a digit that octal numbers do not have"
        raise ConfigurationError(position, problem, "remove the leading zeros, or put it in quotes") from error


def _too_long(text: str, position: Position) -> ConfigurationError:
    return ConfigurationError(position, f"{text} does not fit into 64 bits", "put it in quotes, or make it a float")

"""What numbers are: beside nothing else, so that sentences and analyses can both use it."""

from __future__ import annotations

from enum import StrEnum


class Unit(StrEnum):
    """What the numbers of a column are, so that every renderer writes them alike."""

    KEY = "key"
    """A dimension's value, or any other text."""
    COUNT = "count"
    RATIO = "ratio"
    """A fraction from 0 to 1; people are shown percent."""
    SECONDS = "seconds"
    PER_SECOND = "per_second"
    BYTES = "bytes"
    """People are shown KiB, MiB, GiB and TiB: powers of 1,024."""
    NUMBER = "number"
    """A number that need not be whole: queries a request."""

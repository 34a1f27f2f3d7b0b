"""How a language says sentences, numbers and dates."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time, get_datetime_format
from babel.numbers import NumberPattern, parse_pattern

from analyzers.language.catalogs import Catalog
from analyzers.language.message import Amount, Message, Value, message
from analyzers.store.query import Window
from analyzers.units import Unit

_UNMEASURED: Final = message("unmeasured")
_SPAN: Final = message("{start} to {end}")
_HUNDRED: Final = 100
_PERCENT_DIGITS: Final = 2
SIZES: Final = ("B", "KiB", "MiB", "GiB", "TiB", "PiB")
"""Units of bytes: powers of 1,024."""


@dataclass(frozen=True, slots=True)
class Language:
    """A locale's words and formats, and the zone whose clock is shown.

    Attributes:
        locale: Whose separators and names of days.
        zone: Whose clock.
        catalog: English sentence to sentence; empty for English itself.
    """

    locale: Locale
    zone: ZoneInfo
    catalog: Catalog

    @property
    def tag(self) -> str:
        """The language as HTML's ``lang`` has it: ``en``, ``pt-BR``."""
        return str(self.locale).replace("_", "-")

    def say(self, sentence: Message | str) -> str:
        """Return a sentence in this language; plain text is looked up as a sentence without values.

        Raises:
            KeyError: When a template names a value that the message lacks.
        """
        if isinstance(sentence, str):
            return self.catalog.find(sentence)
        if sentence.plural is None or sentence.number is None:
            template = self.catalog.find(sentence.text)
        else:
            template = self.catalog.find_plural(sentence.text, sentence.plural, sentence.number)
        return template.format_map({name: self.show(value) for name, value in sentence.values.items()})

    def show(self, value: Value | None) -> str:
        """Return one value as it stands in a sentence or a cell."""
        match value:
            case None:
                shown = self.say(_UNMEASURED)
            case Message():
                shown = self.say(value)
            case Amount():
                shown = self.amount(value)
            case Window():
                shown = self.span(value)
            case datetime():
                shown = self.instant(value)
            case date():
                shown = self.day(value)
            case int():
                shown = self.count(value)
            case str():
                shown = value
        return shown

    def amount(self, amount: Amount) -> str:
        """Return a number with its unit; ``unmeasured`` when there is none."""
        value = amount.value
        if value is None:
            return self.say(_UNMEASURED)
        match amount.unit:
            case Unit.RATIO:
                shown = self.percent(value)
            case Unit.SECONDS:
                shown = f"{self.figure(value)}\u00a0s"
            case Unit.PER_SECOND:
                shown = f"{self.figure(value)}/s"
            case Unit.BYTES:
                shown = self.size(value)
            case Unit.NUMBER:
                shown = self.figure(value)
            case Unit.KEY | Unit.COUNT:
                shown = self.count(value)
        return shown

    def count(self, value: float | Fraction | Decimal) -> str:
        """Return a count, thousands grouped."""
        return self._number(_plain(value), "#,##0")

    def percent(self, ratio: float | Fraction | Decimal) -> str:
        """Return a ratio as percent: up to three decimals, so that 99.87 % never reads as 99.9 %.

        A ``Decimal`` is shown with the decimals it has: who judged it chose as many as tell it from its target.
        """
        if isinstance(ratio, Decimal):
            return self._percent(ratio, "0" * max(0, -int(ratio.as_tuple().exponent) - _PERCENT_DIGITS))
        return self._percent(_plain(ratio), "00#")

    def _percent(self, ratio: float | Decimal, decimals: str) -> str:
        pattern = f"#,##0.{decimals}" if decimals else "#,##0"
        return self._number(ratio, f"{pattern}\u00a0%")

    def figure(self, value: float | Fraction | Decimal) -> str:
        """Return a number with three significant digits, all whole ones from a hundred on."""
        return self._number(_plain(value), "#,##0" if abs(float(value)) >= _HUNDRED else "@@@")

    def _number(self, value: float | Decimal, pattern: str) -> str:
        shown: str = _pattern(pattern).apply(value, self.locale)
        return shown

    def size(self, value: float | Fraction | Decimal) -> str:
        """Return bytes with three significant digits, in the greatest binary unit of which there is one."""
        steps = [place for place in range(len(SIZES)) if abs(value) >= 1024**place] or [0]
        shown = self.figure(float(value) / 1024 ** steps[-1]) if steps[-1] else self.count(value)
        return f"{shown}\u00a0{SIZES[steps[-1]]}"

    def instant(self, moment: datetime) -> str:
        """Return date and time of the zone's clock, to the minute; a time without a zone as it is."""
        local = moment if moment.tzinfo is None else moment.astimezone(self.zone)
        order = str(get_datetime_format("medium", self.locale))
        clock = format_time(local, "short", locale=self.locale)
        return order.replace("{1}", format_date(local, "medium", self.locale)).replace("{0}", clock)

    def day(self, day: date) -> str:
        """Return a day of the calendar."""
        return format_date(day, "long", self.locale)

    def clock(self, moment: datetime) -> str:
        """Return the zone's clock time, to the minute."""
        return format_time(moment.astimezone(self.zone), "short", locale=self.locale)

    def span(self, window: Window) -> str:
        """Return the first and the last instant of a window; the last is not in it. A day of both comes once."""
        end = self.clock(window.end) if self._is_within_a_day(window) else self.instant(window.end)
        return self.say(replace(_SPAN, values={"start": self.instant(window.start), "end": end}))

    def _is_within_a_day(self, window: Window) -> bool:
        """Tell whether a window ends on the day that it starts on, midnight included; not where clocks change in it."""
        start, end = (each.astimezone(self.zone) for each in (window.start, window.end))
        midnight = end.time() == start.min.time() != start.time() and (end.date() - start.date()).days == 1
        return (start.date() == end.date() or midnight) and start.utcoffset() == end.utcoffset()


@lru_cache(maxsize=64)
def _pattern(text: str) -> NumberPattern:
    """Read a pattern of CLDR once: Babel's functions do for each number, which takes a third of their time."""
    return parse_pattern(text)


def _plain(value: float | Fraction | Decimal) -> float | Decimal:
    return float(value) if isinstance(value, Fraction) else value

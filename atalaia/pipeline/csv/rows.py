r"""Read one row of comma-separated values as Ruby's CSV library does. Source: csv 3.3.2, its default options.

A row ends at the first line end outside quotes. Whether that is ``\r\n``, ``\n`` or ``\r``, the first line end of the
text decides; another one is an error outside quotes. A value in quotes may hold separators, line ends and doubled
quotes; a value without quotes may hold none, not even a quote.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, TypeAlias

Row: TypeAlias = "list[str | None]"
"""The values of a row; one that is empty and not quoted is null."""

_FIRST_LINE_END: Final = re.compile(r"\r\n|[\r\n]")


class RowError(ValueError):
    """A text is no row of comma-separated values."""


class RowReader:
    """Reads rows.

    Args:
        separator: What stands between values.
        quote: The character around values that hold anything special.
    """

    def __init__(self, separator: str, quote: str) -> None:
        self.separator = separator
        self.quote = quote
        self.usable = len(quote) == 1 and bool(separator)
        sign, first = re.escape(quote), re.escape(separator[:1])
        self.quotes = re.compile(f"(?:{sign})+")
        self.quoted = re.compile(f"[^{sign}]+") if quote else self.quotes
        self.bare = re.compile(rf"[^\r\n{first}{sign}]+")
        self.separator_starts = re.compile(f"(?:{first})+") if len(separator) > 1 else None

    def read(self, text: str) -> Row | None:
        """Return the first row of a text; ``None`` when the text is empty.

        Raises:
            RowError: When the row is malformed; always, when the quote is not one character or the separator is empty.
        """
        if not self.usable:
            raise RowError(f"{self.quote!r} is no quote, or {self.separator!r} no separator")
        found = _FIRST_LINE_END.search(text)
        end = "\n" if found is None else found[0]
        line, _, _ = text.partition(end)
        if not line:
            return [] if text else None
        row = self._split(line)
        return _Reading(self, text, end).row() if row is None else row

    def _split(self, line: str) -> Row | None:
        """Return the values of a line in which quotes stand around whole values only; ``None`` for any other line."""
        row: Row = []
        for value in line.split(self.separator):
            count = value.count(self.quote)
            if count == 0:
                row.append(value or None)
            elif count == 2 and value[0] == value[-1] == self.quote:  # noqa: PLR2004 - the two around the value
                row.append(value[1:-1])
            else:
                return None
        return row


@dataclass(slots=True)
class _Reading:
    """A text being read character by character.

    Attributes:
        reader: How rows are written.
        text: The text.
        end: What ends a row.
        position: The next character to read.
    """

    reader: RowReader
    text: str
    end: str
    position: int = 0

    def row(self) -> Row:
        """Read a row.

        Raises:
            RowError: When it is malformed.
        """
        row: Row = []
        while True:
            row.append(self._value())
            if not self._take(self.reader.separator):
                break
        if self._take(self.end) or self.position == len(self.text):
            return row
        raise RowError(f"the row goes wrong at character {self.position}")

    def _value(self) -> str | None:
        if self.text.startswith(self.reader.quote, self.position):
            return self._quoted()
        return self._bare()

    def _bare(self) -> str | None:
        """Read a value without quotes; of a separator of several characters, parts belong to it."""
        first = self._match(self.reader.bare)
        starts = self.reader.separator_starts
        if starts is None or not first:
            return first or None
        parts = [first]
        while parts[-1] and not self.text.startswith(self.reader.separator, self.position):
            parts.append(self._match(starts))
            parts.append(self._match(self.reader.bare) if parts[-1] else "")
        return "".join(parts)

    def _quoted(self) -> str:
        """Read a value in quotes; two quotes in it are one."""
        quote = self.reader.quote
        count = len(self._match(self.reader.quotes))
        if count % 2 == 0:
            return quote * (count // 2 - 1)
        parts = [quote * (count // 2)]
        while True:
            parts.append(self._match(self.reader.quoted))
            count = len(self._match(self.reader.quotes))
            if count == 0:
                raise RowError("a quote is not closed")
            parts.append(quote * (count // 2))
            if count % 2:
                return "".join(parts)

    def _take(self, expected: str) -> bool:
        """Read a text if it comes next."""
        taken = self.text.startswith(expected, self.position)
        self.position += len(expected) if taken else 0
        return taken

    def _match(self, pattern: re.Pattern[str]) -> str:
        """Read what a pattern matches here; the empty text when it matches nothing."""
        found = pattern.match(self.text, self.position)
        if found is None:
            return ""
        self.position = found.end()
        return found[0]

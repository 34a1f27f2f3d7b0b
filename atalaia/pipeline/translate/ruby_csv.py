"""Rows of comma separated values as Ruby's ``CSV`` reads them with its default options.

Source: the ``csv`` library 3.3, which Logstash brings along. Unlike Python's it tells an empty field (null) from an
empty text in quotes, and takes the first kind of line end in a file for all of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_LINE_END = re.compile(r"\r\n?|\n")


def read_rows(text: str) -> Iterator[list[str | None]]:
    """Yield the fields of each row; an empty line is a row of one null.

    Raises:
        ValueError: When a quote is not closed, or stands within a field that does not begin with one.
    """
    end = _LINE_END.search(text)
    field = _field(end[0] if end else "\n")
    row: list[str | None] = []
    position = 0
    while position < len(text) or row:
        match = field.match(text, position)
        if match is None:
            line = len(_LINE_END.findall(text, 0, position)) + 1
            raise ValueError(
                f"line {line}: a quote is not closed, or stands where none may, or a line end is unlike the first"
            )
        quoted, bare, separator = match.groups()
        row.append(bare or None if quoted is None else quoted.replace('""', '"'))
        position = match.end()
        if separator != ",":
            yield row
            row = []


def _field(line_end: str) -> re.Pattern[str]:
    return re.compile(rf'(?:"((?:[^"]|"")*+)"|([^",\r\n]*+))(,|{line_end}|\Z)')

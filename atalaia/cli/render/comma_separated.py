r"""CSV that neither commands a terminal nor runs in a spreadsheet: texts come from logs, and those from strangers.

Numbers stay as they are, negative ones too. In a text control characters become ``\x1b`` escapes, as everywhere on the
command line, and an apostrophe goes before what a spreadsheet takes for the beginning of a formula, as OWASP advises
(https://owasp.org/www-community/attacks/CSV_Injection): spreadsheets show such a cell as text. The same stands
after a semicolon within a text, for a spreadsheet of a country with decimal commas (Brazil) parts cells there.
An apostrophe that stands there already gets another: what was put in can be told from what was there.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Final

from atalaia.cli.render.safe import printable

_FORMULA: Final = re.compile(r"""(^|;)(?=[\s"']*[=+\-@＝＋－＠])""")  # noqa: RUF001 - East Asian spreadsheets know them so
"""The places before which a cell could begin that is a formula, after blanks and quotes."""
_NUMBER: Final = re.compile(r"[+-]?\d+(\.\d+)?", re.ASCII)


def csv_text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a header and rows as CSV, without the last newline; nothing stands for ``None``."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([_cell(each) for each in row] for row in (header, *rows))
    return text.getvalue().removesuffix("\n")


def _cell(value: object) -> object:
    if not isinstance(value, str) or _NUMBER.fullmatch(value):
        return value
    return _FORMULA.sub(r"\1'", printable(value))

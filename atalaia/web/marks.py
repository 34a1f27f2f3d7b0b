"""Characters that steer a terminal or turn the direction of text, written out where a page shows others' text."""

from __future__ import annotations

import re
from typing import Final

from atalaia.cli.render.safe import printable

_MARKS: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_TEXT: Final = re.compile("(?<=>)[^<]+")
"""Text between tags. Values of attributes stay: a form sends back the very condition it was given."""


def written_out(page: str) -> str:
    r"""Return a page whose texts show such characters as ``\u202e``: an override would reverse what stands beside it.

    Args:
        page: HTML in which all text from elsewhere is escaped.
    """
    if _MARKS.search(page) is None:
        return page
    return _TEXT.sub(lambda text: _MARKS.sub(lambda mark: printable(mark[0]), text[0]), page)

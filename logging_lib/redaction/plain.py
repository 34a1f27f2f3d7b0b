"""Paths and queries that can be told at a glance to hold no secret: nearly all are made of words and small numbers.

They differ from request to request, so remembering them helps little; these expressions cost a fraction of a look at
everything. Words are shorter than any token, and there are too few digits in a row for a card or a document.
"""

from __future__ import annotations

import re
from typing import Final

_WORD: Final = r"[a-z_-]{1,13}[0-9]?"
_ID: Final = r"(?:[0-9]{1,10}|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{32}|[0-9a-f]{24})"
_PATH: Final = re.compile(rf"(?:/{_WORD}(?![^/]))*+(?:/{_ID}(?![^/]))?(?:/{_WORD}(?![^/]))*+/?")
_VALUE: Final = r"(?:[0-9]{1,10}|[A-Za-z_]{0,13}|[0-9]{4}-[0-9]{2}-[0-9]{2})"
_QUERY: Final = re.compile(rf"(?:[A-Za-z_]{{1,32}}={_VALUE}(?:&(?!$)|$))*+")
_NAME: Final = re.compile(r"([A-Za-z_]+)=")


def is_plain_path(path: str) -> bool:
    """Tell whether a path is made of words and at most one number or id: ``/api/v1/chamados/123/notas``."""
    return _PATH.fullmatch(path) is not None


def plain_names(query: str) -> list[str] | None:
    """Return the names of a query whose values are words, numbers and dates; ``None`` where one is anything else."""
    return _NAME.findall(query) if _QUERY.fullmatch(query) else None

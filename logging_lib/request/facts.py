"""What a gateway, WSGI or ASGI, knows of a request when it begins, in one form."""

from __future__ import annotations

import re
from typing import Final, NamedTuple
from urllib.parse import quote

_SAFE_IN_PATH: Final = "/:@!$&'()*+,;=~-._"
_PLAIN_PATH: Final = re.compile(rf"[A-Za-z0-9{re.escape(_SAFE_IN_PATH)}]*")  # nearly all are; ``quote`` takes longer
_MOST_DIGITS: Final = 18  # more bytes than that nobody sends, and 64 bits could not hold


class RequestFacts(NamedTuple):
    """What a gateway knows of a request when it begins.

    A tuple, because one is made for every request. Text that came as bytes is Latin-1, as WSGI has it; a header that
    was not sent is empty, and one that was sent several times is joined by commas.

    Attributes:
        method: The HTTP method.
        path: The path, percent-decoded.
        query: The query string, without its question mark.
        peer: The address of the connection, empty where there is none.
        user_agent: The header of that name.
        content_length: The header of that name.
        forwarded_for: ``X-Forwarded-For``.
        request_id: The header that ``RequestOptions`` names.
        traceparent: The header of that name.
        tracestate: The header of that name.
    """

    method: str
    path: str
    query: str
    peer: str
    user_agent: str
    content_length: str
    forwarded_for: str
    request_id: str
    traceparent: str
    tracestate: str


def declared_size(text: str) -> int | None:
    """Return the bytes a ``Content-Length`` declares, or ``None`` where there is none or it is no number."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else None


def quoted_path(path: str) -> str:
    """Return a path of Latin-1 text as a client may ask for it: percent-encoded where that is needed."""
    if _PLAIN_PATH.fullmatch(path):
        return path
    return quote(path.encode("latin-1", "replace"), safe=_SAFE_IN_PATH)


def decoded(text: str) -> str:
    """Return Latin-1 text as the UTF-8 that it nearly always is."""
    if text.isascii():
        return text
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text

"""A server's or a library's own words, cut down to one line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, cast

from elastic_transport import TransportError
from elasticsearch import ApiError

from analyzers.store.elastic.answers import Json, JsonObject, an_object

_LONGEST: Final = 300


def refusal_of(error: ApiError) -> str:
    """Return why a request was refused: the root cause's reason, which names the field or the setting."""
    body = cast("Json", error.body)
    if isinstance(body, Mapping) and isinstance(body.get("error"), Mapping):
        return reason_of(an_object(body["error"], "error"))
    return _shorten(str(body)) if body else str(error.message)


def reason_of(error: JsonObject) -> str:
    """Return the innermost reason of an ``error`` object, with the outer one that says where."""
    reasons: list[str] = []
    node: Json = error
    while isinstance(node, Mapping):
        reason = node.get("reason")
        if isinstance(reason, str) and reason not in reasons:
            reasons.append(reason)
        node = node.get("caused_by")
    return _shorten(": ".join(reasons)) or "no reason given"


def plain_cause(error: Exception) -> str:
    """Return the plain cause of a transport error, without the library object that its text begins with."""
    text = error.message if isinstance(error, TransportError) else str(error)
    return _shorten(text.rsplit("): ", 1)[-1]) or type(error).__name__


def _shorten(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"

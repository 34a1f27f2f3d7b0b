"""What an application's callbacks say of a request that nobody has told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

from logging_lib.application import get_logger
from logging_lib.record import UserId
from logging_lib.request.trace import Complete, RequestTrace

Given = TypeVar("Given")
Told = TypeVar("Told")

_log: Final = get_logger(__name__)


def completed_by(endpoint: Callable[[Given], str | None], user_id: Callable[[Given], UserId], given: Given) -> Complete:
    """Return what asks an application's callbacks for what nobody has told.

    Args:
        endpoint: Tells the route template.
        user_id: Tells who the user is.
        given: What both are asked with: a WSGI environment or an ASGI scope.
    """

    def complete(trace: RequestTrace) -> None:
        if trace.endpoint is None:
            trace.endpoint = _told_by("endpoint", endpoint, given)
        if not trace.user_known:
            trace.user_id = _told_by("user_id", user_id, given)

    return complete


def _told_by(what: str, callback: Callable[[Given], Told], given: Given) -> Told | None:
    """Return what an application's callback says; where it raises, the exception is logged and nothing is known."""
    try:
        return callback(given)
    except Exception:  # noqa: BLE001 - the boundary: the application's callback must not break its request
        _log.error("%s callback failed", what, exc_info=True)
    return None

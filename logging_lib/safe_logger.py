"""structlog's logger, made safe: a message that does not fit its arguments neither raises nor vanishes."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from typing import Final, TypeVar

import structlog
from structlog.typing import FilteringBoundLogger

from logging_lib.rendering import interpolated

R = TypeVar("R")

_BASE: Final = structlog.make_filtering_bound_logger("notset")  # levels are decided at each line, and can change
_BY_NAME: Final = ("debug", "info", "warning", "warn", "error", "critical", "fatal", "msg")
_KNOWN: Final = (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR, logging.CRITICAL)


def _filled_in(event: object, arguments: tuple[object, ...], fields: dict[str, object]) -> object:
    """Return the message with its arguments, as structlog fills them in; what failed is told in the fields."""
    if not arguments or not isinstance(event, str):
        return event
    fitting = arguments[0] if len(arguments) == 1 and isinstance(arguments[0], dict) and arguments[0] else arguments
    message, failure = interpolated(event, arguments, lambda: event % fitting)
    fields.update(failure)
    return message


def _safe(method: Callable[..., R]) -> Callable[..., R]:
    def call(self: FilteringBoundLogger, event: object, *arguments: object, **fields: object) -> R:
        return method(self, _filled_in(event, arguments, fields), **fields)

    return call


def _safe_later(method: Callable[..., R]) -> Callable[..., R]:
    """Wrap a method that logs from another thread, where the exception that is handled here cannot be asked for."""

    def call(self: FilteringBoundLogger, event: object, *arguments: object, **fields: object) -> R:
        _name_exception(fields)
        return method(self, _filled_in(event, arguments, fields), **fields)

    return call


def _safe_at_level(method: Callable[..., R]) -> Callable[..., R]:
    """Wrap a method that takes a level, which may be a library's own, such as TRACE (5) or SUCCESS (25)."""

    def call(self: FilteringBoundLogger, level: int, event: object, *arguments: object, **fields: object) -> R:
        known = max((known for known in _KNOWN if known <= level), default=logging.DEBUG)
        _name_exception(fields)
        return method(self, known, _filled_in(event, arguments, fields), **fields)

    return call


def _name_exception(fields: dict[str, object]) -> None:
    """Put the exception that is being handled in the place of ``exc_info=True``."""
    asked = fields.get("exc_info")
    if asked and not isinstance(asked, tuple | BaseException):
        fields["exc_info"] = sys.exception()


SafeLogger: Final[type[FilteringBoundLogger]] = type(
    "SafeLogger",
    (_BASE,),
    {
        **{name: _safe(getattr(_BASE, name)) for name in _BY_NAME},
        **{name: _safe_later(getattr(_BASE, name)) for name in map("a{}".format, _BY_NAME)},
        **{name: _safe_at_level(getattr(_BASE, name)) for name in ("log", "alog")},
        "__module__": __name__,  # so that a bound logger can be pickled, as structlog's can
    },
)
"""A structlog logger of every level, with all of its methods."""

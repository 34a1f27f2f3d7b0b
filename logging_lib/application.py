"""The application's road: structlog loggers, whose events end in the current output."""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Final, NoReturn

import structlog
from structlog.typing import FilteringBoundLogger, Processor, WrappedLogger

from logging_lib.error_info import ErrorInfo, describe_error
from logging_lib.identifiers import event_id
from logging_lib.output import current
from logging_lib.record import EventRecord
from logging_lib.rendering import plain_fields, rendering
from logging_lib.safe_logger import SafeLogger

_NAME_KEY: Final = "_logger_name"
_NOTHING: Final = structlog.ReturnLogger()  # what structlog wraps; the last processor leaves it nothing to do
_LEVELS: Final = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
    "critical": logging.CRITICAL,
}


def error_of(exc_info: object) -> ErrorInfo | None:
    """Return what ``exc_info`` stands for: an exception, ``sys.exc_info()``'s triple, or true for the present one."""
    if isinstance(exc_info, tuple):
        exc_info = exc_info[1]
    elif exc_info and not isinstance(exc_info, BaseException):
        exc_info = sys.exc_info()[1]
    return describe_error(exc_info) if isinstance(exc_info, BaseException) else None


def is_enabled(name: object, level: int) -> bool:
    """Tell whether a logger of that name writes lines of a level.

    Levels of single loggers, and those the application sets by ``logging.getLogger(name).setLevel``, hold on this road
    too; a logger without a name, or with one of which ``logging`` knows nothing, has the level of the configuration.
    """
    lowest = current().level
    if lowest == logging.NOTSET:  # nothing is configured, or a test collects everything
        return True
    known = logging.root.manager.loggerDict
    while isinstance(name, str) and name:
        logger = known.get(name)
        if isinstance(logger, logging.Logger):
            return logger.isEnabledFor(level)
        name = name.rpartition(".")[0]
    return level >= lowest


class _NamedLogger(structlog.ReturnLogger):
    """What ``structlog.get_logger("shop")`` wraps: the name alone."""

    def __init__(self, *names: object) -> None:
        super().__init__()
        self.name = names[0] if names else None


def _name_of(logger: WrappedLogger, event: MutableMapping[str, object]) -> object:
    """Return the logger's name, however it was made; one around a logger of ``logging`` has that one's."""
    return event.get(_NAME_KEY) or getattr(logger, "name", None)


def _drop_below_level(
    logger: WrappedLogger,
    method: str,
    event: MutableMapping[str, object],
) -> MutableMapping[str, object]:
    if not is_enabled(_name_of(logger, event), _LEVELS[method]):
        raise structlog.DropEvent
    return event


def _emit(logger: WrappedLogger, method: str, event: MutableMapping[str, object]) -> NoReturn:
    """Turn structlog's dictionary into a record and hand it over; nothing is left for the wrapped logger to do."""
    output = current()
    now = output.clock()
    with rendering as too_deep:
        fields = plain_fields(event) if too_deep else dict(event)
        name = _name_of(logger, event)
        fields.pop(_NAME_KEY, None)
        message = fields.pop("event", None)
        output.emit(
            EventRecord(
                timestamp=now,
                event_id=event_id(now),
                level=method.upper(),
                event=message,
                logger=str(name) if name else None,
                error=error_of(fields.pop("exc_info", None)),
                fields=fields,
                template=message if isinstance(message, str) else None,
            ),
        )
    raise structlog.DropEvent


_PROCESSORS: Final[list[Processor]] = [
    _drop_below_level,
    structlog.contextvars.merge_contextvars,
    structlog.processors.StackInfoRenderer(),
    _emit,
]
"""One list for every logger: ``structlog.testing.capture_logs`` changes it in place."""


def get_logger(name: str | None = None) -> FilteringBoundLogger:
    """Return a structlog logger; it may be made before ``configure`` and follows every later one.

    It does not depend on structlog's own configuration: before ``configure`` it prints JSON to standard error, and an
    application that configures structlog for itself changes nothing here.

    Args:
        name: Shown as ``logger``; usually ``__name__``.
    """
    initial = {_NAME_KEY: name} if name else {}
    logger: FilteringBoundLogger = structlog.wrap_logger(
        _NOTHING, _PROCESSORS, SafeLogger, dict, cache_logger_on_first_use=True, **initial
    )
    return logger


def set_up_structlog() -> None:
    """Make ``structlog.get_logger()`` end in our output as well."""
    structlog.configure(
        processors=_PROCESSORS,
        wrapper_class=SafeLogger,
        logger_factory=_NamedLogger,
        cache_logger_on_first_use=False,  # it may be configured otherwise after ``shutdown``
    )

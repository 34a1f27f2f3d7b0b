"""The standard library's road: records of ``logging`` (werkzeug, waitress, any library) give the same JSON."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final, Literal

import structlog
from pythonjsonlogger.core import RESERVED_ATTRS, BaseJsonFormatter

from logging_lib.application import error_of
from logging_lib.clock import system_clock
from logging_lib.errors import AtalaiaError
from logging_lib.identifiers import event_id
from logging_lib.libraries import is_duplicate, tidy
from logging_lib.output import current
from logging_lib.record import EventRecord
from logging_lib.rendering import interpolated, plain_fields, plain_text, rendering
from logging_lib.values import encode_line

# The second is uvicorn's copy of the message with terminal colours in it.
_NOT_EXTRA: Final = (*RESERVED_ATTRS, "color_message")
_DOWNWARDS: Final = (
    (logging.CRITICAL, "CRITICAL"),
    (logging.ERROR, "ERROR"),
    (logging.WARNING, "WARNING"),
    (logging.INFO, "INFO"),
)


class StandardFormatter(BaseJsonFormatter):
    """Formats a record of the standard library as the line that the application's road would write.

    python-json-logger tells the caller's own fields (``extra``, or a dictionary as the message) from those that
    ``logging`` adds; the order of the keys and the form of the values are ours. The arguments are those that
    ``logging.config`` passes to every formatter, and must keep their defaults: the line's form is fixed.

    Raises:
        AtalaiaError: A format is given.
    """

    def __init__(
        self,
        fmt: str | None = None,
        datefmt: str | None = None,
        style: Literal["%", "{", "$"] = "%",
        validate: bool = True,  # noqa: FBT001, FBT002 - passed by position by logging.config
        *,
        defaults: Mapping[str, object] | None = None,
    ) -> None:
        if fmt is not None or datefmt is not None or style != "%" or not validate or defaults is not None:
            raise AtalaiaError("StandardFormatter writes the documented record and takes no format", "leave it out")
        super().__init__(fmt=(), reserved_attrs=_NOT_EXTRA)

    def format(self, record: logging.LogRecord) -> str:
        """Return the JSON line, without its newline and without secrets."""
        output = current()
        line = encode_line(output.redactor.redact(self.event(record).record(output.identity)))
        return line.decode().rstrip("\n")

    def event(self, record: logging.LogRecord) -> EventRecord:
        """Return what was logged as the application's road has it; a message that does not fit its arguments too."""
        record = tidy(record)
        message, fields = _message(record)
        context = structlog.contextvars.get_contextvars()
        extra = self._extra(record)
        if "event" in extra and "event" in message:  # the caller's own field of that name
            extra["event_"] = extra.pop("event")
        fields = {**context, **message, **extra, **fields}
        if record.stack_info:
            fields["stack"] = record.stack_info
        if record.exc_text and not record.exc_info:  # a queue has turned the exception into text
            fields["stack_trace"] = record.exc_text
        now = _instant(record)
        return EventRecord(
            timestamp=now,
            event_id=event_id(now),
            level=_level(record.levelno),
            event=fields.pop("event", None),
            logger=record.name,
            error=error_of(record.exc_info),
            fields=fields,
            template=record.msg if isinstance(record.msg, str) else None,
        )

    def _extra(self, record: logging.LogRecord) -> dict[str, object]:
        found: dict[str, object] = {}
        self.add_fields(found, record, {})
        return {str(key): value for key, value in found.items()}  # ``extra`` may hold keys of any type


class StandardHandler(logging.Handler):
    """Hands records of the standard library to the current output.

    It takes no lock: what it hands over to is safe for threads, and a value that is slow to say what it is, or logs in
    its turn, must not stop every other thread.
    """

    def __init__(self, level: int | str = logging.NOTSET) -> None:
        super().__init__(level)
        self._events = StandardFormatter()

    def setFormatter(self, fmt: logging.Formatter | None) -> None:  # noqa: N802 - the standard library's name
        """Take another ``StandardFormatter`` (one derived from it, say).

        Raises:
            AtalaiaError: It is another kind of formatter, which would have no effect.
        """
        if not isinstance(fmt, StandardFormatter):
            raise AtalaiaError(
                f"StandardHandler writes the documented record and cannot use {type(fmt).__qualname__}",
                "leave the formatter out, or derive it from logging_lib.standard.StandardFormatter",
            )
        self._events = fmt

    def handle(self, record: logging.LogRecord) -> bool:
        """Hand one record over, unless a filter or a request's own record makes it needless."""
        if is_duplicate(record):
            return False
        kept: object = self.filter(record)
        if isinstance(kept, logging.LogRecord):  # since Python 3.12 a filter may return another
            record = kept
        if kept:
            self.emit(record)
        return bool(kept)

    def emit(self, record: logging.LogRecord) -> None:
        """Hand one record over."""
        with rendering as too_deep:
            if too_deep:
                record = logging.makeLogRecord({**plain_fields(record.__dict__), "msg": plain_text(record.msg)})
            event = self._events.event(record)
            current().emit(replace(event, fields=plain_fields(event.fields)) if too_deep else event)


def _message(record: logging.LogRecord) -> tuple[dict[str, object], dict[str, object]]:
    """Return the message's own fields, ``event`` among them, and those that tell of a failure."""
    if isinstance(record.msg, Mapping):
        return {str(key): value for key, value in record.msg.items()}, {}
    text, failure = interpolated(record.msg, record.args, record.getMessage)
    if record.name == "py.warnings" and isinstance(text, str):
        text = text.rstrip()
    return {"event": text}, failure


def _instant(record: logging.LogRecord) -> datetime:
    """Return when it was logged, which a queue makes earlier than now; a clock of the caller's own goes before."""
    clock = current().clock
    return datetime.fromtimestamp(record.created, UTC) if clock is system_clock else clock()


def _level(number: int) -> str:
    """Return the documented level at or below a library's own one, such as TRACE (5) or SUCCESS (25)."""
    return next((name for level, name in _DOWNWARDS if number >= level), "DEBUG")

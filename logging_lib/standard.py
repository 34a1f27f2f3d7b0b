"""The standard library's road: records of ``logging`` (werkzeug, waitress, any library) give the same JSON."""

from __future__ import annotations

import logging
from typing import Final

import structlog
from pythonjsonlogger.core import RESERVED_ATTRS, BaseJsonFormatter

from logging_lib.application import error_of
from logging_lib.identifiers import event_id
from logging_lib.output import current
from logging_lib.record import EventRecord
from logging_lib.values import encode_line

# The second is uvicorn's copy of the message with terminal colours in it.
_NOT_EXTRA: Final = (*RESERVED_ATTRS, "color_message")


class StandardFormatter(BaseJsonFormatter):
    """Formats a record of the standard library as the line that the application's road would write.

    python-json-logger tells the caller's own fields (``extra``, or a dictionary as the message) from those that
    ``logging`` adds; the order of the keys and the form of the values are ours.
    """

    def __init__(self) -> None:
        super().__init__(fmt=(), reserved_attrs=_NOT_EXTRA)

    def format(self, record: logging.LogRecord) -> str:
        """Return the JSON line, without its newline and without secrets."""
        output = current()
        line = encode_line(output.redactor.redact(self.event(record).record(output.identity)))
        return line.decode().rstrip("\n")

    def event(self, record: logging.LogRecord) -> EventRecord:
        """Return what was logged as the application's road has it.

        Raises:
            TypeError, ValueError: The message does not fit its arguments.
        """
        message = dict(record.msg) if isinstance(record.msg, dict) else {"event": record.getMessage()}
        fields: dict[str, object] = dict(structlog.contextvars.get_contextvars())
        self.add_fields(fields, record, message)
        if record.stack_info:
            fields["stack"] = record.stack_info
        if record.exc_text and not record.exc_info:  # a queue has turned the exception into text
            fields["stack_trace"] = record.exc_text
        now = current().clock()
        return EventRecord(
            timestamp=now,
            event_id=event_id(now),
            level=record.levelname,
            event=fields.pop("event", None),
            logger=record.name,
            error=error_of(record.exc_info),
            fields=fields,
            template=record.msg if isinstance(record.msg, str) else None,
        )


class StandardHandler(logging.Handler):
    """Hands records of the standard library to the current output."""

    def __init__(self) -> None:
        super().__init__()
        self._events = StandardFormatter()
        self.setFormatter(self._events)

    def emit(self, record: logging.LogRecord) -> None:
        """Hand one record over; a message that does not fit its arguments is reported as ``logging`` does it."""
        try:
            event = self._events.event(record)
        except (TypeError, ValueError, KeyError, AttributeError):
            self.handleError(record)
        else:
            current().emit(event)

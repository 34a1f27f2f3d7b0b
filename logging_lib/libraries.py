"""What is peculiar to the log records of single libraries, told by the records alone: none of them is imported."""

from __future__ import annotations

import logging
import re
import sys
from typing import Final

_ACCESS: Final = frozenset({"gunicorn.access", "uvicorn.access"})
_MIDDLEWARE: Final = ("logging_lib.wsgi", "logging_lib.asgi")
_COLOURS: Final = re.compile("\x1b\\[[0-9;]*m")
_HIDDEN_TYPES: Final = frozenset({"_repr_params", "_repr_row"})


class _Hidden:
    """Stands for the values of a statement."""

    def __repr__(self) -> str:
        return "[values hidden]"


def is_duplicate(record: logging.LogRecord) -> bool:
    """Tell whether a record is a server's access line in a process that writes request records, which say more.

    A process does once it has imported the middleware; without one the access lines are all there is, and stay.
    """
    access = record.name in _ACCESS or (record.name == "werkzeug" and _is_werkzeugs_access_line(record))
    return access and any(name in sys.modules for name in _MIDDLEWARE)


def tidy(record: logging.LogRecord) -> logging.LogRecord:
    """Return the record as it should be in a file; the same one where it is fit already.

    Werkzeug's messages lose their colours. SQLAlchemy's lines (``echo=True``) lose the statements' values, which are
    the users' data: passwords, names.
    """
    if (record.name or "").startswith("sqlalchemy."):  # a record made by hand may have no name
        return _without_values(record)
    if record.name == "werkzeug":
        return _without_colours(record)
    return record


def _is_werkzeugs_access_line(record: logging.LogRecord) -> bool:
    return record.levelno == logging.INFO and isinstance(record.msg, str) and record.msg.endswith('] "%s" %s %s')


def _without_values(record: logging.LogRecord) -> logging.LogRecord:
    if not isinstance(record.args, tuple):
        return record
    hidden = tuple(_Hidden() if type(value).__name__ in _HIDDEN_TYPES else value for value in record.args)
    return _with(record, record.msg, hidden) if hidden != record.args else record


def _without_colours(record: logging.LogRecord) -> logging.LogRecord:
    if not isinstance(record.args, tuple) or not isinstance(record.msg, str):
        return record
    arguments = tuple(_COLOURS.sub("", value) if isinstance(value, str) else value for value in record.args)
    return _with(record, _COLOURS.sub("", record.msg), arguments)


def _with(record: logging.LogRecord, message: object, arguments: tuple[object, ...]) -> logging.LogRecord:
    """Return a copy with another message: the record itself goes on to the application's own handlers."""
    copy = logging.makeLogRecord(record.__dict__)
    copy.msg, copy.args = message, arguments
    return copy

"""What is peculiar to the log records of single libraries, told by the records alone: none of them is imported."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
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


@contextmanager
def without_statement_values(error: BaseException) -> Iterator[None]:
    """Let SQLAlchemy's exceptions, and those that caused them, say nothing of a statement's values inside the block.

    Otherwise the message of a failed statement quotes them; ``hide_parameters`` of an exception decides that.
    """
    talkative = [each for each in _chain(error) if vars(each).get("hide_parameters") is False]
    for each in talkative:
        vars(each)["hide_parameters"] = True
    try:
        yield
    finally:
        for each in talkative:
            vars(each)["hide_parameters"] = False


def _chain(error: BaseException) -> list[BaseException]:
    """Return an exception and those that a traceback tells with it, each once."""
    found: list[BaseException] = []
    waiting: list[BaseException | None] = [error]
    while waiting:
        each = waiting.pop()
        if each is not None and not any(each is known for known in found):
            found.append(each)
            waiting += [each.__cause__, each.__context__]
            waiting += each.exceptions if isinstance(each, BaseExceptionGroup) else ()
    return found


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

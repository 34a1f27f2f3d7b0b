"""Where records come from: both roads led into the current output, and all that is changed for it put back again."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any, Final

import structlog

from logging_lib import process_hooks
from logging_lib.application import set_up_structlog
from logging_lib.standard import StandardHandler

SERVERS: Final = ("gunicorn.error", "gunicorn.access", "uvicorn", "uvicorn.access")
"""Loggers that are set up before the application is loaded, and pass nothing on to the root logger."""

_ECHO: Final = "sqlalchemy.engine.Engine"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """What leads into the output.

    Attributes:
        level: The root logger's level.
        levels: Levels of single loggers.
        prints: Whether the output shows lines on the process's streams, where a server's own handlers then do not.
        hooks: Whether uncaught exceptions and warnings are logged, too.
    """

    level: int
    levels: Mapping[str, str] = field(default_factory=dict)
    prints: bool = False
    hooks: bool = False


_undo = ExitStack()
_in_force: Attachment | None = None


def attached() -> Attachment | None:
    """Return what leads into the output now; ``None`` before ``attach`` and after ``detach``."""
    return _in_force


def attach(attachment: Attachment) -> None:
    """Lead both roads, structlog's and the standard library's, into the current output; a second call replaces all."""
    _put_in_force(attachment)
    _undo.close()
    root = logging.getLogger()
    if not any(isinstance(handler, StandardHandler) for handler in root.handlers):
        root.addHandler(StandardHandler())
    set_level(root, attachment.level)
    for name, level in attachment.levels.items():
        set_level(logging.getLogger(name), logging.getLevelNamesMapping()[level])
    lead_servers()
    _silence_echo()
    _undo.callback(_restore_structlog, structlog.get_config() if structlog.is_configured() else None)
    set_up_structlog()
    if attachment.hooks:
        _undo.callback(process_hooks.install())


def detach() -> None:
    """Undo ``attach``."""
    _put_in_force(None)
    _undo.close()
    root = logging.getLogger()
    for handler in [handler for handler in root.handlers if isinstance(handler, StandardHandler)]:
        root.removeHandler(handler)
        handler.close()


def lead_servers() -> None:
    """Let the loggers of a server pass their records on; until ``detach``, or the next ``attach``.

    Where the output shows the lines on the process's streams, the server's own handlers no longer do.
    """
    for logger in _existing(SERVERS):
        _undo.callback(setattr, logger, "propagate", logger.propagate)
        logger.propagate = True
        if _in_force and _in_force.prints:
            _set_aside_streams(logger)


def set_level(logger: logging.Logger, level: int) -> None:
    """Give a logger a level; until ``detach``, or the next ``attach``."""
    _undo.callback(logger.setLevel, logger.level)
    logger.setLevel(level)


def _restore_structlog(before: dict[str, Any] | None) -> None:
    """Give structlog the configuration back that the application had made for it, or none."""
    if before is None:
        structlog.reset_defaults()
    else:
        structlog.configure(**before)


def _put_in_force(attachment: Attachment | None) -> Attachment | None:
    global _in_force
    before, _in_force = _in_force, attachment
    return before


def _silence_echo() -> None:
    """Keep SQLAlchemy's ``echo`` from printing the lines once more, the statements' values included."""
    for name in [name for name in logging.root.manager.loggerDict if name.startswith("sqlalchemy.")]:
        for logger in _existing((name,)):
            _set_aside_streams(logger)
    placeholder = logging.NullHandler()  # SQLAlchemy adds its own where there is none
    logging.getLogger(_ECHO).addHandler(placeholder)
    _undo.callback(logging.getLogger(_ECHO).removeHandler, placeholder)


def _set_aside_streams(logger: logging.Logger) -> None:
    """Take away the handlers that print on the process's streams; those of files and sockets stay."""
    for handler in list(logger.handlers):
        if isinstance(handler, logging.StreamHandler) and handler.stream in {sys.stdout, sys.stderr}:
            logger.removeHandler(handler)
            _undo.callback(logger.addHandler, handler)


def _existing(names: tuple[str, ...]) -> Iterator[logging.Logger]:
    """Yield the loggers that somebody has asked for already."""
    for name in names:
        logger = logging.root.manager.loggerDict.get(name)
        if isinstance(logger, logging.Logger):
            yield logger

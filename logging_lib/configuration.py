"""``configure``: the one call an application makes before it logs."""

from __future__ import annotations

import logging
import os
from typing import Unpack

import structlog

from logging_lib.application import set_up_structlog
from logging_lib.clock import Clock, system_clock
from logging_lib.console import Console
from logging_lib.errors import AtalaiaError
from logging_lib.output import Destination, FileDestination, Output, replace
from logging_lib.settings import Given, LoggingSettings, resolve
from logging_lib.sink import DatedFile
from logging_lib.standard import StandardHandler


def configure(*, clock: Clock = system_clock, **given: Unpack[Given]) -> LoggingSettings:
    """Start logging, or log differently from now on: a second call replaces the first and closes its files.

    Each argument has an environment variable that holds when the argument is not given:

    ================  ========================  =========================================================
    argument          variable                  default
    ================  ========================  =========================================================
    ``service``       ``ATALAIA_SERVICE``       none: one of the two must be there
    ``environment``   ``ATALAIA_ENVIRONMENT``   ``production``
    ``version``       ``ATALAIA_VERSION``       left out of the records
    ``directory``     ``ATALAIA_LOG_DIRECTORY`` ``logs``; made when missing
    ``level``         ``ATALAIA_LOG_LEVEL``     ``INFO``; request records are written at every level
    ``console``       ``ATALAIA_LOG_CONSOLE``   on where the environment is ``development``, else off
    ================  ========================  =========================================================

    Args:
        clock: Where the time comes from; tests pass their own.
        **given: The arguments of the table.

    Returns:
        The settings in force.

    Raises:
        AtalaiaError: A value is missing or not allowed, or the directory cannot be written. What was configured before
            then stays in force.
    """
    settings = resolve(given, os.environ)
    output = Output(
        identity=settings.identity,
        level=logging.getLevelNamesMapping()[settings.level],
        destinations=_destinations(settings, clock),
        clock=clock,
    )
    replace(output).close()
    attach(output.level)
    return settings


def shutdown() -> None:
    """Stop logging to the files: close them and let go of structlog and the standard library's root logger."""
    replace(None).close()
    detach()


def attach(level: int) -> None:
    """Lead both roads, structlog's and the standard library's, into the current output."""
    set_up_structlog()
    _remove_handlers()
    root = logging.getLogger()
    root.addHandler(StandardHandler())
    root.setLevel(level)


def detach() -> None:
    """Undo ``attach``."""
    _remove_handlers()
    logging.getLogger().setLevel(logging.WARNING)  # the level that the standard library starts with
    structlog.reset_defaults()


def _destinations(settings: LoggingSettings, clock: Clock) -> tuple[Destination, ...]:
    file = DatedFile(settings.directory, settings.identity.service, clock)
    try:
        file.probe()
    except OSError as error:
        raise AtalaiaError(
            f"cannot write log files in {settings.directory}: {error}",
            "name a writable directory with directory=... or ATALAIA_LOG_DIRECTORY",
        ) from error
    return (FileDestination(file), Console()) if settings.console else (FileDestination(file),)


def _remove_handlers() -> None:
    root = logging.getLogger()
    for handler in [handler for handler in root.handlers if isinstance(handler, StandardHandler)]:
        root.removeHandler(handler)
        handler.close()

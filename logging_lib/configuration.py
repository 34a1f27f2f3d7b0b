"""``configure``: the one call an application makes before it logs."""

from __future__ import annotations

import atexit
import logging
import os
from typing import Unpack

from logging_lib.application import get_logger
from logging_lib.attachment import Attachment, attach, detach
from logging_lib.clock import Clock, system_clock
from logging_lib.console import Console
from logging_lib.errors import AtalaiaError
from logging_lib.output import Destination, FileDestination, Output, close_at_exit, replace
from logging_lib.rate_limit import RepeatLimit
from logging_lib.redaction import Redactor
from logging_lib.sampling import Sampler
from logging_lib.settings import Given, LoggingSettings, resolve
from logging_lib.sink.dated_file import DatedFile, FileOptions, complain_on_stderr
from logging_lib.sink.mounts import network_warning
from logging_lib.stream import JsonStream


def configure(*, clock: Clock = system_clock, **given: Unpack[Given]) -> LoggingSettings:
    """Start logging, or log differently from now on: a second call replaces the first and closes its files.

    Each argument has an environment variable that holds when the argument is not given, and only the service's name has
    no default; docs/logging.md has the table of them.

    Args:
        clock: Where the time comes from; tests pass their own.
        **given: ``service``, ``environment`` and the others of ``logging_lib.log_options.OPTIONS``.

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
        sampler=Sampler(settings.sample) if settings.sample.one_in > 1 else None,
        repeats=RepeatLimit(settings.repeats) if settings.repeats else None,
        redactor=Redactor(settings.redaction),
    )
    replace(output).close()
    attach(
        Attachment(
            level=output.level,
            levels=settings.levels,
            prints=settings.console or settings.stream != "none",
            hooks=True,
        )
    )
    atexit.unregister(close_at_exit)
    atexit.register(close_at_exit)
    if not settings.redaction.enabled:
        get_logger("logging_lib.redaction").warning("redaction is off: secrets are written as they are")
    return settings


def shutdown() -> None:
    """Stop logging to the files: close them, and put back what ``configure`` has changed in the process."""
    replace(None).close()
    detach()


def _destinations(settings: LoggingSettings, clock: Clock) -> tuple[Destination, ...]:
    directory = settings.directory.absolute()  # the application may change its working directory
    file = DatedFile(directory, settings.identity, clock, FileOptions(retention_days=settings.retention_days))
    try:
        file.probe()
    except OSError as error:
        raise AtalaiaError(
            f"cannot write log files in {directory}: {error}",
            "name a writable directory with directory=... or ATALAIA_LOG_DIRECTORY",
        ) from error
    warning = network_warning(directory)
    if warning:
        complain_on_stderr(warning)
    console = (Console(),) if settings.console else ()
    stream = () if settings.stream == "none" else (JsonStream(settings.stream),)
    return (FileDestination(file), *console, *stream)

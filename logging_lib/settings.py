"""What ``configure`` was told, by argument or by environment variable, checked.

A new setting is one ``Option`` with its name in ``OPTIONS`` (``log_options.py``), a key in ``Given``, an attribute of
``LoggingSettings`` and a line in ``resolve``; a test compares the table in docs/logging.md with ``OPTIONS``.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypedDict, cast

from logging_lib.errors import AtalaiaError
from logging_lib.log_options import (
    CONSOLE,
    DIRECTORY,
    ENVIRONMENT,
    LEVEL,
    LEVELS_BY_LOGGER,
    OPTIONS,
    REDACT,
    REDACT_EMAILS,
    REDACT_KEYS,
    REPEAT_LIMIT,
    RETENTION_DAYS,
    SAMPLE,
    SAMPLE_SLOW,
    SERVICE,
    STREAM,
    VERSION,
    StreamChoice,
)
from logging_lib.rate_limit import RepeatOptions
from logging_lib.record import Identity
from logging_lib.redaction import RedactionOptions
from logging_lib.sampling import SampleOptions

DEFAULT_LEVELS: Final = {"watchdog": "WARNING", "watchfiles": "WARNING"}
"""Reloaders that see the log's own file change; each line they write about it would be the next change."""

_PREFIX: Final = "ATALAIA_LOG_"
_OF_OTHERS: Final = ("ATALAIA_LOG_DIR",)  # tells the pipeline where the files are, maybe in the same shell


@dataclass(frozen=True, slots=True)
class LoggingSettings:
    """The one logging configuration of a process.

    Attributes:
        identity: Service, environment, version and host, in every line.
        directory: Where the NDJSON files go.
        level: The lowest level of application events that is written. Request records are always written.
        levels: The levels of single loggers.
        console: Whether events are also shown on standard error, for a person to read.
        stream: Where the JSON lines go besides the file: ``none``, ``stdout`` or ``stderr``.
        retention_days: Files of days further back than this are deleted; 0 keeps them for ever.
        sample: Which request records are written.
        repeats: How often one line of the application may come; ``None`` for as often as it likes.
        redaction: Which secrets are kept out of every line.
    """

    identity: Identity
    directory: Path
    level: str
    levels: Mapping[str, str]
    console: bool
    stream: StreamChoice
    retention_days: int
    sample: SampleOptions
    repeats: RepeatOptions | None
    redaction: RedactionOptions


class Given(TypedDict, total=False):
    """The arguments of ``configure``; one that is absent or ``None`` was not given."""

    service: str | None
    environment: str | None
    version: str | None
    directory: str | os.PathLike[str] | None
    level: str | None
    levels: Mapping[str, str] | None
    console: bool | None
    stream: str | None
    retention_days: int | None
    sample: int | None
    sample_slow: float | None
    repeat_limit: str | None
    redact: bool | None
    redact_emails: bool | None
    redact_keys: Collection[str] | None


def resolve(given: Given, environ: Mapping[str, str]) -> LoggingSettings:
    """Return the settings: an argument first, then its ``ATALAIA_*`` variable, then the default.

    Raises:
        AtalaiaError: The service is missing, a value is not allowed, or a variable ``ATALAIA_LOG_…`` means nothing.
    """
    _refuse_unknown(environ)
    arguments = cast("Mapping[str, object]", given)
    service = SERVICE.value(arguments, environ)
    if not service:
        raise AtalaiaError("logging needs the service's name", "pass service=... or set ATALAIA_SERVICE")
    environment = ENVIRONMENT.value(arguments, environ)
    stream = STREAM.value(arguments, environ)
    return LoggingSettings(
        identity=Identity(service, environment, VERSION.value(arguments, environ), socket.gethostname()),
        directory=DIRECTORY.value(arguments, environ),
        level=LEVEL.value(arguments, environ),
        levels={**DEFAULT_LEVELS, **LEVELS_BY_LOGGER.value(arguments, environ)},
        console=_console(CONSOLE.value(arguments, environ), stream, environment),
        stream=stream,
        retention_days=RETENTION_DAYS.value(arguments, environ),
        sample=SampleOptions(SAMPLE.value(arguments, environ), SAMPLE_SLOW.value(arguments, environ)),
        repeats=REPEAT_LIMIT.value(arguments, environ),
        redaction=RedactionOptions(
            enabled=REDACT.value(arguments, environ),
            emails=REDACT_EMAILS.value(arguments, environ),
            keys=REDACT_KEYS.value(arguments, environ),
        ),
    )


def _console(chosen: bool | None, stream: str, environment: str) -> bool:  # noqa: FBT001 - an option's value
    """Return whether there is a console; it and the JSON lines cannot share standard error."""
    if chosen and stream == "stderr":
        raise AtalaiaError(
            "the console and the JSON lines would both go to standard error",
            "set stream (ATALAIA_LOG_STREAM) to stdout, or console (ATALAIA_LOG_CONSOLE) to off",
        )
    return chosen if chosen is not None else environment == "development" and stream == "none"


def _refuse_unknown(environ: Mapping[str, str]) -> None:
    """Refuse a misspelt variable, which would otherwise do nothing and not say so."""
    known = [option.variable for option in OPTIONS]
    variables = {name for name in environ if name.startswith(_PREFIX)}
    for variable in sorted(variables.difference(known, _OF_OTHERS)):
        import difflib  # noqa: PLC0415 - only to explain a mistake: not at every start

        close = difflib.get_close_matches(variable, known, n=1)
        remedy = f"use {close[0]}" if close else f"use one of {', '.join(known)}"
        raise AtalaiaError(f"{variable} is no setting of the log", remedy)

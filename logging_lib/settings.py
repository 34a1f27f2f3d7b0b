"""What ``configure`` was told, by argument or by environment variable, checked.

A new setting is one ``Option``, its name in ``OPTIONS``, a key in ``Given``, an attribute of ``LoggingSettings`` and a
line in ``resolve``; a test compares the table in docs/logging.md with ``OPTIONS``.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeAlias, TypedDict, cast, get_args

from logging_lib.errors import AtalaiaError
from logging_lib.options import Option, level, levels, text, whole, words, yes_no
from logging_lib.rate_limit import DEFAULT_REPEAT_LIMIT, RepeatOptions, repeat_limit
from logging_lib.record import Identity
from logging_lib.redaction import RedactionOptions
from logging_lib.sampling import DEFAULT_SLOW, SampleOptions, slow_seconds
from logging_lib.sink.retention import DEFAULT_RETENTION_DAYS

StreamChoice: TypeAlias = Literal["none", "stdout", "stderr"]
DEFAULT_LEVELS: Final = {"watchdog": "WARNING", "watchfiles": "WARNING"}
"""Reloaders that see the log's own file change; each line they write about it would be the next change."""

_PREFIX: Final = "ATALAIA_LOG_"
_OF_OTHERS: Final = ("ATALAIA_LOG_DIR",)  # tells the pipeline where the files are, maybe in the same shell


def _stream(value: object) -> StreamChoice:
    for name in get_args(StreamChoice):
        if value == name:
            return cast("StreamChoice", name)
    raise ValueError(f"use one of {', '.join(get_args(StreamChoice))}")


def _path(value: object) -> Path:
    if not isinstance(value, str | os.PathLike):
        raise ValueError("use a path")  # noqa: TRY004 - one kind of refusal for every wrong value
    return Path(value)


SERVICE: Final = Option(
    "service",
    "ATALAIA_SERVICE",
    text(r"[a-z0-9][a-z0-9._-]*", "use lower-case letters, digits, '.', '_' and '-'"),
    "",
    "none: one of the two must be there",
    "The application's name; the file's name begins with it.",
)
ENVIRONMENT: Final = Option(
    "environment",
    "ATALAIA_ENVIRONMENT",
    # It ends a data stream's name (logs-web.request-<environment>), where a hyphen would begin another part.
    text(r"[a-z0-9][a-z0-9._]*", "use lower-case letters, digits, '.' and '_'"),
    "production",
    "`production`",
    "`production`, `staging`, `development` or a name of yours.",
)
VERSION: Final = Option(
    "version", "ATALAIA_VERSION", text(), None, "left out of the records", "The application's version."
)
DIRECTORY: Final = Option(
    "directory",
    "ATALAIA_LOG_DIRECTORY",
    _path,
    Path("logs"),
    "`logs`; made when missing",
    "Where the files go, one of JSON lines for each UTC day.",
)
LEVEL: Final = Option(
    "level",
    "ATALAIA_LOG_LEVEL",
    level,
    "INFO",
    "`INFO`",
    "The lowest level that is written. Request records are written at every level.",
)
LEVELS_BY_LOGGER: Final[Option[dict[str, str]]] = Option(
    "levels",
    "ATALAIA_LOG_LEVELS",
    levels,
    {},
    "`watchdog` and `watchfiles` at `WARNING`",
    "Levels of single loggers and those below them, as in `sqlalchemy.engine=INFO,werkzeug=ERROR`.",
)
CONSOLE: Final = Option(
    "console",
    "ATALAIA_LOG_CONSOLE",
    yes_no,
    None,
    "on where the environment is `development` and there is no `stream`",
    "Whether lines are also shown on standard error for a person, in colours on a terminal.",
)
STREAM: Final[Option[StreamChoice]] = Option(
    "stream",
    "ATALAIA_LOG_STREAM",
    _stream,
    "none",
    "`none`",
    "Where the JSON lines go besides the file: `none`, `stdout` or `stderr`. For containers.",
)
REDACT: Final = Option(
    "redact",
    "ATALAIA_LOG_REDACT",
    yes_no,
    True,
    "on",
    "Whether secrets are replaced in every line; who turns it off is told so in the log.",
)
REDACT_EMAILS: Final = Option(
    "redact_emails",
    "ATALAIA_LOG_REDACT_EMAILS",
    yes_no,
    False,
    "off",
    "Whether e-mail addresses are replaced, too.",
)
REDACT_KEYS: Final[Option[frozenset[str]]] = Option(
    "redact_keys",
    "ATALAIA_LOG_REDACT_KEYS",
    words,
    frozenset(),
    "none",
    "Further names whose values are secrets, as in `matricula,nome_da_mae`.",
)

RETENTION_DAYS: Final = Option(
    "retention_days",
    "ATALAIA_LOG_RETENTION_DAYS",
    whole(0, "days (0: for ever)"),
    DEFAULT_RETENTION_DAYS,
    f"{DEFAULT_RETENTION_DAYS}",
    "For how many days back files are kept; 0 keeps them for ever.",
)
SAMPLE: Final = Option(
    "sample",
    "ATALAIA_LOG_SAMPLE",
    whole(1, "requests"),
    1,
    "1: every request",
    "Of how many requests that are alike one record is written, with its weight.",
)
SAMPLE_SLOW: Final = Option(
    "sample_slow",
    "ATALAIA_LOG_SAMPLE_SLOW",
    slow_seconds,
    DEFAULT_SLOW,
    f"{DEFAULT_SLOW}",
    "Seconds from which on a request is written even when others are sampled.",
)
REPEAT_LIMIT: Final = Option(
    "repeat_limit",
    "ATALAIA_LOG_REPEAT_LIMIT",
    repeat_limit,
    repeat_limit(DEFAULT_REPEAT_LIMIT),
    f"`{DEFAULT_REPEAT_LIMIT}`",
    "How many lines of one message are written in how many seconds, in each process; `off` for all.",
)

OPTIONS: Final = (
    SERVICE,
    ENVIRONMENT,
    VERSION,
    DIRECTORY,
    LEVEL,
    LEVELS_BY_LOGGER,
    CONSOLE,
    STREAM,
    RETENTION_DAYS,
    SAMPLE,
    SAMPLE_SLOW,
    REPEAT_LIMIT,
    REDACT,
    REDACT_EMAILS,
    REDACT_KEYS,
)
"""All settings, in the order of the documentation's table."""


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

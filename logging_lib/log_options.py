"""Every option of ``configure``: its variable, how its value is read, and what holds when nobody says anything."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final, Literal, TypeAlias, cast, get_args

from logging_lib.options import Option, level, levels, text, whole, words, yes_no
from logging_lib.rate_limit import DEFAULT_REPEAT_LIMIT, repeat_limit
from logging_lib.sampling import DEFAULT_SLOW, slow_seconds
from logging_lib.sink.retention import DEFAULT_RETENTION_DAYS

StreamChoice: TypeAlias = Literal["none", "stdout", "stderr"]


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

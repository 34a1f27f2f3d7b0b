"""What ``configure`` was told, by argument or by environment variable, checked."""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypedDict

from logging_lib.errors import AtalaiaError
from logging_lib.record import Identity

LEVELS: Final = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
_SERVICE: Final = re.compile(r"[a-z0-9][a-z0-9._-]*", re.ASCII)
# An environment ends a data stream's name (logs-web.request-<environment>), where a hyphen would begin another part.
_ENVIRONMENT: Final = re.compile(r"[a-z0-9][a-z0-9._]*", re.ASCII)
_YES_NO: Final = {
    "1": True,
    "true": True,
    "yes": True,
    "on": True,
    "0": False,
    "false": False,
    "no": False,
    "off": False,
}


@dataclass(frozen=True, slots=True)
class LoggingSettings:
    """The one logging configuration of a process.

    Attributes:
        identity: Service, environment, version and host, in every line.
        directory: Where the NDJSON files go.
        level: The lowest level of application events that is written. Request records are always written.
        console: Whether events are also shown on standard error, for a person to read.
    """

    identity: Identity
    directory: Path
    level: str
    console: bool


class Given(TypedDict, total=False):
    """The arguments of ``configure``; one that is absent or ``None`` was not given."""

    service: str | None
    environment: str | None
    version: str | None
    directory: str | os.PathLike[str] | None
    level: str | None
    console: bool | None


def resolve(given: Given, environ: Mapping[str, str]) -> LoggingSettings:
    """Return the settings: an argument first, then its ``ATALAIA_*`` variable, then the default.

    Raises:
        AtalaiaError: The service is missing, or a value is not allowed.
    """
    service = given.get("service") or environ.get("ATALAIA_SERVICE")
    if not service:
        raise AtalaiaError("logging needs the service's name", "pass service=... or set ATALAIA_SERVICE")
    environment = given.get("environment") or environ.get("ATALAIA_ENVIRONMENT") or "production"
    identity = Identity(
        service=_checked("service", service, _SERVICE, "use lower-case letters, digits, '.', '_' and '-'"),
        environment=_checked("environment", environment, _ENVIRONMENT, "use lower-case letters, digits, '.' and '_'"),
        version=given.get("version") or environ.get("ATALAIA_VERSION") or None,
        host=socket.gethostname(),
    )
    return LoggingSettings(
        identity=identity,
        directory=Path(given.get("directory") or environ.get("ATALAIA_LOG_DIRECTORY") or "logs"),
        level=_level(given.get("level") or environ.get("ATALAIA_LOG_LEVEL") or "INFO"),
        console=_console(given.get("console"), environ.get("ATALAIA_LOG_CONSOLE"), environment),
    )


def _checked(what: str, value: str, allowed: re.Pattern[str], remedy: str) -> str:
    if not allowed.fullmatch(value):
        raise AtalaiaError(f"{value!r} cannot be the {what} of a log", remedy)
    return value


def _level(name: str) -> str:
    if name.upper() not in LEVELS:
        raise AtalaiaError(f"{name!r} is no log level", f"use one of {', '.join(LEVELS)}")
    return name.upper()


def _console(chosen: bool | None, variable: str | None, environment: str) -> bool:  # noqa: FBT001 - an option's value
    if chosen is not None:
        return chosen
    if not variable:
        return environment == "development"
    if variable.lower() not in _YES_NO:
        raise AtalaiaError(f"ATALAIA_LOG_CONSOLE is {variable!r}", f"use one of {', '.join(_YES_NO)}")
    return _YES_NO[variable.lower()]

"""uvicorn's own messages in the log, also those of the process that starts the workers.

In code: ``uvicorn.run("app:app", log_config=logging_lib.uvicorn.log_config(), workers=4)``. On the command line:

    python -m logging_lib.uvicorn > uvicorn-log.json
    ATALAIA_SERVICE=ti-osn uvicorn --log-config uvicorn-log.json app:app

The process that starts workers, or reloads, never loads the application, so the service's name comes from the
environment, or from a ``configure`` before ``uvicorn.run``. Without this, ``uvicorn app:app`` with an application that
calls ``configure`` has everything in the log that its worker says from then on.
"""

from __future__ import annotations

import json
import logging
import sys
from typing import Final, TypeAlias

from logging_lib.configuration import configure
from logging_lib.output import is_configured

LogConfig: TypeAlias = dict[str, "str | int | bool | dict[str, object]"]
"""What ``logging.config.dictConfig`` takes."""

_LOGGERS: Final = ("uvicorn", "uvicorn.access", "uvicorn.asgi", "uvicorn.error")


class Handler(logging.NullHandler):
    """Has logging configured where that is not done yet; the lines go by the root logger.

    Raises:
        AtalaiaError: The environment does not say what to log as.
    """

    def __init__(self) -> None:
        super().__init__()
        if not is_configured():
            configure()


def log_config() -> LogConfig:
    """Return a configuration for uvicorn's ``log_config``; plain values, so that it can go to worker processes."""
    # uvicorn sets a switch in the formatters of these two names when it is told ``use_colors``; nothing uses them here.
    formatter: dict[str, object] = {"()": "uvicorn.logging.DefaultFormatter", "fmt": "%(message)s"}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"default": dict(formatter), "access": dict(formatter)},
        "handlers": {"atalaia": {"class": "logging_lib.uvicorn.Handler"}},
        "loggers": {
            name: {"level": "INFO", "propagate": True, "handlers": ["atalaia"] if name == "uvicorn" else []}
            for name in _LOGGERS
        },
    }


if __name__ == "__main__":
    json.dump(log_config(), sys.stdout, indent=2)
    sys.stdout.write("\n")

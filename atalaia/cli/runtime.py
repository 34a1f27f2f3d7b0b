"""What every command is given: the clock, and the streams it may use."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from logging_lib.clock import Clock, system_clock

PROGRAM: Final = "atalaia"
DEFAULT_STORE: Final = "./atalaia-data"


class ExitStatus(IntEnum):
    """What the shell is told."""

    OK = 0
    BREACH = 1
    """An objective or threshold was missed."""
    ERROR = 2
    """A mistake in the command line or in the data; also: there is nothing to judge."""
    INTERRUPTED = 130
    """Ended by Ctrl-C: 128 + SIGINT."""
    CLOSED_PIPE = 141
    """Whoever read the output went away: 128 + SIGPIPE."""


@dataclass(frozen=True, slots=True)
class Runtime:
    """The edges of a command.

    Attributes:
        clock: What ``now`` is.
    """

    clock: Clock = system_clock


def note(text: str) -> None:
    """Say something beside the data: one line on stderr."""
    sys.stderr.write(f"{PROGRAM}: {text}\n")
    sys.stderr.flush()


def debugging() -> bool:
    """Whether tracebacks were asked for with ``ATALAIA_DEBUG=1``."""
    return os.environ.get("ATALAIA_DEBUG", "") not in {"", "0"}

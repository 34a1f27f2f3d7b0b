"""What a request of the applications under load does: it logs a hundred lines of many lengths, then answers."""

from __future__ import annotations

from typing import Final

import logging_lib

LINES_EACH: Final = 100
"""Lines that a request logs beside its own record."""

_log = logging_lib.get_logger("load")


def configure() -> None:
    """Log to ``ATALAIA_LOG_DIRECTORY``, and hold back nothing."""
    logging_lib.configure(service="load", environment="test", repeat_limit="off")


def talk(number: int) -> str:
    """Log lines of up to some 1,500 bytes, so that they cross the pages of the file at every offset."""
    for line in range(LINES_EACH):
        _log.info("working", request=number, line=line, padding="x" * (number * 37 + line * 131 & 1023))
    return f"answer {number} " + "y" * (number % 5000)

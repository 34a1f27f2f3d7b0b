"""What the running parts say in the log, told to the person at the terminal."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from atalaia.cli.render.safe import one_line
from atalaia.cli.runtime import note

_OURS: Final = ("analyzers", "atalaia")


class NoteHandler(logging.Handler):
    """Says each record on a line of stderr, without a traceback."""

    def emit(self, record: logging.LogRecord) -> None:
        """Say a record."""
        text = record.getMessage()
        if record.exc_info is not None and record.exc_info[1] is not None:
            text = f"{text}: {record.exc_info[1]!r}"
        note(one_line(text))


@contextmanager
def noted_logs() -> Iterator[None]:
    """Say what our own parts log, from the level INFO on: what is listened on, what is refused."""
    handler = NoteHandler()
    before = [(logger, logger.level) for logger in map(logging.getLogger, _OURS)]
    for logger, _ in before:
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        for logger, level in before:
            logger.removeHandler(handler)
            logger.setLevel(level)

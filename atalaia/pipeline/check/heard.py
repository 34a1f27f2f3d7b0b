"""Hear what plugins warn about while they are loaded, instead of letting it run over the report."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_PLUGINS: Final = "atalaia.pipeline"


class _Keeping(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(record.getMessage())


@contextmanager
def heard() -> Iterator[list[str]]:
    """Yield the list that grows by what plugins warn about in the block; nobody else hears it."""
    logger, handler = logging.getLogger(_PLUGINS), _Keeping()
    propagate = logger.propagate
    logger.addHandler(handler)
    logger.propagate = False
    try:
        yield handler.texts
    finally:
        logger.removeHandler(handler)
        logger.propagate = propagate

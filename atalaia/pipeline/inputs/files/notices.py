"""Warnings that are given once, until what they are about is over."""

from __future__ import annotations

import logging
from typing import Final

_LOGGER: Final = logging.getLogger(__name__)
_MOST: Final = 10_000
"""Files of which it is remembered what was said."""


class Notices:
    """What has been said of which file."""

    def __init__(self) -> None:
        self._said: dict[str, str] = {}

    def warn(self, path: str, problem: str) -> None:
        """Say what is the matter with a file, unless that was the last thing said of it."""
        if self._said.get(path) != problem:
            while len(self._said) >= _MOST:
                del self._said[next(iter(self._said))]
            self._said[path] = problem
            _LOGGER.warning("%s %s", path, problem)

    def over(self, path: str) -> None:
        """Forget what was said of a file: it is well again."""
        self._said.pop(path, None)

    def note(self, message: str, *values: object) -> None:
        """Say what is good to know."""
        _LOGGER.info(message, *values)

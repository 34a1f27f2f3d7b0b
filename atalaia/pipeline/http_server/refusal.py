"""A request that is not taken, and the answer that says so."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from atalaia.pipeline.errors import PipelineError

_LATER: Final = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)


class RefusedError(PipelineError):
    """A request is refused.

    Args:
        status: The status of the answer.
        reason: Its text.
    """

    def __init__(self, status: HTTPStatus, reason: str) -> None:
        super().__init__(reason)
        self.status = status

    @property
    def headers(self) -> list[tuple[str, str]]:
        """The headers of the answer: when to come again, or how to say who one is."""
        if self.status is HTTPStatus.UNAUTHORIZED:
            return [("WWW-Authenticate", 'Basic realm="Logstash HTTP Input"')]
        return [("Retry-After", "1")] if self.status in _LATER else []

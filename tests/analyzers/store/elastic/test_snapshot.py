"""A point in time, and what becomes of it at the end."""

from __future__ import annotations

from contextlib import closing

import pytest

from analyzers.store.elastic.connection import Connection, Credentials
from analyzers.store.elastic.search import snapshot
from analyzers.store.interface import StoreError
from tests.analyzers.store.elastic.scripted import answering
from tests.analyzers.store.elastic.standin import Answer

_STREAM = "logs-web.request-test"
_OPENED: Answer = (200, {"id": "an-id", "_shards": {"total": 1}})
_EXPIRED: Answer = (404, {"succeeded": False, "num_freed": 0})
"""The documented answer of ``DELETE _pit`` for a point in time that is no more."""


def test_one_that_has_expired_is_closed_without_an_error() -> None:
    """Whoever read all it wanted, or stops after a long while, is not told of a failure at the end."""
    with (
        answering({f"POST /{_STREAM}/_pit": _OPENED, "DELETE /_pit": _EXPIRED}) as url,
        closing(Connection(url, Credentials())) as connection,
        snapshot(connection, _STREAM) as opened,
    ):
        assert opened.shards == 1


def test_the_reason_why_a_search_fails_is_the_one_that_is_told() -> None:
    """Not that the point in time, which is gone, cannot be closed either."""
    gone: Answer = (404, {"error": {"type": "search_context_missing_exception", "reason": "No search context found"}})
    answers = {f"POST /{_STREAM}/_pit": _OPENED, "POST /_search": gone, "DELETE /_pit": _EXPIRED}
    with (
        answering(answers) as url,
        closing(Connection(url, Credentials())) as connection,
        pytest.raises(StoreError, match="No search context found"),
        snapshot(connection, _STREAM) as opened,
    ):
        opened.search({})

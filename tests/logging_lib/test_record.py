"""The request's record: its keys, their order, and that no value can break its line."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import cast
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logging_lib.error_info import ErrorInfo
from logging_lib.keys import DOCUMENTED_KEYS, OPTIONAL_KEYS
from logging_lib.record import Identity, RequestRecord, UserId
from logging_lib.values import encode_line

IDENTITY = Identity("ti-osn", "production", "1.2.3", "web1")
WHEN = datetime(2024, 1, 15, 10, 30, 0, 234999, tzinfo=UTC)
TEXT = st.text(st.characters(codec=None), max_size=20)  # any character, lone surrogates among them

FULL = RequestRecord(
    timestamp=WHEN,
    event_id="018d0c9a-0000-7000-8000-000000000001",
    endpoint="/api/chamados/<int:id>",
    user_id=123,
    response_time=0.2340004,
    status_code=500,
    user_agent="Mozilla/5.0",
    ip_address="192.168.1.100",
    outcome="stream_failed",
    request_id="r1",
    trace_id="0af7651916cd43dd8448eb211c80319c",
    span_id="b7ad6b7169203331",
    method="GET",
    path="/api/chamados/7",
    query="a=1",
    request_bytes=0,
    response_bytes=5120,
    db_time=0.0123456,
    template_time=0.5,
    template="list.html",
    db_queries=4,
    sample_weight=10,
    error=ErrorInfo("ValueError", "não", "Traceback"),
)


def test_a_full_record_has_every_key_in_the_documented_order() -> None:
    """All keys but an application's ``event``, as the documentation lists them; times to the microsecond."""
    line = json.loads(encode_line(FULL.record(IDENTITY)))
    assert tuple(line) == tuple(key for key in (*DOCUMENTED_KEYS, *OPTIONAL_KEYS) if key != "event")
    assert (line["timestamp"], line["response_time"], line["db_time"]) == ("2024-01-15T10:30:00.234Z", 0.234, 0.012346)
    assert (line["error_message"], line["level"], line["request_bytes"]) == ("não", "ERROR", 0)


def test_a_bare_record_has_the_documented_keys_all_the_same() -> None:
    """Who asked and from where may be unknown: null, never left out."""
    bare = RequestRecord(
        timestamp=WHEN, event_id="e", endpoint="/", user_id=None, response_time=1, status_code=200, user_agent=None,
        ip_address=None,
    )  # fmt: skip
    assert tuple(bare.record(Identity("ti-osn", "test"))) == (
        *DOCUMENTED_KEYS, "event_id", "environment", "logger", "outcome",
    )  # fmt: skip


@given(TEXT, TEXT, TEXT, st.one_of(st.none(), st.integers(), TEXT))
def test_no_text_breaks_the_line(path: str, agent: str, message: str, user: UserId) -> None:
    """What UTF-8 can carry comes back as it was; a lone surrogate becomes its escape."""
    record = RequestRecord(
        timestamp=WHEN, event_id="e", endpoint=path, user_id=user, response_time=0.1, status_code=200, user_agent=agent,
        ip_address=None, path=path, error=ErrorInfo("E", message, message),
    )  # fmt: skip
    encoded = encode_line(record.record(IDENTITY))
    assert encoded.count(b"\n") == 1
    line = json.loads(encoded)
    for key, given_text in {"path": path, "user_agent": agent, "error_message": message}.items():
        assert line[key] == given_text.encode("utf-8", "backslashreplace").decode()
    if isinstance(user, int) and -(2**63) <= user < 2**63:
        assert line["user_id"] == user


@pytest.mark.parametrize(
    ("answered", "shown"),
    [
        (UUID(int=7), "00000000-0000-0000-0000-000000000007"),
        (2**70, "1180591620717411303424"),
        (True, "True"),
        (1.5, "1.5"),
        ({"id": 1}, "{'id': 1}"),
        ([1, None], "[1, None]"),
        (float("nan"), None),
    ],
)
def test_a_user_of_another_kind_is_carried_too(answered: object, shown: object) -> None:
    """A callback may answer anything, whatever its annotation says; the record keeps its contract."""
    record = RequestRecord(
        timestamp=WHEN, event_id="e", endpoint="/", user_id=cast("UserId", answered), response_time=0.1,
        status_code=200, user_agent=None, ip_address=None,
    )  # fmt: skip
    assert json.loads(encode_line(record.record(IDENTITY)))["user_id"] == shown

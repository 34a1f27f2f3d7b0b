"""W3C Trace Context: which headers are valid, and what goes on to the next service."""

from __future__ import annotations

import asyncio

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.trace import get_current_span
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

import logging_lib
from logging_lib.flask import AtalaiaFlask
from logging_lib.request.trace_context import format_traceparent, parse_traceparent
from tests.logging_lib.support import Lines, awaited

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = "00f067aa0ba902b7"
VALID = f"00-{TRACE}-{PARENT}-01"

HEX = st.text("0123456789abcdef", min_size=2, max_size=2)
NEARLY = st.builds(
    "{}-{}-{}-{}{}".format,
    st.one_of(HEX, st.sampled_from(["00", "ff", "cc", "0", "0A"])),
    st.one_of(st.text("0123456789abcdef", min_size=31, max_size=33), st.sampled_from(["0" * 32, TRACE])),
    st.one_of(st.text("0123456789abcdefA", min_size=15, max_size=17), st.sampled_from(["0" * 16, PARENT])),
    st.one_of(HEX, st.sampled_from(["00", "01", "ff", "1"])),
    st.sampled_from(["", "-", "-what-comes-later", ".x", "x", ",", f",{VALID}"]),
)


@pytest.mark.parametrize(
    ("header", "valid"),
    [
        (VALID, True),
        (f"00-{TRACE}-{PARENT}-00", True),
        (f"cc-{TRACE}-{PARENT}-01", True),
        (f"cc-{TRACE}-{PARENT}-01-what-the-future-will-be-like", True),
        (f"cc-{TRACE}-{PARENT}-01.what-the-future-will-be-like", False),
        (f"00-{TRACE}-{PARENT}-01-what-the-future-will-be-like", False),
        (f"00-{TRACE}-{PARENT}-01-", False),
        (f"ff-{TRACE}-{PARENT}-01", False),
        (f"00-{'0' * 32}-{PARENT}-01", False),
        (f"00-{TRACE}-{'0' * 16}-01", False),
        (f"00-{TRACE.upper()}-{PARENT}-01", False),
        (f"00-{TRACE}-{PARENT.upper()}-01", False),
        (f"0-{TRACE}-{PARENT}-01", False),
        (f"00-{TRACE[1:]}-{PARENT}-01", False),
        (f"00-{TRACE}-{PARENT}-1", False),
        (f"00-{TRACE}-{PARENT}", False),
        (f"{VALID},{VALID}", False),
        (f"{VALID}\n", False),
        ("", False),
    ],
)
def test_the_recommendations_cases(header: str, valid: bool) -> None:  # noqa: FBT001 - a column of the table
    """The cases of the W3C's own test suite, as far as they are about one header's value."""
    found = parse_traceparent(header)
    assert (found is not None) is valid
    assert found is None or (found.trace_id, found.parent_id) == (TRACE, PARENT)


@given(NEARLY)
def test_opentelemetry_judges_the_same(header: str) -> None:
    """OpenTelemetry's parser accepts and refuses the same headers, and reads the same ids out of them."""
    span = get_current_span(TraceContextTextMapPropagator().extract({"traceparent": header})).get_span_context()
    found = parse_traceparent(header)
    assert span.is_valid is (found is not None)
    if found is not None:
        told = (f"{span.trace_id:032x}", f"{span.span_id:016x}", span.trace_flags.sampled)
        assert (found.trace_id, found.parent_id, found.sampled) == told


@given(trace=st.integers(1, 2**128 - 1), span=st.integers(1, 2**64 - 1), sampled=st.booleans())
def test_what_is_written_is_read(trace: int, span: int, *, sampled: bool) -> None:
    """A header that we write says what went into it."""
    header = format_traceparent(f"{trace:032x}", f"{span:016x}", sampled=sampled)
    assert parse_traceparent(header) == (f"{trace:032x}", f"{span:016x}", sampled)


@pytest.mark.parametrize(
    ("sent", "state", "flags", "goes_on"),
    [
        (VALID, "vendor=1", "01", "vendor=1"),
        (f"00-{TRACE}-{PARENT}-00", None, "00", None),
        (f"00-{TRACE}-{PARENT}-fe", None, "00", None),
        (f"cc-{TRACE}-{PARENT}-03-later", "a=1,b=2", "01", "a=1,b=2"),
        (None, "vendor=1", "01", None),
        (f"ff-{TRACE}-{PARENT}-01", "vendor=1", "01", None),
    ],
)
def test_ids_go_on_to_the_next_service(
    lines: Lines, sent: str | None, state: str | None, flags: str, goes_on: str | None
) -> None:
    """The trace goes on with this request as the parent; without a valid header a new trace begins, state forgotten."""
    app = Flask(__name__)

    @app.get("/")
    def index() -> dict[str, str]:
        logging_lib.get_logger("app").info("said")
        return logging_lib.outgoing_headers()

    AtalaiaFlask(app)
    given_headers = {"traceparent": sent, "tracestate": state, "X-Request-ID": "req-1"}
    headers = {name: value for name, value in given_headers.items() if value}
    answer = app.test_client().get("/", headers=headers, buffered=True)
    (record,) = awaited(lines, 1)
    continued = sent is not None and not sent.startswith("ff")
    assert (record["trace_id"] == TRACE) is continued
    assert record["span_id"] != PARENT
    expected = {"X-Request-ID": "req-1", "traceparent": f"00-{record['trace_id']}-{record['span_id']}-{flags}"}
    assert answer.json == expected | ({"tracestate": goes_on} if goes_on else {})
    (said,) = [line for line in lines() if line.get("event") == "said"]
    ids = ("request_id", "trace_id", "span_id")
    assert [said[key] for key in ids] == [record[key] for key in ids]


def test_outside_of_a_request_there_is_nothing_to_hand_on() -> None:
    """No request, no headers; neither in a thread nor in a task."""

    async def inside() -> dict[str, str]:
        await asyncio.sleep(0)
        return logging_lib.outgoing_headers()

    assert logging_lib.outgoing_headers() == {}
    assert asyncio.run(inside()) == {}
    assert logging_lib.current_trace() is None

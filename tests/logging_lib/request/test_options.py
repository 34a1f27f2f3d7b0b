"""How requests are observed: options from code and from the environment, clocks, headers, queries."""

from __future__ import annotations

import threading
from contextvars import copy_context
from datetime import UTC, datetime

import pytest
from flask import Flask

from logging_lib import AtalaiaError, RequestOptions, current_trace
from logging_lib.flask import AtalaiaFlask
from tests.logging_lib.support import Lines, awaited


def test_the_environment_speaks_where_the_code_is_silent(lines: Lines, monkeypatch: pytest.MonkeyPatch) -> None:
    """ATALAIA_TRUSTED_PROXIES and ATALAIA_REQUEST_ID_HEADER hold without options; options given in code win."""
    monkeypatch.setenv("ATALAIA_TRUSTED_PROXIES", "2")
    monkeypatch.setenv("ATALAIA_REQUEST_ID_HEADER", "X-Correlation-ID")
    headers = {"X-Forwarded-For": "203.0.113.9, 10.0.0.1", "X-Correlation-ID": "c-1", "X-Request-ID": "r-1"}
    silent, speaking = Flask("silent"), Flask("speaking")
    AtalaiaFlask(silent)
    AtalaiaFlask(speaking, options=RequestOptions(trusted_proxies=1))
    answers = [app.test_client().get("/", headers=headers, buffered=True) for app in (silent, speaking)]
    records = awaited(lines, 2)
    assert [record["ip_address"] for record in records] == ["203.0.113.9", "10.0.0.1"]
    assert [record["request_id"] for record in records] == ["c-1", "r-1"]
    assert (answers[0].headers["X-Correlation-ID"], answers[1].headers["X-Request-ID"]) == ("c-1", "r-1")


@pytest.mark.parametrize("value", ["-1", "one", "1.5", "\u0661"])
def test_a_number_of_proxies_is_a_number(lines: Lines, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    """Anything else is refused when the application starts, with the variable's name and what to do."""
    assert lines() == []
    monkeypatch.setenv("ATALAIA_TRUSTED_PROXIES", value)
    with pytest.raises(
        AtalaiaError, match=r"ATALAIA_TRUSTED_PROXIES cannot be .*; use a whole number of proxies in front, at least 0"
    ):
        AtalaiaFlask(Flask("app"))


def test_impossible_options_are_refused() -> None:
    """A negative number of proxies and a header's name with a space in it."""
    with pytest.raises(AtalaiaError, match=r"trusted_proxies= cannot be -1; use a whole number"):
        RequestOptions(trusted_proxies=-1)
    with pytest.raises(AtalaiaError, match="letters, digits and hyphens"):
        RequestOptions(request_id_header="X Request")


@pytest.mark.parametrize(
    ("proxies", "header", "expected"),
    [
        (0, "203.0.113.9", "127.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "6.6.6.6, 203.0.113.9", "203.0.113.9"),
        (2, "6.6.6.6, 203.0.113.9, 10.0.0.1", "203.0.113.9"),
        (2, "203.0.113.9", "127.0.0.1"),
        (1, "not an address", "127.0.0.1"),
        (1, "203.0.113.9:4711", "203.0.113.9"),
        (1, "[2001:db8::1]:4711", "2001:db8::1"),
        (1, None, "127.0.0.1"),
    ],
)
def test_forwarded_addresses_are_believed_for_exactly_the_proxies(
    lines: Lines,
    proxies: int,
    header: str | None,
    expected: str,
) -> None:
    """The N-th entry from the right is the client; what a client claims further left never counts."""
    app = Flask(__name__)
    AtalaiaFlask(app, options=RequestOptions(trusted_proxies=proxies))
    app.test_client().get("/", buffered=True, headers={"X-Forwarded-For": header} if header else {})
    assert awaited(lines, 1)[0]["ip_address"] == expected


def test_clocks_are_injected(lines: Lines) -> None:
    """The timestamp is the clock's at the start, the response time the difference of the monotonic one."""
    ticks = iter([100.0, 100.234])
    options = RequestOptions(clock=lambda: datetime(2024, 1, 15, 10, 30, tzinfo=UTC), monotonic=lambda: next(ticks))
    app = Flask(__name__)
    AtalaiaFlask(app, options=options)
    app.test_client().get("/", buffered=True)
    (record,) = awaited(lines, 1)
    assert (record["timestamp"], record["response_time"]) == ("2024-01-15T10:30:00.000Z", 0.234)


def test_a_hostile_header_and_trace_context(lines: Lines) -> None:
    """A request id that is no id is replaced; a W3C trace id is taken over; raw bytes in headers survive."""
    app = Flask(__name__)
    AtalaiaFlask(app)
    headers = {
        "X-Request-ID": "a b\u00e9",
        "traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "User-Agent": "ol\xc3\xa1 \xff\x01",
    }
    app.test_client().get("/", buffered=True, headers=headers)
    (record,) = awaited(lines, 1)
    assert len(str(record["request_id"])) == 32
    assert record["trace_id"] == "4bf92f3577b34da6a3ce929d0e0e4736"
    assert "\x01" in str(record["user_agent"])


def test_queries_of_a_request_are_counted(lines: Lines) -> None:
    """What the request's threads add is summed up in its record; without a query the keys are absent."""
    app = Flask(__name__)

    @app.get("/queries")
    def queries() -> str:
        def ask() -> None:
            trace = current_trace()
            assert trace is not None
            trace.add_query(0.25)

        threads = [threading.Thread(target=copy_context().run, args=(ask,)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return "ok"

    AtalaiaFlask(app)
    assert [app.test_client().get(path, buffered=True).status_code for path in ("/queries", "/none")] == [200, 404]
    assert current_trace() is None
    with_queries, without = awaited(lines, 2)
    assert (with_queries["db_time"], with_queries["db_queries"]) == (2.0, 8)
    assert not {"db_time", "db_queries"} & set(without)

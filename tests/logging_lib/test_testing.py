"""What an application's tests are given: captured records, assertions that explain, and the contract as a check."""

from __future__ import annotations

import logging
import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

import logging_lib
from logging_lib.flask import AtalaiaFlask
from logging_lib.keys import DOCUMENTED_KEYS, OPTIONAL_KEYS, RESERVED_KEYS
from logging_lib.output import current
from logging_lib.record import EventRecord
from logging_lib.testing import Captured, capture_records, check_record
from logging_lib.values import Record

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def records() -> Captured:
    """Return the records of a request that logs, and of a library."""
    with capture_records() as captured:
        app = Flask("app")
        AtalaiaFlask(app)

        @app.get("/pay/<int:number>")
        def pay(number: int) -> str:
            logging_lib.get_logger("shop").info("paid", number=number, amount=Decimal("1.50"), password="hunter2")  # noqa: S106 - planted
            return "ok"

        app.test_client().get("/pay/7").get_data()
        logging.getLogger("library").warning("slow")
    return captured


def test_records_are_found_by_their_fields(records: Captured) -> None:
    """Requests and events are told apart; fields are wanted as they were logged, or by a pattern."""
    assert [record["endpoint"] for record in records.requests] == ["/pay/<int:number>"]
    assert [record["event"] for record in records.events] == ["paid", "slow"]
    assert records.one(event="paid")["number"] == 7
    records.assert_logged(level="INFO", event="paid", amount=Decimal("1.50"))
    records.assert_logged(event=re.compile("^sl"))
    records.assert_not_logged(level="ERROR")
    assert records.matching(level="INFO") == [records[0], records[1]]


def test_a_failure_shows_what_was_logged_instead(records: Captured) -> None:
    """The message names what was wanted, and the record that comes closest first, with what is different in it."""
    with pytest.raises(AssertionError) as caught:
        records.assert_logged(event="paid", level="INFO", number=8)
    first, second, third, *_ = str(caught.value).splitlines()
    assert first == "no record has event='paid', level='INFO', number=8; of 3 logged, the closest:"
    assert "event='paid'" in second
    assert "number=7" in second
    assert third == "    (not as wanted: number)"


def test_a_wrong_number_of_records_is_told(records: Captured) -> None:
    """``one`` takes neither none nor two; an unwanted record is shown."""
    with pytest.raises(AssertionError, match="2 records have level='INFO'"):
        records.one(level="INFO")
    with pytest.raises(AssertionError, match="no records have level='ERROR'"):
        records.one(level="ERROR")
    with pytest.raises(AssertionError, match=r"1 records have event='slow':\n  .*logger='library'"):
        records.assert_not_logged(event="slow")
    with pytest.raises(AssertionError, match="nothing was logged"):
        Captured().assert_logged(event="x")


def test_real_records_keep_the_contract(records: Captured) -> None:
    """A request's line and an application's are as documented."""
    assert [check_record(record) for record in records] == [[], [], []]


KNOWN = {*DOCUMENTED_KEYS, *OPTIONAL_KEYS} - RESERVED_KEYS
REQUEST: Record = {
    "timestamp": "2024-01-15T10:30:00.000Z",
    "level": "INFO",
    "service": "ti-osn",
    "endpoint": "/api/chamados",
    "user_id": 123,
    "response_time": 0.234,
    "status_code": 200,
    "user_agent": None,
    "ip_address": "192.168.1.100",
    "event_id": "018d0c5a-6f40-7abc-8def-0123456789ab",
}


def test_the_documented_example_keeps_the_contract() -> None:
    """The record of the documentation, with its id, has no complaint."""
    assert check_record(REQUEST) == []


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"timestamp": "2024-01-15 10:30:00"}, "timestamp is '2024-01-15 10:30:00', not an instant in UTC"),
        ({"timestamp": "2024-13-15T10:30:00.000Z"}, "timestamp is"),
        ({"level": "info"}, "level is 'info', not one of DEBUG"),
        ({"user_id": 1.5}, "user_id is 1.5, not a number, text or null"),
        ({"user_id": True}, "user_id is True"),
        ({"response_time": "0.2"}, "response_time is '0.2', not seconds"),
        ({"response_time": -1}, "response_time is -1"),
        ({"status_code": 99}, "status_code is 99, not a status"),
        ({"event_id": "018d0c5a-6f40-4abc-8def-0123456789ab"}, "event_id is"),
        ({"trace_id": "abc"}, "trace_id is 'abc', not 32 hexadecimal digits"),
        ({"outcome": "done"}, "outcome is 'done', not one of completed"),
        ({"sample_weight": 1}, "sample_weight is 1, not a whole number of at least 2"),
        ({"zebra": 1, "ape": 2}, "zebra stands where ape belongs"),
        ({"own": 1, "request_id": "r"}, "own stands where request_id belongs"),
    ],
)
def test_each_break_of_the_contract_is_named(changed: Record, complaint: str) -> None:
    """A key with a wrong value, or in a wrong place, is one complaint."""
    (said,) = check_record({**REQUEST, **changed})
    assert complaint in said


@pytest.mark.parametrize("key", [*REQUEST])
def test_each_missing_key_is_named(key: str) -> None:
    """A documented key that is not there is the one complaint."""
    assert check_record({name: value for name, value in REQUEST.items() if name != key}) == [f"{key} is missing"]


@given(
    st.dictionaries(
        st.text().filter(lambda key: key not in KNOWN),
        st.none() | st.booleans() | st.integers() | st.text() | st.floats(),
        max_size=8,
    )
)
def test_whatever_an_application_logs_keeps_the_order(fields: dict[str, object]) -> None:
    """Own fields of any name and value, reserved names too, give a line whose keys are right and in their places."""
    now = datetime(2024, 1, 15, tzinfo=UTC)
    event_id = "018d0c5a-6f40-7abc-8def-0123456789ab"
    event = EventRecord(timestamp=now, event_id=event_id, level="INFO", event="x", logger=None, fields=fields)
    assert check_record(event.record(current().identity)) == []


TESTS = """
import logging_lib

def test_uses(captured_records):
    logging_lib.get_logger().info("hello", a=1)
    captured_records.assert_logged(event="hello", a=1)
"""

LOADED = """
import sys, logging_lib.pytest_plugin
print(sorted(name for name in sys.modules if name.startswith(("logging_lib", "structlog", "orjson"))))
"""


def test_the_fixture_works_and_costs_nothing_unused(tmp_path: Path) -> None:
    """A test that names it has its records; as long as none does, only pytest itself is imported."""
    (tmp_path / "test_app.py").write_text(TESTS, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    ran = subprocess.run([*command, str(tmp_path)], env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout
    ran = subprocess.run([sys.executable, "-c", LOADED], env=environment, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "['logging_lib', 'logging_lib.lazy', 'logging_lib.pytest_plugin']"

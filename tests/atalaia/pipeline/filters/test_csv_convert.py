"""Conversions of csv; expected values are worked out by hand from Ruby's documentation, or written by ``datetime``."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atalaia.pipeline.timestamp import Timestamp
from tests.atalaia.pipeline.corpus import Json
from tests.atalaia.pipeline.filters.running import run_filter


def columns(text: str, options: str) -> dict[str, Json]:
    """Return what csv adds to an event whose ``message`` is the text."""
    after = run_filter(f"csv {{ {options} }}", {"message": text})
    return {name: value for name, value in after.items() if name != "message"}


CONVERSIONS: list[tuple[str, str, Json]] = [
    ("integer", "12", 12),
    ("integer", " -1_000\t", -1000),
    ("integer", "0x1A", 26),
    ("integer", "-0b11", -3),
    ("integer", "0o17", 15),
    ("integer", "017", 15),
    ("integer", "0_7", 7),
    ("integer", "0", 0),
    ("integer", "0d10", 10),
    ("integer", "123456789012345678901234567890", 123456789012345678901234567890),
    ("integer", "08", "08"),
    ("integer", "1.0", "1.0"),
    ("integer", "1__0", "1__0"),
    ("integer", "_1", "_1"),
    ("integer", "0x", "0x"),
    ("integer", "- 1", "- 1"),
    ("integer", "\uff11", "\uff11"),
    ("float", "1.5", 1.5),
    ("float", "1_0.2_5", 10.25),
    ("float", ".5", 0.5),
    ("float", "-1e3", -1000.0),
    ("float", " 2 ", 2.0),
    ("float", "0x10", 16.0),
    ("float", "1e400", "Infinity"),
    ("float", "1.", "1."),
    ("float", "1,5", "1,5"),
    ("float", "NaN", "NaN"),
    ("boolean", "TRUE", True),
    ("boolean", " False ", False),
    ("boolean", " Maybe ", "maybe"),
    ("boolean", "1", "1"),
    ("date", "2026-03-14", "2026-03-14T00:00:00.000Z"),
    ("date", "Mar 14 2026", "2026-03-14T00:00:00.000Z"),
    ("date", "Saturday, march 4, 26", "2026-03-04T00:00:00.000Z"),
    ("date", "Sept 1 69", "1969-09-01T00:00:00.000Z"),
    ("date", "2026-02-29", "2026-02-29"),
    ("date", "2026-03-14 09:26", "2026-03-14 09:26"),
    ("date", "14/03/2026", "14/03/2026"),
    ("date", "14 Mar 2026", "14 Mar 2026"),
    ("date", " 2026-03-14", " 2026-03-14"),
    ("date", "someday 14 2026", "someday 14 2026"),
    ("date_time", "2026-03-14", "2026-03-14T00:00:00.000Z"),
    ("date_time", "2026-03-14T09:26", "2026-03-14T09:26:00.000Z"),
    ("date_time", "2026-03-14 09:26:53.5+01:00", "2026-03-14T08:26:53.500Z"),
    ("date_time", "2026-03-14T09:26:53.1234567891Z", "2026-03-14T09:26:53.123456789Z"),
    ("date_time", "2026-03-14T24:00:00", "2026-03-15T00:00:00.000Z"),
    ("date_time", "2026-03-14T09:26:60", "2026-03-14T09:26:59.000Z"),
    ("date_time", "Sat Mar 14 9:6:3 2026", "2026-03-14T09:06:03.000Z"),
    ("date_time", "2026-03-14T24:00:01", "2026-03-14T24:00:01"),
    ("date_time", "2026-03-14T09:60", "2026-03-14T09:60"),
    ("date_time", "2026-03-14T09:26Z", "2026-03-14T09:26Z"),
    ("date_time", "2026-03-14T09:26:53+24:00", "2026-03-14T09:26:53+24:00"),
    ("date_time", "9999-12-31T23:59:59-01:00", "9999-12-31T23:59:59-01:00"),
    ("date_time", "0000-01-01", "0000-01-01"),
]


@pytest.mark.parametrize(("kind", "text", "value"), CONVERSIONS)
def test_conversions(kind: str, text: str, value: Json) -> None:
    """A value becomes what Ruby makes of it, or stays."""
    assert columns(text, f'convert => {{ "column1" => "{kind}" }} separator => ";"') == {"column1": value}


@given(st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 30)), st.integers(-23 * 60 - 59, 23 * 60 + 59))  # noqa: DTZ001 - local times, by design
def test_instants_are_read_back(local: datetime, offset: int) -> None:
    """A time with an offset, as Python writes it, is the same instant."""
    instant = local.replace(tzinfo=timezone(timedelta(minutes=offset)))
    text = instant.isoformat(timespec="microseconds")
    after = columns(text, 'convert => { "column1" => "date_time" }')
    assert after == {"column1": str(Timestamp.from_datetime(instant.astimezone(UTC)))}


def test_nothing_is_converted_but_for_booleans() -> None:
    """An empty column stays null; as a boolean it is a failure, after what was set before it."""
    kinds = ", ".join(f'"column{number}", "{kind}"' for number, kind in enumerate(["integer", "float", "date"], 1))
    assert columns(",,", f"convert => [{kinds}]") == {"column1": None, "column2": None, "column3": None}
    assert columns("1,,2", 'convert => { "column2" => "boolean" }') == {"column1": "1", "tags": ["_csvparsefailure"]}
    assert columns(",x", 'convert => { "column1" => "boolean" } skip_empty_columns => true') == {"column2": "x"}
    assert columns('"",""', 'convert => { "column1" => "integer" "column2" => "boolean" }') == {
        "column1": "",
        "column2": "",
    }


def test_a_converted_date_may_be_the_events_time() -> None:
    """The column's name as it is written in columns selects the conversion."""
    options = 'columns => ["[@timestamp]", "[n][c]"] convert => { "[@timestamp]" => "date_time" "[n][c]" => "integer" }'
    assert columns("2026-01-02 03:04:05,7", options) == {"@timestamp": "2026-01-02T03:04:05.000Z", "n": {"c": 7}}

"""Options and values of date that the corpus does not show."""

from __future__ import annotations

import pytest

from atalaia.pipeline.errors import ConfigurationError
from tests.atalaia.pipeline.filters.running import run_filter

VALUES = [  # format, value, the instant; None is a failure; worked out with GNU date -u
    ("ISO8601", "2026-03-14t09:26:53z", "2026-03-14T09:26:53.000Z"),
    ("ISO8601", "2026-3-4T9:06Z", "2026-03-04T09:06:00.000Z"),
    ("ISO8601", "2026-03-14T09.5Z", "2026-03-14T09:30:00.000Z"),
    ("ISO8601", "2026-03-14T09:26.25Z", "2026-03-14T09:26:15.000Z"),
    ("ISO8601", "2026-W01-1T00:00Z", "2025-12-29T00:00:00.000Z"),
    ("ISO8601", "2026-366", None),
    ("ISO8601", "2026-03-14T09:26:53+24:00", None),
    ("ISO8601", "99999-01-01T00:00:00Z", None),
    ("ISO8601", 20260314, None),
    ("UNIX", "-1.5", "1969-12-31T23:59:59.500Z"),
    ("UNIX", "1773480413.", None),
    ("UNIX", 2147483647, "2038-01-19T03:14:07.000Z"),
    ("UNIX", 2147483648, None),
    ("UNIX_MS", "253402300799999", "9999-12-31T23:59:59.999Z"),
    ("UNIX_MS", "253402300800000", None),
    ("TAI64N", "@4000000050d50648", None),
    ("TAI64N", 5, None),
]


@pytest.mark.parametrize(("name", "value", "expected"), VALUES)
def test_values(name: str, value: str | int, expected: str | None) -> None:
    """A value becomes its instant, or the event is tagged and keeps its time."""
    after = run_filter(f'date {{ match => ["t", "{name}"] target => "out" }}', {"t": value})
    assert after == {"t": value, **({"tags": ["_dateparsefailure"]} if expected is None else {"out": expected})}


def test_the_zone_may_come_from_the_event() -> None:
    """An unknown zone in a field is a failure of that event alone."""
    section = 'date { match => ["t", "yyyy-MM-dd HH:mm", "ISO8601"] timezone => "%{z}" target => "o" }'
    assert run_filter(section, {"t": "2026-07-01 12:00", "z": "Asia/Kolkata"})["o"] == "2026-07-01T06:30:00.000Z"
    assert run_filter(section, {"t": "2026-07-01T12:00", "z": "-03:00"})["o"] == "2026-07-01T15:00:00.000Z"
    assert run_filter(section, {"t": "2026-07-01 12:00", "z": "Mars/Base"})["tags"] == ["_dateparsefailure"]


REFUSED = [
    ('match => ["t"]', "at least one format"),
    ('match => ["t", "yyyy-bb"]', "cannot be parsed"),
    ('match => ["t", "ISO8601"] timezone => "Mars/Base"', "no time zone"),
    ('match => ["t", "ISO8601"] locale => "pt-BR"', "not supported"),
    ('match => ["[t", "ISO8601"]', "not a field reference"),
]


@pytest.mark.parametrize(("options", "reason"), REFUSED)
def test_what_cannot_be_honoured_is_refused_at_load(options: str, reason: str) -> None:
    """The refusal names the plugin and says why."""
    with pytest.raises(ConfigurationError, match=rf"date[\s\S]*{reason}"):
        run_filter(f"date {{ {options} }}", {})

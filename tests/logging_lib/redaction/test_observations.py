"""What the library measures itself stays whole: no metric, and no name in a statement, is taken for a secret."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import cast

import pytest
from structlog.contextvars import bound_contextvars

import logging_lib
from logging_lib.metrics.emitting import emit
from logging_lib.metrics.fields import MetricField
from logging_lib.metrics.nesting import nested
from logging_lib.metrics.registry import fields_of, kinds
from logging_lib.metrics.sample import MetricValue, Sample
from logging_lib.sql.slow import SlowLog, SlowStatement
from logging_lib.testing import Captured

CARD = 4539578763621486
"""As an integer: a card's number, and a counter's value after some years."""
VALUES: dict[str, MetricValue] = {
    "long": CARD,
    "double": 0.25,
    "keyword": "some words",
    "boolean": True,
    "date": "2024-01-15T10:30:00.000Z",
    "ip": "192.0.2.1",
}
FIELDS = [(kind.dataset, field) for kind in kinds() for field in fields_of(kind.name)]


def test_there_are_fields_to_look_at() -> None:
    """So that the next test is one."""
    assert {dataset for dataset, _ in FIELDS} == {"host.system", "postgresql.server", "redis.server"}


@pytest.mark.parametrize(("dataset", "field"), FIELDS, ids=[field.name for _, field in FIELDS])
def test_every_documented_metric_stays(captured_records: Captured, dataset: str, field: MetricField) -> None:
    """Whatever its name is, and however large its number."""
    values = cast("dict[str, dict[str, MetricValue]]", nested({field.name: VALUES[field.kind]}))
    emit([Sample(dataset, field.metricset, values)], datetime(2024, 1, 15, tzinfo=UTC))
    (record,) = captured_records
    assert {key: record[key] for key in values} == values


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE u SET token = lower('Zq1') WHERE id = 7", "UPDATE u SET token = lower(?) WHERE id = ?"),
        ("SELECT 1 FROM a JOIN b ON a.token = b.token", "SELECT ? FROM a JOIN b ON a.token = b.token"),
        ("SELECT token::text FROM u WHERE session_id = ANY('Zq2')", None),
        ("SELECT x FROM u WHERE cpf = '529.982.247-25'", "SELECT x FROM u WHERE cpf = ?"),
    ],
)
def test_a_statements_names_stay_and_its_values_do_not(
    captured_records: Captured, statement: str, told: str | None
) -> None:
    """Columns of secret names are what a slow statement is recognised by; what is bound to the request is redacted."""
    with bound_contextvars(cpf="Zq3"):
        SlowLog(6, lambda: 0.0).write(
            SlowStatement(sql=statement, system="postgresql", database="shop", seconds=1.0, count=1, rows=1, error=None)
        )
    (record,) = captured_records
    assert "Zq" not in str(record)
    assert "529" not in str(record)
    assert record["cpf"] == "[redacted]"
    sql = record["sql"]
    assert isinstance(sql, dict)
    assert "[redacted" not in str(sql["text"])
    assert told is None or sql["text"] == told


def test_an_applications_own_objects_of_that_name_are_searched(captured_records: Captured) -> None:
    """Only the library's own loggers are believed."""
    logging_lib.get_logger("shop").info("x", sql={"text": "SET password = 'Zq4'", "token": "Zq5", "rows": CARD})
    (record,) = captured_records
    assert record["sql"] == {"text": "SET password = '[redacted]'", "token": "[redacted]", "rows": "[redacted:card]"}

"""From samples to records: on the one road that every log line takes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from logging_lib.error_info import ErrorInfo
from logging_lib.identifiers import event_id
from logging_lib.metrics.sample import Sample
from logging_lib.output import current
from logging_lib.record import EventRecord

LOGGER: Final = "logging_lib.metrics"


def metric_record(sample: Sample, now: datetime) -> EventRecord:
    """Return the record of one sample: the dataset is its ``event``."""
    return EventRecord(
        timestamp=now,
        event_id=event_id(now),
        level="INFO",
        event=sample.dataset,
        logger=LOGGER,
        fields={"metricset": sample.metricset, **sample.values},
    )


def emit(samples: Sequence[Sample], now: datetime) -> int:
    """Write the samples of one instant, each as a record, at every log level, and return how many they are."""
    output = current()
    for sample in samples:
        output.emit(metric_record(sample, now))
    return len(samples)


def report(now: datetime, level: str, event: str, error: ErrorInfo | None = None, **fields: object) -> None:
    """Write a line about a sampler itself."""
    record = EventRecord(
        timestamp=now,
        event_id=event_id(now),
        level=level,
        event=event,
        logger=LOGGER,
        fields=fields,
        error=error,
    )
    current().emit(record)

"""The made-up events are what the pipeline would hand to a store, and always the same."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from uuid import UUID

from analyzers.store.document import Document, JsonValue
from analyzers.store.schema import load_schema
from analyzers.store.validation import refusal
from benchmarks.store.events import BLOCK, HOUR, START, WHOLE, Block, Event, History
from benchmarks.store.templates import LOG_FILE, STREAM
from tests.logstash.pipelines import NOW, run_pipeline

EVENTS = 4_000
HISTORY = History(EVENTS)
READ_AT = NOW.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def test_the_pipeline_makes_the_same_documents_of_the_lines() -> None:
    """``request.conf`` turns each line into the document made beside it, but for where and when it was read."""
    for block in HISTORY.blocks_from():
        lines = block.lines().decode().splitlines()
        kept = run_pipeline("request.conf", lines, {"ATALAIA_DEAD_LETTER": "/dead"})
        assert not kept.letters
        assert [read_elsewhere(document) for document in block.documents()] == kept.documents


def read_elsewhere(document: Document) -> Document:
    """Return a document as if it had been read when and where ``run_pipeline`` says."""
    body: dict[str, JsonValue] = json.loads(document.source)
    event, log = body["event"], body["log"]
    assert isinstance(event, dict)
    assert isinstance(log, dict)
    assert log["file"] == {"path": LOG_FILE}
    event["ingested"] = READ_AT
    log["file"] = {"path": "/var/log/test"}
    return Document(document.stream, document.id, body)


def test_stores_take_every_document() -> None:
    """No document is one that a store refuses, ids are UUIDv7 of the event's instant, and none comes twice."""
    schema, seen = load_schema(STREAM), set[str]()
    for document in (document for block in HISTORY.blocks_from() for document in block.documents()):
        assert refusal(document, schema) is None
        identity = UUID(document.id)
        assert (identity.version, identity.variant) == (7, "specified in RFC 4122")
        instant = datetime.fromisoformat(str(document.body["@timestamp"]))
        assert identity.int >> 80 == round(instant.timestamp() * 1_000)
        seen.add(document.id)
    assert len(seen) == EVENTS


def test_blocks_are_the_same_every_time() -> None:
    """A block made alone, by another object, is the block made in its turn."""
    in_turn = list(HISTORY.blocks_from())
    assert [len(block.events) for block in in_turn] == [BLOCK] * 4
    assert History(EVENTS).block(2).lines() == in_turn[2].lines()
    assert [block.lines() for block in HISTORY.blocks_from(3)] == [in_turn[3].lines()]


def test_the_last_block_holds_what_is_left() -> None:
    """Events that fill no whole block are there, too."""
    history = History(BLOCK + 7)
    assert [len(block.events) for block in history.blocks_from()] == [BLOCK, 7]


def test_the_typed_columns_are_those_of_the_record() -> None:
    """What goes into the Parquet file by hand is what the line says."""
    block = HISTORY.block(1)
    for event, line in zip(block.events, block.lines().splitlines(), strict=True):
        record = json.loads(line)
        assert datetime.fromisoformat(record["timestamp"]).timestamp() * 1_000 == event.millis
        assert record["response_time"] == event.micros / 1_000_000
        assert (record["endpoint"], record["method"], record["status_code"]) == (
            event.route,
            event.method,
            event.status,
        )
        assert (record["user_id"], record["ip_address"]) == (event.user, event.address)


def test_traffic_is_that_of_a_month() -> None:
    """All instants lie in the thirty days, noon is busier than midnight, and some requests fail or are slow."""
    events = [event for block in HISTORY.blocks_from() for event in block.events]
    first, last = (bound.timestamp() * 1_000 for bound in (WHOLE.start, WHOLE.end))
    assert all(first <= event.millis < last for event in events)
    assert hours(events, 11, 13) > 2 * hours(events, 23, 25)
    assert 10 < sum(event.status >= 500 for event in events) < 100
    assert 10 < sum(event.micros >= 2_000_000 for event in events) < 100
    assert timedelta(hours=1) == HOUR.length


def hours(events: list[Event], first: int, last: int) -> int:
    """Count the events between two hours of their day, counted past midnight."""
    starts = (int(event.millis - START.timestamp() * 1_000) // 3_600_000 % 24 for event in events)
    return sum(hour in range(first, last) or hour + 24 in range(first, last) for hour in starts)


def test_the_hour_lies_in_the_short_history() -> None:
    """The last hundredth of 100,000 events has all of the hour that is asked of both histories."""
    history = History(100_000)
    blocks: list[Block] = list(history.blocks_from(99))
    within = [event for event in blocks[0].events if at(HOUR.start) <= event.millis < at(HOUR.end)]
    earlier = [event for event in history.block(98).events if event.millis >= at(HOUR.start)]
    assert len(within) > 50
    assert not earlier


def at(instant: datetime) -> int:
    """Return an instant in milliseconds since 1970."""
    return int(instant.timestamp()) * 1_000

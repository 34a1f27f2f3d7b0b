"""The pipeline ``request.conf`` and the function a person wrote for the same job agree: two sources, one answer."""

from __future__ import annotations

import json
from typing import TypeAlias

import orjson
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.store.document import Document
from benchmarks.request_by_hand import Converter, Json, Letter, Stored
from tests.logstash.pipelines import LOGSTASH, NOW, run_pipeline

Record: TypeAlias = dict[str, Json]

PATH = "/var/log/test"
"""Where ``run_pipeline`` says that lines stand."""

numbers = st.integers(-(2**63), 2**63 - 1)
"""What the function a person wrote reads exactly; the pipeline reads larger ones, too."""
words = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=12)
addresses = st.one_of(
    st.ip_addresses().map(str),
    st.sampled_from(["010.1.1.1", "1.2.3", "1.2.3.4.", "fe80::1%eth0", "::ffff:1.2.3.4", ""]),
)
agents = st.sampled_from(
    [
        "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Mobile/15E148 Safari/604.1",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/118.0.0.0 Safari/537.36",
        "curl/8.5.0",
        "kube-probe/1.29",
        "",
        None,
    ]
)
seconds = st.one_of(
    st.none(),
    st.decimals(0, 9_999_999, places=6).map(float),
    st.floats(0, 10_000_001, allow_nan=False).filter(lambda number: number == 0 or number > 1e-9),
    st.integers(-1, 10_000_000),
    st.sampled_from(["fast", [0.5], False, True]),
)
timestamps = st.one_of(
    st.datetimes().map(lambda instant: f"{instant.isoformat(timespec='milliseconds')}Z"),
    st.sampled_from(["2024-01-15T10:30:00+02:00", "2024-01-15T10:30:00.123456789Z"]),
    st.sampled_from(["2023-02-30T00:00:00Z", "yesterday", 5]),
)
statuses = st.one_of(st.integers(99, 600), st.sampled_from(["200", [200], 200.0, None]))
records = st.fixed_dictionaries(
    {"timestamp": timestamps, "status_code": statuses},
    optional={
        "level": words,
        "service": st.one_of(words, numbers, st.booleans(), st.none()),
        "endpoint": st.one_of(words, st.none()),
        "user_id": st.one_of(words, numbers, st.booleans(), st.none()),
        "response_time": seconds,
        "user_agent": agents,
        "ip_address": addresses,
        "event_id": st.one_of(st.uuids().map(str), st.sampled_from(["", "a b", 7, None])),
        "event": words,
        "request_id": words,
        "method": st.sampled_from(["GET", "POST"]),
        "path": words,
        "query": words,
        "request_bytes": st.integers(0, 9),
        "response_bytes": st.integers(0, 9),
        "environment": st.one_of(words, st.sampled_from(["production", "Pré-Prod 2", None])),
        "host": words,
        "db_time": st.floats(0, 1),
        "outcome": words,
        "error_type": words,
        "sample_weight": st.one_of(
            st.integers(-1, 1_000_001), st.sampled_from([1, 2, "2", [2], 2.0, 0.5, "", True, False, None, [], {}])
        ),
        "color": st.lists(numbers, max_size=2),
    },
)


@settings(max_examples=1_500, deadline=None)
@given(records)
def test_generated_records(record: Record) -> None:
    """Whatever a record holds, both make the same document or the same dead letter of it."""
    check(json.dumps(record, ensure_ascii=False))


@settings(max_examples=200, deadline=None)
@given(st.one_of(words, st.just("[1]"), st.just('  {"timestamp": 1'), st.just("")))
def test_lines_that_are_no_record(line: str) -> None:
    """What is no record at all is the same dead letter."""
    check(line)


def test_the_documented_cases() -> None:
    """Every case of the pipeline's own file comes out the same."""
    content = yaml.safe_load((LOGSTASH / "cases" / "request.yaml").read_text(encoding="utf-8"))
    lines = [
        case["input"].get("line", json.dumps(case["input"].get("event"), ensure_ascii=False))
        for case in content["cases"]
        if "input" in case and not isinstance(case["input"].get("event", {}).get("environment"), list)
    ]
    assert len(lines) > 30
    for line in lines:
        check(line)


def check(line: str) -> None:
    """Compare the two; an id that is made anew each time is left out."""
    by_hand = Converter(PATH, "localhost")(line, NOW)
    kept = run_pipeline("request.conf", [line], {"ATALAIA_DEAD_LETTER": "/dead"})
    if isinstance(by_hand, Letter):
        (letter,) = [letter for _, letter in kept.letters]
        assert letter.pop("tags", []) == []  # a tag that was taken away again leaves an empty list
        assert letter == by_hand.body
        assert not kept.documents
    else:
        compare(by_hand, kept.documents)


def compare(by_hand: Stored, documents: list[Document]) -> None:
    """Compare a document."""
    (document,) = documents
    expected: Record = orjson.loads(by_hand.source)
    assert document.body == expected
    assert document.stream == by_hand.stream
    event = expected["event"]
    if isinstance(event, dict) and "id" in event:
        assert document.id == by_hand.id

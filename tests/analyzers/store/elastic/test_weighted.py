"""Weighted measures from Elasticsearch: the right rank, within the stated error, for any number of groups."""

from __future__ import annotations

import json
import random
from itertools import pairwise
from math import ceil, inf
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.store.document import Document, JsonValue
from analyzers.store.elastic.answers import Json, a_list, an_object
from analyzers.store.elastic.brackets import CELLS, brackets
from analyzers.store.elastic.connection import Connection
from analyzers.store.elastic.percentiles import RELATIVE_ERROR
from analyzers.store.elastic.search import total_of
from analyzers.store.elastic.store import ElasticStore
from analyzers.store.elastic.templates import ensure_templates
from analyzers.store.interface import StoreError
from analyzers.store.query import Count, CountIf, DistinctCount, Exists, Field, Percentile, Sum
from analyzers.store.result import Value
from analyzers.store.schema import load_schema
from tests.store_conformance.events import answer, ask, document

AT = "2024-01-15T10:30:00.000Z"
_SCHEMA = load_schema("logs-web.request-any")
_FIELDS: Final = ("response_time", "event.duration", "http.response.status_code", "db_queries")


@given(st.sampled_from(_FIELDS), st.floats(allow_nan=False, allow_infinity=False))
def test_every_value_lies_in_one_bracket(name: str, value: float) -> None:
    """The brackets leave no gap and do not overlap, and a cell of theirs is narrow enough for the stated error."""
    found = brackets(_SCHEMA.field(name))
    inside = [each for each in found if each.low <= value < each.high or (each.high == inf and value == inf)]
    assert len(inside) == 1
    assert all(first.high == second.low for first, second in pairwise(found))
    assert (found[0].low, found[-1].high) == (-inf, inf)
    assert all(each.high == 2 * each.low for each in found if each.fine)
    assert 1 / CELLS / 2 <= RELATIVE_ERROR


def _spread(
    stream: str, chance: random.Random, groups: int, each: int
) -> tuple[list[Document], dict[str, list[float]]]:
    """Return weighted events over 6 orders of magnitude, and by group the values repeated as their weights say."""
    events: list[Document] = []
    repeated: dict[str, list[float]] = {}
    for group in range(groups):
        for number in range(each):
            value, weight = 1e-3 * 10 ** chance.uniform(0, 6), chance.choice((1, 2, 5, 100))
            carried: dict[str, JsonValue] = {"sample_weight": weight, "_doc_count": weight} if weight > 1 else {}
            fields: dict[str, JsonValue] = {"http.route": f"/{group:05}", "response_time": value}
            events.append(document(stream, f"{group}-{number}", AT, fields | carried))
            repeated.setdefault(f"/{group:05}", []).extend([value] * weight)
    return events, {name: sorted(values) for name, values in repeated.items()}


def _check(row: dict[str, Value], values: list[float], percents: tuple[int, ...]) -> None:
    assert row["m0"] == len(values)
    for number, percent in enumerate(percents, start=1):
        exact = values[ceil(percent * len(values) / 100) - 1]
        assert row[f"m{number}"] == pytest.approx(exact, rel=RELATIVE_ERROR)


def test_many_values_of_few_groups(store: ElasticStore, stream: str) -> None:
    """Four groups of 3,000 values each, most cells with several: every percentile is within the bound."""
    chance = random.Random(20240116)  # noqa: S311 - repeatable values, no secret
    events, repeated = _spread(stream, chance, 4, 3_000)
    store.append(events)
    percents = (1, 25, 50, 90, 95, 99, 100)
    measures = (Percentile("response_time", each) for each in percents)
    rows = ask(store, stream, Count(), *measures, by=(Field("http.route"),))
    assert [row["http.route"] for row in rows] == sorted(repeated)
    for row in rows:
        _check(dict(row), repeated[str(row["http.route"])], percents)


def test_more_groups_than_fit_a_page(store: ElasticStore, stream: str) -> None:
    """2,500 groups of four: more than a page of brackets and, in the sums, than a page of weights; none is cut."""
    chance = random.Random(20240117)  # noqa: S311 - repeatable values, no secret
    events, repeated = _spread(stream, chance, 2_500, 4)
    store.append(events)
    asked = (Count(), Percentile("response_time", 50), Percentile("response_time", 95), Sum("response_time"))
    rows = ask(store, stream, *asked, DistinctCount("response_time"), by=(Field("http.route"),))
    assert len(rows) == 2_500
    for row in rows:
        values = repeated[str(row["http.route"])]
        _check(dict(row), values, (50, 95))
        assert row["m3"] == pytest.approx(sum(values), rel=1e-12)
        assert row["m4"] == 4


def test_what_the_server_weighs(store: ElasticStore, connection: Connection, stream: str) -> None:
    """Four events in two documents: buckets of every kind count four, totals and metrics two; docs/elasticsearch.md."""
    weight: dict[str, JsonValue] = {"sample_weight": 3, "_doc_count": 3}
    store.append([document(stream, "a", AT, {"db_queries": 1, **weight}), document(stream, "b", AT, {"db_queries": 1})])
    source: dict[str, Json] = {"queries": {"terms": {"field": "db_queries"}}}
    buckets: dict[str, Json] = {
        "terms": {"terms": {"field": "db_queries"}},
        "composite": {"composite": {"sources": [source]}},
        "filter": {"filter": {"match_all": {}}},
        "filters": {"filters": {"filters": [{"match_all": {}}]}},
        "range": {"range": {"field": "db_queries", "ranges": [{"from": 1}]}},
        "histogram": {"histogram": {"field": "db_queries", "interval": 1}},
        "date_histogram": {"date_histogram": {"field": "@timestamp", "fixed_interval": "1d"}},
    }
    metrics: dict[str, Json] = {kind: {kind: {"field": "db_queries"}} for kind in ("value_count", "sum")}
    body: dict[str, Json] = {"size": 0, "track_total_hits": True, "aggs": {**buckets, **metrics}}
    answered = connection.call("POST", f"/{stream}/_search", body)
    found = an_object(answered["aggregations"], "aggregations")
    assert {name: _count(found[name]) for name in buckets} == dict.fromkeys(buckets, 4)
    assert {name: an_object(found[name], name)["value"] for name in metrics} == dict.fromkeys(metrics, 2)
    assert total_of(answered) == 2


def _count(answered: Json) -> Json:
    """Return the ``doc_count`` of the only bucket of an aggregation."""
    only = an_object(answered, "aggregation")
    return (
        an_object(a_list(only["buckets"], "buckets")[0], "bucket")["doc_count"]
        if "buckets" in only
        else only["doc_count"]
    )


def test_an_index_that_is_older_than_the_weights(store: ElasticStore, connection: Connection, stream: str) -> None:
    """Its events count as one each; sums of events whose weight it does not map are refused, not wrong."""
    ensure_templates(connection)
    _make_older(connection, stream)
    plain = {"@timestamp": AT, "response_time": 2.0}
    _write(connection, stream, "a", plain)
    assert answer(store, stream, Sum("response_time")) == 2.0
    assert answer(store, stream, Count()) == 1
    _write(connection, stream, "b", {**plain, "sample_weight": 3, "_doc_count": 3})
    assert answer(store, stream, Count()) == 4
    assert answer(store, stream, Percentile("response_time", 50)) == 2.0
    with pytest.raises(StoreError, match="does not map the latter") as caught:
        answer(store, stream, Sum("response_time"))
    assert "rollover" in str(caught.value.remedy)


def test_an_index_that_is_older_than_a_field(store: ElasticStore, connection: Connection, stream: str) -> None:
    """Nothing in it rendered a template, as far as anybody can say: absent in every measure and group, no complaint."""
    ensure_templates(connection)
    _make_older(connection, stream)
    _write(connection, stream, "a", {"@timestamp": AT, "response_time": 2.0})
    assert answer(store, stream, Sum("template_time")) is None
    assert answer(store, stream, Percentile("template_time", 95)) is None
    assert answer(store, stream, CountIf(Exists("template_time"))) == 0
    (row,) = ask(store, stream, by=(Field("template"),))
    assert row == {"template": None, "m0": 1}


def _make_older(connection: Connection, stream: str) -> None:
    """Create a stream by a template of its own, without the field of the weights."""
    properties: dict[str, Json] = {"@timestamp": {"type": "date"}, "response_time": {"type": "double"}}
    template: dict[str, Json] = {
        "index_patterns": [stream],
        "data_stream": {},
        "priority": 9_000,
        "template": {"mappings": {"dynamic": False, "properties": properties}},
    }
    connection.call("PUT", f"/_index_template/{stream}", template)


def _write(connection: Connection, stream: str, identity: str, body: dict[str, object]) -> None:
    lines = ({"create": {"_index": stream, "_id": identity}}, body)
    answered = connection.bulk("".join(f"{json.dumps(line)}\n" for line in lines).encode())
    assert answered["errors"] is False
    connection.call("POST", f"/{stream}/_refresh")

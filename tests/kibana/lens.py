"""What a layer of a Lens panel asks Elasticsearch, and the rows that its answer means: a small reading of Lens' state.

Written from the documented meaning of Lens' columns. A metric stands in a filter of its own, so that a filtered count,
a shortened range and a plain average are asked alike; formulas are computed from their parts, as Kibana does. But a
count of everything is no aggregation to Kibana: it is the bucket's number of documents and, where there are no buckets,
the number of hits, which knows nothing of ``_doc_count``.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from atalaia.kibana.objects import Json, JsonObject
from tests.kibana.kql import translated
from tests.kibana.saved_objects import Layer, mapping, sequence, text, whole

Value: TypeAlias = "float | str | None"
Row: TypeAlias = dict[str, Value]

INTERVALS = (1, 5, 10, 30, 60, 300, 600, 1800, 3600, 3 * 3600, 12 * 3600, 86400)
"""Seconds."""
BARS = 100
BUCKETS = ("date_histogram", "terms", "filters")
OF_COLUMNS = ("formula", "math", "cumulative_sum", "overall_sum")
AGGREGATIONS = {"average": "avg", "sum": "sum", "min": "min", "max": "max", "unique_count": "cardinality"}
UNITS = {"m": "minutes", "h": "hours", "d": "days"}
FUNCTIONS: Mapping[str, Callable[[float, float], float]] = {
    "add": operator.add,
    "subtract": operator.sub,
    "multiply": operator.mul,
    "divide": lambda one, other: one / other if other else math.nan,
}


@dataclass(frozen=True)
class Range:
    """The time range of a dashboard, half-open."""

    start: datetime
    end: datetime

    def query(self, since: datetime | None = None) -> JsonObject:
        """Return the condition of the range, or of its last part."""
        bounds: JsonObject = {"gte": (since or self.start).isoformat(), "lt": self.end.isoformat()}
        return {"range": {"@timestamp": bounds}}


def is_asked(layer: Layer) -> bool:
    """Tell whether a layer asks for anything: one with only constants, such as reference lines, does not."""
    return any(column["operationType"] != "static_value" for column in layer.columns.values())


def aggregations(layer: Layer, span: Range) -> JsonObject:
    """Return the aggregations of a layer: its buckets, each inside the one before, its metrics in the last."""
    inner: JsonObject = {name: _metric(layer.columns[name], span) for name in layer.order if _is_metric(layer, name)}
    for name in reversed([each for each in layer.order if layer.columns[each]["isBucketed"]]):
        column = layer.columns[name]
        inner = {name: _bucket(column, layer, span) | {"aggs": inner | _ordering(column, layer, span)}}
    return inner


def _is_metric(layer: Layer, name: str) -> bool:
    column = layer.columns[name]
    return text(column["operationType"]) in {*AGGREGATIONS, "percentile"} or is_filtered_count(column)


def is_filtered_count(column: Mapping[str, Json]) -> bool:
    """Tell whether a column counts by an aggregation of its own."""
    return column["operationType"] == "count" and ("filter" in column or "reducedTimeRange" in column)


def _ordering(column: Mapping[str, Json], layer: Layer, span: Range) -> JsonObject:
    """Return the metric by which groups are ordered: each of them needs it, also where it has groups inside."""
    if column["operationType"] != "terms":
        return {}
    by = text(mapping(mapping(column["params"])["orderBy"])["columnId"])
    return {by: _metric(layer.columns[by], span)} if _is_metric(layer, by) else {}


def rows(layer: Layer, answer: JsonObject) -> list[Row]:
    """Return the rows of an answer, formulas computed."""
    buckets = [name for name in layer.order if layer.columns[name]["isBucketed"]]
    found = list(_rows(layer, buckets, answer))
    for name in layer.order:
        _compute(layer, name, found)
    return found


def _bucket(column: Mapping[str, Json], layer: Layer, span: Range) -> JsonObject:
    parameters = mapping(column["params"])
    if column["operationType"] == "date_histogram":
        seconds = (span.end - span.start).total_seconds()
        width = next((each for each in INTERVALS if seconds / each <= BARS), INTERVALS[-1])
        return {"date_histogram": {"field": column["sourceField"], "fixed_interval": f"{width}s", "min_doc_count": 0}}
    if column["operationType"] == "filters":
        named: JsonObject = {
            text(mapping(each)["label"]): translated(text(mapping(mapping(each)["input"])["query"]))
            for each in sequence(parameters["filters"])
        }
        return {"filters": {"filters": named}}
    assert column["operationType"] == "terms", column
    by = text(mapping(parameters["orderBy"])["columnId"])
    order: JsonObject = {_path(by, layer.columns[by]): text(parameters["orderDirection"])}
    terms: JsonObject = {"field": column["sourceField"], "size": whole(parameters["size"]), "order": order}
    return {"terms": terms}


def _path(name: str, column: Mapping[str, Json]) -> str:
    if column["operationType"] == "count":
        return "_count"
    number = mapping(column["params"]).get("percentile")
    return f"{name}>value.{number}" if column["operationType"] == "percentile" else f"{name}>value"


def _metric(column: Mapping[str, Json], span: Range) -> JsonObject:
    conditions: list[Json] = [translated(text(mapping(column["filter"])["query"]))] if "filter" in column else []
    if "reducedTimeRange" in column:
        reduced = text(column["reducedTimeRange"])
        conditions.append(span.query(span.end - timedelta(**{UNITS[reduced[-1]]: int(reduced[:-1])})))
    filtered: JsonObject = {"filter": {"bool": {"filter": conditions}}}
    operation = text(column["operationType"])
    if operation == "count":
        return filtered
    if operation == "percentile":
        number = mapping(column["params"])["percentile"]
        return filtered | {"aggs": {"value": {"percentiles": {"field": column["sourceField"], "percents": [number]}}}}
    return filtered | {"aggs": {"value": {AGGREGATIONS[operation]: {"field": column["sourceField"]}}}}


def _rows(layer: Layer, buckets: list[str], node: JsonObject) -> Iterator[Row]:
    if not buckets:
        shown = {name: mapping(node.get(name, node)) for name in layer.order if _is_shown(layer, name)}
        yield {name: _value(layer.columns[name], part) for name, part in shown.items()}
        return
    first, *rest = buckets
    found = mapping(node[first])["buckets"]
    inside = found.items() if isinstance(found, dict) else [(_key(mapping(each)), each) for each in sequence(found)]
    for key, bucket in inside:
        for row in _rows(layer, rest, mapping(bucket)):
            yield {first: str(key), **row}


def _is_shown(layer: Layer, name: str) -> bool:
    return _is_metric(layer, name) or layer.columns[name]["operationType"] == "count"


def _key(bucket: JsonObject) -> Json:
    return bucket.get("key_as_string", bucket["key"])


def _value(column: Mapping[str, Json], node: JsonObject) -> Value:
    if column["operationType"] == "count":
        found: Json = whole(node["doc_count"])
    elif column["operationType"] == "percentile":
        (found,) = mapping(mapping(node["value"])["values"]).values()
    else:
        found = mapping(node["value"])["value"]
    assert found is None or isinstance(found, (int, float)), found
    empty = found == 0 and mapping(column.get("params", {})).get("emptyAsNull")
    return None if found is None or empty else float(found)


def _compute(layer: Layer, name: str, found: list[Row]) -> None:
    """Fill in a column that is made of others, those first; a formula's parts stand after it."""
    column = layer.columns[name]
    operation = text(column["operationType"])
    if operation not in OF_COLUMNS or (found and name in found[0]):
        return
    for part in sequence(column["references"]):
        _compute(layer, text(part), found)
    if operation == "math":
        for row in found:
            row[name] = _finite(_calculated(mapping(column["params"])["tinymathAst"], row))
        return
    (part,) = map(text, sequence(column["references"]))
    values = [_number(row[part]) for row in found]
    whole_sum = sum(each for each in values if not math.isnan(each))
    running = 0.0
    for row, value in zip(found, values, strict=True):
        running += 0.0 if math.isnan(value) else value
        row[name] = {"formula": _finite(value), "overall_sum": whole_sum, "cumulative_sum": running}[operation]


def _calculated(node: Json, row: Row) -> float:
    if isinstance(node, dict):
        one, other = (_calculated(each, row) for each in sequence(node["args"]))
        return FUNCTIONS[text(node["name"])](one, other)
    return float(node) if isinstance(node, (int, float)) else _number(row[text(node)])


def _number(value: Value) -> float:
    return math.nan if value is None else float(value)


def _finite(value: float) -> float | None:
    """Return nothing for what cannot be divided, as Kibana shows it."""
    return None if math.isnan(value) else value

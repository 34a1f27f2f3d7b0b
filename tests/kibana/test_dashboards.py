"""The dashboards: the operations and the fields, checked against Kibana's rules and the installed mapping."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.kibana.mapping import fields_of
from tests.kibana.saved_objects import (
    KIBANA,
    Json,
    Layer,
    Panel,
    controls,
    mapping,
    of_type,
    panels,
    sequence,
    text,
)

NUMERIC = frozenset({"short", "integer", "long", "float", "double"})
KEYS = NUMERIC | {"keyword", "ip", "boolean"}
"""Types that ``terms`` groups by: no dates, no plain text."""

FITTING = {
    "date_histogram": frozenset({"date"}),
    "terms": KEYS,
    "average": NUMERIC,
    "sum": NUMERIC,
    "min": NUMERIC | {"date"},
    "max": NUMERIC | {"date"},
    "median": NUMERIC,
    "percentile": NUMERIC,
    "percentile_rank": NUMERIC,
    "unique_count": KEYS | {"date"},
}
"""Operation of a Lens column on a field -> the field types it accepts."""

OF_COLUMNS = frozenset({"formula", "math", "cumulative_sum", "overall_sum"})
"""Operations on other columns of the layer."""
WITHOUT_FIELD = frozenset({"filters", "static_value"}) | OF_COLUMNS
BUCKETS = frozenset({"date_histogram", "terms", "filters", "range"})


def every_panel() -> list[Panel]:
    """Return the panels of all dashboards."""
    return [panel for dashboard in of_type("dashboard") for panel in panels(dashboard)]


def every_layer() -> list[Layer]:
    """Return the layers of all panels."""
    return [layer for panel in every_panel() for layer in panel.layers()]


def kql() -> Iterator[tuple[str, str]]:
    """Yield every KQL text with its data view: column filters, filter buckets, panel queries."""
    for panel in every_panel():
        for layer in panel.layers():
            yield layer.view, _kuery(mapping(mapping(panel.lens["state"])["query"]))
            for column in layer.columns.values():
                if "filter" in column:
                    yield layer.view, _kuery(mapping(column["filter"]))
                parameters = mapping(column.get("params", {}))
                for bucket in sequence(parameters.get("filters", [])):
                    yield layer.view, _kuery(mapping(mapping(bucket)["input"]))


def _kuery(query: dict[str, Json]) -> str:
    assert query["language"] == "kuery"
    return text(query["query"])


def test_every_column_is_computed_and_buckets_come_first() -> None:
    """Kibana computes only the columns in ``columnOrder``, and expects buckets before metrics."""
    for layer in every_layer():
        assert sorted(layer.order) == sorted(layer.columns)
        bucketed = [bool(layer.columns[name]["isBucketed"]) for name in layer.order]
        assert bucketed == sorted(bucketed, reverse=True), layer.id
        for column in layer.columns.values():
            assert column["isBucketed"] == (column["operationType"] in BUCKETS), layer.id


def test_operations_are_known_and_fit_their_fields() -> None:
    """Every field a panel uses exists in the installed mapping of its data view with a type the operation takes."""
    for layer in every_layer():
        for column in layer.columns.values():
            operation = text(column["operationType"])
            if operation == "count":
                assert column["sourceField"] == "___records___"
            elif operation in WITHOUT_FIELD:
                assert "sourceField" not in column
            else:
                assert fields_of(layer.view)[text(column["sourceField"])] in FITTING[operation], column


def test_percentiles_and_static_values_have_their_parameter() -> None:
    """A percentile without its number is the 95th to Kibana and anything to the reader."""
    for column in [column for layer in every_layer() for column in layer.columns.values()]:
        parameters = mapping(column.get("params", {}))
        if column["operationType"] == "percentile":
            assert f"p{parameters['percentile']}" in text(column["label"])
        if column["operationType"] == "static_value":
            assert float(text(parameters["value"])) >= 0


def test_terms_are_ordered_by_a_plain_metric_of_their_layer() -> None:
    """Ordering by anything else falls back to key order without a word; a filtered metric is not plain."""
    for layer in every_layer():
        for column in layer.columns.values():
            if column["operationType"] == "terms":
                order = mapping(mapping(column["params"])["orderBy"])
                assert order["type"] == "column", layer.id
                target = layer.columns[text(order["columnId"])]
                assert target["operationType"] in {"count", *FITTING} - BUCKETS
                assert "filter" not in target, layer.id


def test_filters_name_mapped_fields() -> None:
    """A misspelt field in a filter matches nothing, and the panel shows a healthy zero."""
    queries = [(view, query) for view, query in kql() if query not in {"", "*"}]
    assert queries, "the error panels filter by status"
    for view, query in queries:
        names = re.findall(r"([@\w.]+)\s*(?::|<=|>=|<|>)", query)
        assert names, query
        assert [name for name in names if name not in fields_of(view)] == []


def test_no_filter_of_the_source_is_lost() -> None:
    """The compiler drops the filter of a plain metric without a word; each one of the source is in its column."""
    built = {
        (board["id"], name): _kuery(mapping(column["filter"]))
        for board in of_type("dashboard")
        for panel in panels(board)
        for layer in panel.layers()
        for name, column in layer.columns.items()
        if "filter" in column and not re.search(r"X\d+$", name)
    }
    lines = "".join(path.read_text(encoding="utf-8") for path in (KIBANA / "dashboards").glob("*.yaml"))
    assert len(built) == len(re.findall(r"\bfilter: ", lines)) > 0
    assert built["atalaia-operations", "errors-count"] == "http.response.status_code >= 500"


def test_controls_offer_keyword_fields() -> None:
    """An options list works on keywords; each control's field is mapped in its data view."""
    for dashboard in of_type("dashboard"):
        assert controls(dashboard)
        for control in controls(dashboard).values():
            assert control["type"] == "optionsListControl"
            asked = mapping(control["explicitInput"])
            assert fields_of(text(asked["dataViewId"]))[text(asked["fieldName"])] == "keyword"


def test_gaps_stay_gaps() -> None:
    """No line is drawn across an interval without data: missing data is not health."""
    lines = [panel for panel in every_panel() if panel.kind == "lens" and panel.lens["visualizationType"] == "lnsXY"]
    assert lines
    for panel in lines:
        visualization = mapping(mapping(panel.lens["state"])["visualization"])
        if visualization["preferredSeriesType"] == "line":
            assert visualization["fittingFunction"] == "None", panel.index


def test_latency_is_never_a_lone_number() -> None:
    """Where one percentile is, p50, p95 and p99 are; nobody averages a response time."""
    for layer in every_layer():
        operations = {(column["operationType"], column.get("sourceField")) for column in layer.columns.values()}
        assert ("average", "response_time") not in operations, layer.id
        percentiles = {
            mapping(column["params"])["percentile"]
            for column in layer.columns.values()
            if column["operationType"] == "percentile"
        }
        assert percentiles in (set(), {50, 95, 99}), layer.id


def test_a_share_has_its_denominator_beside_it() -> None:
    """A table with a share counts what it is of in another column; another share has the number on its dashboard."""
    for dashboard in of_type("dashboard"):
        layers = [layer for panel in panels(dashboard) for layer in panel.layers()]
        counted = {layer.view for layer in layers if has_total(layer)}
        for layer in layers:
            operations = [column["operationType"] for column in layer.columns.values()]
            if "formula" in operations:
                assert has_total(layer) if "terms" in operations else layer.view in counted, layer.id


def has_total(layer: Layer) -> bool:
    """Tell whether a layer shows a count or a sum of everything, not only as a part of a formula."""
    shown = [column for name, column in layer.columns.items() if not re.search(r"X\d+$", name)]
    return any(column["operationType"] in {"count", "sum"} and is_of_everything(column) for column in shown)


def is_of_everything(column: dict[str, Json]) -> bool:
    """Tell whether a column has no filter, or the one that lets everything through."""
    return "filter" not in column or mapping(column["filter"])["query"] == "*"


def test_a_count_of_requests_knows_weights() -> None:
    """Kibana takes a plain count without groups from the number of hits, which is of documents: it needs a filter."""
    for layer in every_layer():
        grouped = any(column["isBucketed"] for column in layer.columns.values())
        for name, column in layer.columns.items():
            counts = layer.view == "atalaia-web-requests" and column["operationType"] == "count"
            if counts and (not grouped or re.search(r"X\d+$", name)):
                assert "filter" in column, (layer.id, name)


def test_colours_say_what_the_words_say() -> None:
    """A number that turns red says in its subtitle when: nobody depends on the colour."""
    coloured = 0
    for panel in every_panel():
        if panel.kind == "lens" and panel.lens["visualizationType"] == "lnsMetric":
            visualization = mapping(mapping(panel.lens["state"])["visualization"])
            if "palette" in visualization:
                assert "red" in text(visualization["subtitle"]), panel.index
                coloured += 1
    assert coloured


def test_the_latency_objective_is_a_strict_bound() -> None:
    """The agreement says under 2 s: a request of exactly 2 s does not count as good, as in ``atalaia sla judge``."""
    formulas = {
        text(mapping(column["params"])["formula"])
        for layer in every_layer()
        for column in layer.columns.values()
        if column["operationType"] == "formula"
    }
    about = {each for each in formulas if "response_time" in each and "db_time" not in each}
    assert about == {
        "count(kql='response_time < 2') / count(kql='response_time : *')",
        "count(kql='response_time >= 2') / count(kql='response_time : *')",
    }

"""The pages about requests and the agreement show the same on every store, and what is counted by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import pytest

from analyzers.analysis import Selection
from analyzers.blocks import Linked, Plain
from analyzers.jobs import errors, latency
from analyzers.selection.dimensions import parse_dimensions
from analyzers.sla.asked import Asked
from analyzers.sla.contract.naming import written
from analyzers.sla.report import sla_report
from analyzers.store.query import Equals
from analyzers.store.schema import load_schema
from analyzers.store.zones import load_zone
from analyzers.thresholds import load_thresholds
from tests.store_conformance.pages import (
    around,
    ask_drill,
    ask_endpoints,
    ask_sla,
    ask_statements,
    cells,
    explanations,
    pages,
)
from tests.store_conformance.places import Place
from tests.store_conformance.telling import Told, differences
from tests.store_conformance.traffic import Hit, Scene

_LATENCY = ("requests", "measured", "p50", "p95", "p99")


def bare(cell: object) -> object:
    """Return what a cell shows, without where it leads."""
    return cell.value if isinstance(cell, Linked) else cell


def mine(place: Place) -> list[Hit]:
    """Return the requests of the service around the change."""
    window = around(place)
    return [each for each in place.hits if each.mine and window.start <= each.at < window.end]


def weights(hits: Sequence[Hit], *, failed: bool = False) -> Counter[str | None]:
    """Count requests by route, as often as each stands for."""
    found: Counter[str | None] = Counter()
    for each in hits:
        if not failed or (each.status or 0) >= 500:
            found[each.route] += each.weight
    return found


def test_pages_show_the_same_on_every_store(
    held: Place, references: Callable[[Scene], Place], turns: Callable[[str, Place], bool]
) -> None:
    """Every number, link and sentence; percentiles within the stated error of a store. One scene of each store."""
    if held.backend == "memory" or not turns("pages", held):
        return  # it would be compared with itself, or is asked of another scene
    wrong = [
        text
        for found, right in zip(pages(held), pages(references(held.scene)), strict=True)
        for text in differences(found, right, held.error)
    ]
    assert not wrong, "\n".join(wrong[:20])


def test_explanations_show_the_same_on_every_store(
    held: Place, references: Callable[[Scene], Place], turns: Callable[[str, Place], bool]
) -> None:
    """What is behind an hour and behind an objective; asked of one scene of each store, since it takes long."""
    if held.backend == "memory" or not turns("explain", held):
        return
    told: list[tuple[Told, Told]] = list(zip(explanations(held), explanations(references(held.scene)), strict=True))
    wrong = [text for found, right in told for text in differences(found, right, held.error)]
    assert not wrong, "\n".join(wrong[:20])


def test_endpoints_are_counted_as_by_hand(held: Place) -> None:
    """Requests and errors of each endpoint are those of the traffic itself, sampled ones as often as they stand for."""
    found = ask_endpoints(held, around(held))
    hits = mine(held)
    shown = {each.name.href.rpartition("where=")[2]: (bare(each.cells[0]), bare(each.cells[1])) for each in found.rows}
    totals, failures = weights(hits), weights(hits, failed=True)
    assert sorted(shown.values()) == sorted((total, failures[route]) for route, total in totals.items())
    assert found.rest is None


def test_the_rest_is_what_is_not_shown(held: Place) -> None:
    """Two endpoints and the rest add up to everything; the two are those with the most requests."""
    found = ask_endpoints(held, around(held), ("top", "2"))
    totals = weights(mine(held))
    greatest = sorted(totals.values(), reverse=True)
    assert [bare(each.cells[0]) for each in found.rows] == greatest[:2]
    assert found.rest is not None
    assert bare(found.rest[1][0]) == sum(greatest[2:])
    assert found.rest[0].number == len(totals) - 2


@pytest.mark.parametrize("by", ["user", "status", "version", "network", "client", "browser", "os", "method"])
def test_groups_say_what_the_command_says(held: Place, by: str, turns: Callable[[str, Place], bool]) -> None:
    """A drill-down's table has the numbers that ``atalaia latency --by`` and ``atalaia errors --by`` print."""
    if not turns("pages", held):
        return
    found = cells(ask_drill(held, around(held), ("by", by), ("top", "400")).groups)
    dimensions = parse_dimensions((by,), None, load_zone("UTC"), load_schema(held.stream))
    selection = Selection(around(held), dimensions, Equals("service.name", held.environment))
    slow = latency.run(held.store, selection, load_thresholds()).rows
    failed = errors.run(held.store, selection, load_thresholds()).rows
    expected = [
        (*(row[name] for name in _LATENCY), other["errors"], other["error_rate"])
        for row, other in zip(slow, failed, strict=True)
    ]
    names = (*_LATENCY, "errors", "error_rate")
    shown = [tuple(_plain(row[name]) for name in names) for row in found]
    assert sorted(shown, key=repr) == sorted(expected, key=repr)


def test_statements_are_counted_as_by_hand(held: Place) -> None:
    """How many statements of each type there are, and how long they took, which adds up the same in any order."""
    window = around(held)
    counted: Counter[str] = Counter()
    seconds: Counter[str] = Counter()
    for each in held.statements:
        if window.start <= each.at < window.end:
            counted[each.operation or "(none)"] += 1
            seconds[each.operation or "(none)"] += each.seconds  # type: ignore[assignment]  # a Counter adds any number
    found = cells(ask_statements(held, window, ("by", "query_type")).table)
    names = [getattr(bare(row["group"]), "text", bare(row["group"])) for row in found]
    assert dict(zip(names, (row["statements"] for row in found), strict=True)) == counted
    assert dict(zip(names, (row["seconds"] for row in found), strict=True)) == seconds


def test_the_agreement_says_what_the_command_says(held: Place) -> None:
    """State, numerator, denominator, coverage and what is left of the budget are those of ``atalaia sla show``."""
    found = ask_sla(held, held.scene.now, ("per", "contract"))
    report = sla_report(held.contract, held.evidences["restated"], held.scene.now, Asked())
    shown = [(row["objective"], row["state"], row["due"]) for row in cells(found.table)]
    assert shown == [
        (written(each.scope.objective.name), each.judgement.state, each.judgement.coverage.due)
        for each in report.entries
    ]
    budgets = [None if each.budget is None else each.budget.said for each in report.worst_first]
    assert [each.budget for each in found.objectives] == budgets
    assert found.state is report.state
    assert found.download is not None


def test_another_period_is_no_promise(held: Place) -> None:
    """A route that the contract does not speak of is judged to look around, and there is no report to verify."""
    found = ask_sla(held, held.scene.now, ("per", "month"), ("route", "/login"))
    assert (found.is_promised, found.download) == (False, None)
    assert written("availability") in [row["objective"] for row in cells(found.table)]


def _plain(cell: object) -> Plain:
    value = bare(cell)
    assert value is None or isinstance(value, int | float)
    return value

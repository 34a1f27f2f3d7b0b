"""The cases of the shipped pipelines: pytest collects them from ``logstash/cases``; together they reach everything."""

from __future__ import annotations

import pytest

from atalaia.pipeline.cases.coverage import measure
from atalaia.pipeline.cases.embedded import EmbeddedEngine
from atalaia.pipeline.cases.resolving import case_files
from atalaia.pipeline.cases.suite import run_suite
from tests.logstash.pipelines import LOGSTASH


def test_the_cases_reach_every_plugin_and_every_branch() -> None:
    """Each shipped pipeline has cases, all pass, and no plugin and no arm of a branch is left out."""
    engine = EmbeddedEngine()
    result = run_suite(case_files([LOGSTASH / "cases"]), engine)
    assert (result.failed, result.refusals) == ((), ())
    coverages = measure(engine.loaded)
    assert {each.pipeline for each in coverages} == {str(path) for path in (LOGSTASH / "pipeline").glob("*.conf")}
    assert [f"{point.position}: {point.label}" for each in coverages for point in each.missed] == []


def test_pytest_collects_the_cases(request: pytest.FixtureRequest) -> None:
    """The suite's own run has the plugin and is told where the cases are, so that each is a test of its own."""
    assert request.config.getini("atalaia_cases") == [LOGSTASH / "cases"]
    assert "logstash/cases" in request.config.getini("testpaths")

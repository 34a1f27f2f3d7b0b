"""The corpus' grok, date and useragent cases: our executor prints what Logstash 9.5.2 printed."""

from __future__ import annotations

import json

import pytest

from atalaia.pipeline.errors import ConfigurationError
from tests.atalaia.pipeline.corpus import Case, Json, alike, load, read_cases, run, without

SPINN3R = (
    "Mozilla/5.0 (X11; U; Linux x86_64; en-US; rv:1.9.0.19; aggregator:Spinn3r (Spinn3r 3.1); "
    "http://spinn3r.com/robot) Gecko/2010040121 Firefox/3.0.19"
)
NEWER_EXPRESSIONS = frozenset(
    {
        "PostmanRuntime/7.36.0",  # uap-core v0.12.0 does not know Postman
        "Java/17.0.9",  # v0.12.0 takes the first number of a Java version for a constant 1
        "HTTPie/3.2.2",  # v0.12.0 does not know HTTPie
        SPINN3R,  # v0.12.0 does not take this robot for a spider
    }
)
"""Agents our newer uap-core knows better than the corpus' v0.12.0; their parsed fields are not compared."""

PREFIXES = ("grok-", "date-", "useragent-", "real-01-", "chain-01-")
CASES = [case for case in read_cases() if case.folder.name.startswith(PREFIXES)]


def test_the_corpus_is_there() -> None:
    """The cases were found: 16 of grok, 10 of date, 4 of useragent, and two of several filters."""
    assert len(CASES) == 32


@pytest.mark.parametrize("case", [case for case in CASES if not case.refused], ids=str)
def test_events_are_those_of_logstash(case: Case) -> None:
    """Every event comes out as Logstash printed it."""
    printed = run(case)
    assert len(printed) == len(case.expected)
    different = [
        (got, expected)
        for got, expected in zip(printed, case.expected, strict=True)
        if not alike(without(got, case.ignore), without(expected, case.ignore)) and not is_newer(got, expected)
    ]
    assert different == []


@pytest.mark.parametrize("case", [case for case in CASES if case.refused], ids=str)
def test_what_logstash_refuses_is_refused(case: Case) -> None:
    """A configuration Logstash refuses at load is refused, naming the plugin."""
    with pytest.raises(ConfigurationError, match="grok"):
        load(case)


def is_newer(got: dict[str, Json], expected: dict[str, Json]) -> bool:
    """Tell whether two events differ only in what was parsed of an agent in the list."""
    parsed = ("ua", "useragent")
    same = {name: got[name] for name in got if name not in parsed} == {
        name: expected[name] for name in expected if name not in parsed
    }
    return same and str(got.get("agent")) in NEWER_EXPRESSIONS


def test_every_exception_is_needed() -> None:
    """An agent that both versions see alike does not belong into the list."""
    differing = {
        str(got.get("agent"))
        for case in CASES
        if not case.refused
        for got, expected in zip(run(case), case.expected, strict=True)
        if json.dumps(got, sort_keys=True) != json.dumps(expected, sort_keys=True) and is_newer(got, expected)
    }
    assert differing == NEWER_EXPRESSIONS

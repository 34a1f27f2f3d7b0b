"""Our executor prints what Logstash 9.5.2 printed, for every case of the corpus whose plugins it has."""

from __future__ import annotations

from typing import Final

import pytest

from atalaia.pipeline.errors import ConfigurationError
from tests.atalaia.pipeline.corpus import Case, Json, alike, corpus_root, load, read_cases, run, without
from tests.atalaia.pipeline.newer_agents import AGENT_FIELDS, NEWER_AGENTS

NOT_IMPLEMENTED: Final[frozenset[str]] = frozenset()
"""Filters of the corpus that are still to come; one that has come must leave this list."""

ALL_CASES: Final = 149
CASES: Final = read_cases()


def test_the_corpus_is_there() -> None:
    """Without the corpus nothing below would run, and nothing would be proved."""
    message = f"the Logstash corpus is not at {corpus_root()}: set ATALAIA_SHARED to the folder that holds it"
    assert len(CASES) == ALL_CASES, message


@pytest.mark.parametrize("case", CASES, ids=str)
def test_case(case: Case) -> None:
    """The case prints what Logstash printed, or is refused where Logstash refuses it or for a plugin still to come."""
    missing = _missing_plugin(case)
    if missing is not None:
        assert missing in NOT_IMPLEMENTED
    elif not case.refused:
        _assert_equal(case, run(case))


def test_every_plugin_listed_as_missing_is_refused_by_name() -> None:
    """The list of missing filters is neither too long nor too short."""
    assert {_missing_plugin(case) for case in CASES} - {None} == NOT_IMPLEMENTED


def _missing_plugin(case: Case) -> str | None:
    """Return the plugin for which we refuse a case that Logstash takes; fail when it is refused for anything else."""
    refusal = _refusal(case)
    assert refusal is not None or not case.refused, "Logstash refuses this configuration"
    if refusal is None or case.refused:
        return None
    assert refusal.unsupported, refusal
    assert f"{refusal.plugin!r}" in str(refusal)
    return refusal.plugin


def _refusal(case: Case) -> ConfigurationError | None:
    try:
        load(case)
    except ConfigurationError as error:
        return error
    return None


def _assert_equal(case: Case, printed: list[dict[str, Json]]) -> None:
    ours = [without(event, case.ignore) for event in printed]
    theirs = [without(event, case.ignore) for event in case.expected]
    assert len(ours) == len(theirs)
    for number, (our, their) in enumerate(zip(ours, theirs, strict=True)):
        if (case.folder.name, number) in NEWER_AGENTS:
            assert not alike(our, their), "this agent is read as Logstash reads it again: take it off the list"
            assert alike(without(our, AGENT_FIELDS), without(their, AGENT_FIELDS)), f"event {number}"
        else:
            assert alike(our, their), f"event {number}: {our} is not {their}"

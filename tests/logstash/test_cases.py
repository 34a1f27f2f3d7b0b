"""The cases of the shipped pipelines, run by the executor."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import pytest
import yaml

from analyzers.store.document import JsonValue
from analyzers.store.schema import load_schema
from analyzers.store.validation import refusal
from tests.logstash.pipelines import LOGSTASH, NOW, run_pipeline


@dataclass(frozen=True)
class PipelineCase:
    """One case of a file in ``logstash/cases``."""

    pipeline: str
    variables: dict[str, str]
    name: str
    line: str
    expect: list[dict[str, JsonValue]]
    dead_letter: str | None
    refused: str | None

    def __str__(self) -> str:
        return f"{self.pipeline}: {self.name}"


def read_cases() -> list[PipelineCase]:
    """Return the cases of every file."""
    cases: list[PipelineCase] = []
    for file in sorted((LOGSTASH / "cases").glob("*.yaml")):
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
        for case in content["cases"]:
            assert set(case) <= {"name", "input", "expect", "dead_letter", "refused"}
            source = case["input"]
            line = source["line"] if "line" in source else json.dumps(source["event"])
            outcomes = case.get("expect", []), case.get("dead_letter"), case.get("refused")
            assert sum(map(bool, outcomes)) == 1, case["name"]
            cases.append(PipelineCase(content["pipeline"], content["variables"], case["name"], line, *outcomes))
    return cases


@pytest.mark.parametrize("case", read_cases(), ids=str)
def test_case(case: PipelineCase) -> None:
    """A line becomes the documents expected, or one that no store takes, or a dead letter with its text and reason."""
    kept = run_pipeline(case.pipeline, [case.line], {**case.variables, "ATALAIA_DEAD_LETTER": "/dead"})
    assert len(kept.documents) == len(case.expect) + (case.refused is not None)
    for document in kept.documents:
        assert (case.refused or "") in (refusal(document, load_schema(document.stream)) or "")
    for document, expected in zip(kept.documents, case.expect, strict=False):
        assert differences(expected, document.body) == []
        check_stored(document.body)
    assert len(kept.letters) == (case.dead_letter is not None)
    for path, letter in kept.letters:
        assert str(path) == f"/dead/{case.pipeline.removesuffix('.conf')}.ndjson"
        assert differences({"event": {"kind": "pipeline_error", "original": case.line}}, letter) == []
        assert isinstance(letter["error"], dict)
        assert str(case.dead_letter) in str(letter["error"]["message"])


def differences(expected: Mapping[str, JsonValue], got: Mapping[str, JsonValue], at: str = "") -> list[str]:
    """Return where a document is not as expected; fields that were not given are not compared."""
    found: list[str] = []
    for name, value in expected.items():
        actual = got.get(name)
        if isinstance(value, dict) and isinstance(actual, dict):
            found += differences(value, actual, f"{at}{name}.")
        elif actual != value or isinstance(actual, bool) != isinstance(value, bool):
            found.append(f"{at}{name} is {actual!r}, not {value!r}")
    return found


def check_stored(body: Mapping[str, JsonValue]) -> None:
    """Every document says when it was ingested and carries nothing of the pipeline's workings."""
    event = body["event"]
    assert isinstance(event, dict)
    assert event["ingested"] == NOW.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    assert "tags" not in body
    assert ("message" in body) == (event["dataset"] == "app.event")

"""Write a pipeline and cases for it, and run them."""

from __future__ import annotations

import textwrap
from pathlib import Path

from atalaia.pipeline.cases.coverage import Coverage, measure
from atalaia.pipeline.cases.describing import problem_lines
from atalaia.pipeline.cases.embedded import EmbeddedEngine
from atalaia.pipeline.cases.errors import CaseError
from atalaia.pipeline.cases.loading import read_case_file
from atalaia.pipeline.cases.suite import SuiteResult, run_suite

PASSED = "passed"


def write(folder: Path, pipeline: str, cases: str, name: str = "a") -> Path:
    """Write ``<name>.conf`` and ``<name>.cases.yaml`` and return the latter; texts may be indented."""
    (folder / f"{name}.conf").write_text(textwrap.dedent(pipeline), encoding="utf-8")
    file = folder / f"{name}.cases.yaml"
    file.write_text(f"pipeline: {name}.conf\n{textwrap.dedent(cases)}", encoding="utf-8")
    return file


def one(folder: Path, pipeline: str, case: str) -> str:
    """Run one case, given without its name, and return ``passed`` or the lines that say what is wrong."""
    body = textwrap.indent(textwrap.dedent(case).strip(), "    ")
    file = write(folder, pipeline, f"cases:\n  - name: x\n{body}\n")
    return told(run_suite([file], EmbeddedEngine()))


def told(result: SuiteResult) -> str:
    """Return what a result says: ``passed``, or what is wrong with its only case, or with its file."""
    if result.refusals:
        return result.refusals[0].reason
    (verdict,) = result.verdicts
    return "\n".join(problem_lines(verdict.problems)) or PASSED


def faults(folder: Path, text: str) -> list[str]:
    """Return what is wrong with a file of cases, as ``line:column: words``."""
    file = folder / "a.cases.yaml"
    file.write_text(textwrap.dedent(text), encoding="utf-8")
    try:
        read_case_file(file)
    except CaseError as error:
        return [fault.removeprefix(f"{file}:") for fault in error.faults]
    return []


def coverage(folder: Path, pipeline: str, cases: str) -> Coverage:
    """Run cases, which must pass, and return what they reached."""
    engine = EmbeddedEngine()
    result = run_suite([write(folder, pipeline, cases)], engine)
    assert (result.failed, result.refusals) == ((), ())
    (measured,) = measure(engine.loaded)
    return measured

"""Verdicts as JUnit XML, in the form that Jenkins and GitLab read: the attributes that pytest writes."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from atalaia.pipeline.cases.describing import problem_lines
from atalaia.pipeline.cases.suite import Refusal, SuiteResult, Verdict

_NAME: Final = "atalaia pipeline test"
_FORBIDDEN: Final = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 has no place for."""


def junit(result: SuiteResult, now: datetime) -> str:
    """Return a result as an XML document: a ``testsuite`` for each file, a ``testcase`` for each case.

    Args:
        result: What became of all files.
        now: When they were run.
    """
    root = ET.Element("testsuites", {"name": _NAME})
    for file in dict.fromkeys([*(each.file for each in result.verdicts), *(each.file for each in result.refusals)]):
        verdicts = [each for each in result.verdicts if each.file == file]
        refusals = [each for each in result.refusals if each.file == file]
        _add_suite(root, file, verdicts, refusals, now)
    ET.indent(root)
    return f"<?xml version='1.0' encoding='utf-8'?>\n{ET.tostring(root, encoding='unicode')}\n"


def _add_suite(
    root: ET.Element, file: Path, verdicts: Sequence[Verdict], refusals: Sequence[Refusal], now: datetime
) -> None:
    counts = {
        "errors": len(refusals),
        "failures": sum(not each.passed for each in verdicts),
        "skipped": 0,
        "tests": len(verdicts) + len(refusals),
    }
    suite = ET.SubElement(root, "testsuite", {"name": _clean(str(file))})
    suite.attrib |= {name: str(count) for name, count in counts.items()}
    suite.attrib |= {"time": _seconds(sum(each.seconds for each in verdicts)), "timestamp": now.isoformat()}
    for verdict in verdicts:
        _add_case(suite, verdict)
    for refusal in refusals:
        case = _case(suite, file, "the file is run", 1, 0.0)
        told = ET.SubElement(case, "error", {"message": _clean(refusal.reason.partition("\n")[0])})
        told.text = _clean(refusal.reason)


def _add_case(suite: ET.Element, verdict: Verdict) -> None:
    case = _case(suite, verdict.file, verdict.case.name, verdict.case.line, verdict.seconds)
    if not verdict.passed:
        lines = [*problem_lines(verdict.problems)]
        told = ET.SubElement(case, "failure", {"message": _clean(verdict.problems[0].what)})
        told.text = _clean("\n".join([f"{verdict.file}:{verdict.case.line}", *lines]))


def _case(suite: ET.Element, file: Path, name: str, line: int, seconds: float) -> ET.Element:
    attributes = {
        "classname": _clean(".".join(file.with_suffix("").parts).strip("/.")),
        "name": _clean(name),
        "file": _clean(str(file)),
        "line": str(line),
        "time": _seconds(seconds),
    }
    return ET.SubElement(suite, "testcase", attributes)


def _seconds(seconds: float) -> str:
    return f"{seconds:.6f}"


def _clean(text: str) -> str:
    r"""Return text that XML can hold: a control character becomes ``\x1b``."""
    return _FORBIDDEN.sub(lambda match: match[0].encode("unicode_escape", "surrogatepass").decode(), text)

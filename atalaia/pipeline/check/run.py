"""Look a pipeline over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from atalaia.pipeline.check.allowed import Allowance, allowances, useless, without_allowed
from atalaia.pipeline.check.families.refused import found_of
from atalaia.pipeline.check.finding import Check, Finding, Found
from atalaia.pipeline.check.registry import CHECKS, SYNTAX, USELESS_ALLOW
from atalaia.pipeline.check.subject import Subject
from atalaia.pipeline.config.parse import parse_configuration
from atalaia.pipeline.config.tree import Configuration
from atalaia.pipeline.context import PipelineContext
from atalaia.pipeline.errors import ConfigurationError


def check_parts(
    parts: Sequence[tuple[str, str]], context: PipelineContext, variables: Mapping[str, str]
) -> list[Finding]:
    """Return all findings in the files of one pipeline, file by file in their order.

    A file with a fault of syntax has no other finding, and then neither has any other file.

    Args:
        parts: Name and text of each file.
        context: What the pipeline's plugins may know.
        variables: For ``${…}``.
    """
    files: list[Configuration] = []
    faults: list[Finding] = []
    for name, text in parts:
        try:
            files.append(parse_configuration(text, name, escapes=context.support_escapes))
        except ConfigurationError as refusal:
            faults.append(_finding(SYNTAX, found_of(refusal)))
    if faults:
        return faults
    whole = Configuration(parts[0][0], tuple(section for file in files for section in file.sections))
    found = list(_looked_over(Subject(whole, context, variables)))
    allowed = [each for name, text in parts for each in allowances(text, name)]
    return sorted(_judged(found, allowed), key=lambda finding: _order(finding, [name for name, _ in parts]))


def _looked_over(subject: Subject) -> Iterator[Finding]:
    for check in CHECKS.values():
        yield from (_finding(check, found) for found in check.look(subject))


def _judged(findings: list[Finding], allowed: list[Allowance]) -> list[Finding]:
    """Return the findings that no comment allows, and the comments that allow nothing."""
    idle = (_finding(USELESS_ALLOW, found) for found in useless(findings, allowed, list(CHECKS)))
    return [*without_allowed(findings, allowed), *idle]


def _finding(check: Check, found: Found) -> Finding:
    return Finding(check.code, check.severity, found)


def _order(finding: Finding, files: list[str]) -> tuple[int, int, int, str]:
    position = finding.found.position
    return (files.index(position.file), position.line, position.column, finding.code)

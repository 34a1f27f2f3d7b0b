"""Look a configuration over."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from atalaia.pipeline.check.allowed import allowances, useless, without_allowed
from atalaia.pipeline.check.families.refused import found_of
from atalaia.pipeline.check.finding import Finding
from atalaia.pipeline.check.registry import CHECKS, SYNTAX, USELESS_ALLOW
from atalaia.pipeline.check.subject import Subject
from atalaia.pipeline.config.parse import parse_configuration
from atalaia.pipeline.config.source import read_text
from atalaia.pipeline.context import PipelineContext
from atalaia.pipeline.errors import ConfigurationError


def check_file(path: Path, context: PipelineContext, variables: Mapping[str, str]) -> list[Finding]:
    """Return all findings in a file, in its order.

    Args:
        path: The file.
        context: What its plugins may know.
        variables: For ``${…}``.

    Raises:
        PipelineError: When the file cannot be read as UTF-8.
    """
    return check_text(read_text(path), str(path), context, variables)


def check_text(text: str, file: str, context: PipelineContext, variables: Mapping[str, str]) -> list[Finding]:
    """Return all findings in a configuration, in its order; of faults of syntax only the first.

    Args:
        text: The whole configuration.
        file: Its name in messages.
        context: What its plugins may know.
        variables: For ``${…}``.
    """
    try:
        configuration = parse_configuration(text, file, escapes=context.support_escapes)
    except ConfigurationError as refusal:
        return [Finding(SYNTAX.code, SYNTAX.severity, found_of(refusal))]
    subject = Subject(configuration, context, variables)
    findings = [
        Finding(check.code, check.severity, found) for check in CHECKS.values() for found in check.look(subject)
    ]
    allowed = allowances(text, file)
    kept = without_allowed(findings, allowed)
    kept += [
        Finding(USELESS_ALLOW.code, USELESS_ALLOW.severity, found) for found in useless(findings, allowed, list(CHECKS))
    ]
    return sorted(kept, key=lambda finding: finding.order)

"""What Logstash loads gives no error, what it refuses gives one, and the warnings on the rest are right."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from atalaia.pipeline.check.finding import Finding, Severity
from atalaia.pipeline.ecs import EcsCompatibility
from tests.atalaia.pipeline.check.checking import OUTPUT, codes, findings
from tests.atalaia.pipeline.corpus import Case, read_cases

CASES: Final = read_cases()
_LOGSTASH: Final = Path(__file__).parents[4] / "logstash" / "pipeline"

WARNED: Final = {
    "common-02-order": {"hash-order"},
    "common-03-hash-order": {"hash-order"},
    "common-05-when-not-failed": {"plugin-warning"},
    "common-06-bad-reference": {"malformed-reference"},
    "event-10-timestamp-values": {"unordered-comparison"},
    "fingerprint-04-sources": {"fingerprint-sources"},
    "geoip-02-city-v8": {"plugin-warning"},
    "lang-03-quotes": {"literal-backslash"},
    "lang-15-else-if-chain": {"unordered-comparison"},
    "lang-19-less-more": {"unordered-comparison", "constant-condition"},
    "lang-20-less-mixed": {"unordered-comparison"},
    "lang-21-in-array": {"missing-member", "constant-condition"},
    "lang-22-in-single": {"single-item-list"},
    "lang-30-selectors": {"constant-condition"},
    "mutate-06-order": {"mutate-order"},
    "real-01-apache-combined": {"unordered-comparison"},
    "sprintf-02-nested": {"malformed-reference"},
}
"""Case to the warnings it gives. Each was read and is right: most cases show what a warning is about."""


def found_in(case: Case) -> list[Finding]:
    """Return what is found in a case's filters, whose events may have any field."""
    text = (case.folder / "pipeline.conf").read_bytes().decode("utf-8")
    whole = f"input {{ generator {{ codec => json }} }} {text}\n{OUTPUT}"
    return findings(whole, ecs=case.ecs, variables=case.variables)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_errors_are_what_logstash_refuses(case: Case) -> None:
    """No more and no less."""
    refused = any(finding.severity is Severity.ERROR for finding in found_in(case))
    assert refused is case.refused


@pytest.mark.parametrize("case", [case for case in CASES if not case.refused], ids=str)
def test_warnings_are_those_that_were_judged(case: Case) -> None:
    """A new warning on a case must be looked at, and a lost one too."""
    assert set(codes(found_in(case))) - {"slow-grok"} == WARNED.get(case.folder.name, set())


@pytest.mark.parametrize("file", sorted(_LOGSTASH.glob("*.conf")), ids=lambda path: path.name)
def test_our_own_pipelines_are_clean(file: Path) -> None:
    """Nothing is found in them that is not allowed with a reason."""
    assert findings(file.read_text(encoding="utf-8"), ecs=EcsCompatibility.V8) == []

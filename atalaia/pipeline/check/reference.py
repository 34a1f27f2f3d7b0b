"""The list of checks: ``python -m atalaia.pipeline.check.reference > docs/pipeline-checks.md``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Final

from atalaia.pipeline.check.finding import Severity
from atalaia.pipeline.check.registry import CHECKS

_PREFACE: Final = """# What `atalaia pipeline check` looks for

Made by `python -m atalaia.pipeline.check.reference > docs/pipeline-checks.md`; a test compares the two.

`atalaia pipeline check` reads Logstash configurations as Logstash does and reports everything it finds in one go: what
would be refused at load, and what would surprise, here or on a real Logstash. It follows events from the inputs through
every branch, so that it knows which fields and tags can be there; where anything may be (JSON at the root of an event,
a plugin it does not know), it claims nothing.

A finding that is meant is allowed by a comment, at the end of its line or alone on a line above it, with the reason:

```text
# check: allow unordered-comparison: the status was tested to be a number above
if [http][response][status_code] >= 500 {
```
"""
_TITLES: Final = {
    Severity.ERROR: ("Errors", "The configuration is refused. Exit status 1."),
    Severity.WARNING: (
        "Warnings",
        "It loads, and does something else than it seems to. Exit status 1 with `--strict`.",
    ),
    Severity.INFO: ("Hints", "Worth knowing. They do not change the exit status."),
}


def reference() -> str:
    """Return the list of checks as Markdown."""
    return "\n".join([_PREFACE, *(line for severity in Severity for line in _section(severity))])


def _section(severity: Severity) -> Iterator[str]:
    title, meaning = _TITLES[severity]
    yield f"## {title}\n\n{meaning}\n\n| code | why |\n| --- | --- |"
    for check in CHECKS.values():
        if check.severity is severity:
            yield f"| `{check.code}` | {check.explanation} |"
    yield ""


if __name__ == "__main__":
    sys.stdout.write(reference())

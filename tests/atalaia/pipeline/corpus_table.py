"""The results of the Logstash corpus as a table: ``python -m tests.atalaia.pipeline.corpus_table`` writes it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Final

from tests.atalaia.pipeline.corpus import Case, read_cases
from tests.atalaia.pipeline.corpus_verdicts import Judged, Verdict, judge

DOCUMENT: Final = Path(__file__).parents[3] / "docs" / "logstash-corpus.md"

_PREFACE: Final = """# What Logstash printed, and what Atalaia prints

Made by `python -m tests.atalaia.pipeline.corpus_table`; a test compares the two. The corpus holds configurations and
events with what Logstash 9.5.2 printed for them. A case is *equal* when every event it prints has the same fields with
the same values in the same order of events; a case that Logstash refuses at load must be refused here, and no other.
"""


def table(cases: Sequence[Case]) -> str:
    """Return the document: a row for each family of cases, then every case that is not simply equal."""
    judged = [judge(case) for case in cases]
    return "\n".join([_PREFACE, *_families(judged), "", *_refusals(judged), *_differences(judged), ""])


def _families(judged: Sequence[Judged]) -> Iterator[str]:
    yield "| cases of | cases | events | equal | refused, as in Logstash | refused here only | different |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    for family, group in groupby(judged, key=lambda each: each.case.folder.name.partition("-")[0]):
        yield _row(family, list(group))
    yield _row("**all**", judged)


def _row(name: str, judged: Sequence[Judged]) -> str:
    verdicts = [each.verdict for each in judged]
    different = verdicts.count(Verdict.DIFFERENT) + verdicts.count(Verdict.ACCEPTED_HERE)
    counts = [
        len(judged),
        sum(each.events for each in judged),
        *(verdicts.count(each) for each in (Verdict.EQUAL, Verdict.REFUSED_BY_BOTH, Verdict.REFUSED_HERE)),
        different,
    ]
    return f"| {name} | {' | '.join(map(str, counts))} |"


def _refusals(judged: Sequence[Judged]) -> Iterator[str]:
    yield "## Refused\n"
    for each in judged:
        if each.verdict in (Verdict.REFUSED_BY_BOTH, Verdict.REFUSED_HERE):
            problem = each.details.splitlines()[0].partition("pipeline.conf:")[2]
            yield f"- `{each.case}`, {each.verdict}: {problem}"


def _differences(judged: Sequence[Judged]) -> Iterator[str]:
    for each in judged:
        if each.verdict in (Verdict.DIFFERENT, Verdict.ACCEPTED_HERE):
            yield f"- `{each.case}`, {each.verdict}: {each.details}"


if __name__ == "__main__":
    DOCUMENT.write_text(table(read_cases()), encoding="utf-8")

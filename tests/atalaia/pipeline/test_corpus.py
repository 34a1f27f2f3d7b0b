"""Our executor prints what Logstash 9.5.2 printed, for every case of the corpus."""

from __future__ import annotations

from typing import Final

import pytest

from tests.atalaia.pipeline.corpus import Case, corpus_root, read_cases
from tests.atalaia.pipeline.corpus_table import DOCUMENT, table
from tests.atalaia.pipeline.corpus_verdicts import Verdict, judge

ALL_CASES: Final = 149
CASES: Final = read_cases()


def test_the_corpus_is_there() -> None:
    """Without the corpus nothing below would run, and nothing would be proved."""
    message = f"the Logstash corpus is not at {corpus_root()}: set ATALAIA_SHARED to the folder that holds it"
    assert len(CASES) == ALL_CASES, message


@pytest.mark.parametrize("case", CASES, ids=str)
def test_case(case: Case) -> None:
    """The case prints what Logstash printed, and is refused where Logstash refuses it, and only there."""
    judged = judge(case)
    expected = Verdict.REFUSED_BY_BOTH if case.refused else Verdict.EQUAL
    assert judged.verdict is expected, judged.details


def test_the_table_in_the_documents_is_true() -> None:
    """``docs/logstash-corpus.md`` is what the generator writes."""
    assert DOCUMENT.read_text(encoding="utf-8") == table(CASES), "run: python -m tests.atalaia.pipeline.corpus_table"

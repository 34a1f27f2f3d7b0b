"""Tables of two fields stay within 80 columns."""

from __future__ import annotations

import pytest

from tests.atalaia.cli.conftest import Run


@pytest.mark.parametrize("analysis", ["errors", "latency", "throughput", "availability"])
def test_two_fields_and_the_rest_fit(run: Run, capsys: pytest.CaptureFixture[str], analysis: str) -> None:
    """Names and values are folded, numbers are not; the verdict is a sentence of its own."""
    run(analysis, "--by", "method", "--by", "browser", "--by", "status", "--top", "1", "--rank", "requests")
    lines = capsys.readouterr().out.splitlines()[1:]
    assert any("the rest" in line for line in lines)
    assert max(map(len, lines)) <= 80

"""The committed saved objects are what their sources build, byte for byte."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from logging_lib.errors import AtalaiaError
from tests.kibana.building.build import RESULT, built
from tests.kibana.building.compiler import compile_dashboards, interpreter
from tests.kibana.saved_objects import KIBANA


def test_the_committed_file_is_what_the_sources_build() -> None:
    """An edit of a source without ``make kibana``, or of the result by hand, shows here."""
    assert built(KIBANA) == RESULT.read_text(encoding="utf-8"), "run make kibana and commit what it writes"


def test_a_source_that_is_not_understood_fails_the_build(tmp_path: Path) -> None:
    """The compiler leaves such a file out and succeeds; the build does not."""
    (tmp_path / "wrong.yaml").write_text("dashboards: [{name: x, panels: [{nonsense: 1}]}]", encoding="utf-8")
    with pytest.raises(AtalaiaError, match="do not compile"):
        compile_dashboards(tmp_path, tmp_path / "out.ndjson")


def test_a_formula_compiles(tmp_path: Path) -> None:
    """With a TatSu from 5.18 on the compiler waits forever on any formula; the pinned one does not."""
    board = {"data_view": "v", "type": "metric", "primary": {"id": "m", "formula": "count(kql='a : 1') / count()"}}
    panel = {"title": "t", "size": {"w": 8, "h": 4}, "lens": board}
    source = {"dashboards": [{"id": "d", "name": "d", "panels": [panel]}]}
    (tmp_path / "d.yaml").write_text(json.dumps(source), encoding="utf-8")
    compile_dashboards(tmp_path, tmp_path / "out.ndjson")
    assert "mX0" in (tmp_path / "out.ndjson").read_text(encoding="utf-8")


def test_a_wrong_interpreter_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """PYTHON312 that names something else is an error, never a silent other choice."""
    other = tmp_path / "python"
    other.write_text("#!/bin/sh\necho 3.11\n", encoding="utf-8")
    other.chmod(0o755)
    monkeypatch.setenv("PYTHON312", str(other))
    with pytest.raises(AtalaiaError, match=r"no Python 3\.12"):
        interpreter(tmp_path)

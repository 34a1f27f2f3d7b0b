"""``docs/pipeline-tests.md``: the reference is that of the models, and what it shows is what happens."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from atalaia.cli.main import main
from atalaia.pipeline.cases.reference import reference

TEXT = (Path(__file__).parents[4] / "docs" / "pipeline-tests.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


def blocks(language: str) -> list[str]:
    """Return the fenced blocks of a language."""
    return [body for name, body in BLOCKS if name == language]


def test_the_reference_is_made_from_the_models() -> None:
    """The last part of the page says what the models say: every key, every default, every matcher."""
    said = TEXT[TEXT.index("### The file") :]
    assert said.rstrip("\n") == reference().rstrip("\n"), "see `python -m atalaia.pipeline.cases.reference`"


def test_the_example_does_what_the_page_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Saved and run, the example passes and covers everything; changed as the page says, it fails in these words."""
    pipeline, passes, fails = blocks("text")[:3]
    (cases,) = blocks("yaml")
    (tmp_path / "shop.conf").write_text(pipeline, encoding="utf-8")
    (tmp_path / "shop.cases.yaml").write_text(cases, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    words = passes.partition("\n")[0].split()[2:]
    assert main(words) == 0
    assert timeless(capsys.readouterr().out) == timeless(passes.partition("\n")[2])
    (tmp_path / "shop.cases.yaml").write_text(cases.replace("took: 0.25\n", "took: 250\n"), encoding="utf-8")
    assert main(("pipeline", "test", "shop.cases.yaml")) == 1
    assert timeless(capsys.readouterr().out) == timeless(fails)


def timeless(text: str) -> str:
    """Return what was printed, without how long it took."""
    return re.sub(r"in [\d.]+ s", "in T s", text)

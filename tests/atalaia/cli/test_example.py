"""``atalaia example``: what it prints is what the commands read."""

from __future__ import annotations

from pathlib import Path

import pytest

from atalaia.cli.exemplifying import FILES
from atalaia.cli.main import main

EXAMPLES = Path(__file__).parents[3] / "examples"


def test_every_example_of_the_checkout_is_offered(capsys: pytest.CaptureFixture[str]) -> None:
    """None is forgotten, and each is printed as it stands in the folder."""
    assert sorted(FILES) == sorted(file.name for file in EXAMPLES.iterdir() if file.is_file())
    for name in FILES:
        assert main(["example", name]) == 0
        assert capsys.readouterr().out == (EXAMPLES / name).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "reader", "said"),
    [
        ("sla.toml", ["sla", "check"], "availability: 99.9 % of requests do not fail"),
        ("schedule.toml", ["schedule", "list"], "every 5m"),
    ],
)
def test_an_example_is_read_where_it_is_looked_for(
    name: str,
    reader: list[str],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Written into the working folder under its own name, it is the file that the command goes by."""
    monkeypatch.chdir(tmp_path)
    assert main(["example", name]) == 0
    Path(name).write_text(capsys.readouterr().out, encoding="utf-8")
    assert main(reader) == 0
    assert said in capsys.readouterr().out

"""docs/logging.md says what the code does: the table of settings, the programs, the names."""

from __future__ import annotations

import importlib
import os
import re
import subprocess
import sys
from pathlib import Path

from logging_lib.log_options import OPTIONS

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "logging.md").read_text(encoding="utf-8")


def section(name: str) -> str:
    """Return the text of one section."""
    return re.split(r"^## ", TEXT.split(f"\n## {name}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]


def programs(name: str) -> list[str]:
    """Return the Python that a section shows."""
    return re.findall(r"^```python\n(.*?)^```", section(name), re.MULTILINE | re.DOTALL)


def run(directory: Path, *command: str) -> None:
    """Run a command with the library at hand; it must succeed."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "ATALAIA_SERVICE": "documented"}
    ran = subprocess.run(
        [sys.executable, *command], cwd=directory, env=environment, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_the_table_of_settings_is_the_codes() -> None:
    """Every setting has its line, there or with what it belongs to, and the table tells nothing else."""
    rows = [f"| `{each.name}` | `{each.variable}` | {each.shown} | {each.meaning} |" for each in OPTIONS]
    assert [row for row in rows if row not in TEXT.splitlines()] == [], "add these lines"
    table = [line for line in section("Settings").splitlines() if line.startswith("| `")]
    assert [line for line in table if line not in rows] == [], "these say what is not so"


def test_the_shown_defaults_are_the_codes() -> None:
    """Where the table shows a default as a value, it is the one that holds."""
    shown = {option.name: re.match(r"`([^`]*)`", option.shown) for option in OPTIONS}
    values = {name: found[1] for name, found in shown.items() if found and name != "levels"}
    for option in OPTIONS:
        assert option.name not in values or option.read(values[option.name]) == option.default, option.name
    assert {"environment", "directory", "level", "stream"} <= set(values)


def test_the_programs_run(tmp_path: Path) -> None:
    """What is shown to begin with, as a test and as a check of a directory, runs as it stands."""
    (start,) = programs("Start")
    test, check = programs("Testing")
    (tmp_path / "test_shop.py").write_text(test, encoding="utf-8")
    run(tmp_path, "-c", start)
    run(tmp_path, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_shop.py")
    assert [path.name for path in (tmp_path / "logs").iterdir()]
    run(tmp_path, "-c", check)


def test_the_names_exist() -> None:
    """What the text names by its path in the library is there."""
    names = set(re.findall(r"\blogging_lib(?:\.\w+)+", TEXT)) - {"logging_lib.asgi"}
    assert "logging_lib.gunicorn.Logger" in names
    for name in names:
        found: object = importlib.import_module("logging_lib")
        for place, part in enumerate(name.split(".")[1:], start=2):
            if not hasattr(found, part):
                importlib.import_module(".".join(name.split(".")[:place]))
            found = getattr(found, part)

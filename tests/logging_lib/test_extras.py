"""A missing package is told by the command that installs it."""

from __future__ import annotations

import configparser
from pathlib import Path

from logging_lib.extras import missing

ROOT = Path(__file__).resolve().parents[2]


def test_the_remedy_is_a_command_that_installs_it() -> None:
    """The extra is named, and the package alone for who wants nothing but the logging library."""
    error = missing("redis", "redis")
    assert str(error) == (
        "redis is not installed, and this integration needs it; "
        "pip install 'atalaia[redis]', or pip install redis where only the logging library is wanted"
    )


def test_what_always_comes_along_needs_no_extra() -> None:
    """Flask and psutil have no extra: the remedy names the package alone."""
    assert missing(None, "flask").remedy == "pip install flask"


def test_the_extras_that_integrations_name_exist() -> None:
    """Every ``missing("extra", …)`` in the library names an extra of setup.cfg."""
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg")
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "logging_lib").rglob("*.py"))
    named = {part.split('"')[0] for part in sources.split('missing("')[1:]}
    assert named - set(config["options.extras_require"]) == set()

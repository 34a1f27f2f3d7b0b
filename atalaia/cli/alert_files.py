"""Which alert rules a command goes by: those of a file, or the documented thresholds."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from analyzers.alerts.rules.loading import load_rules
from analyzers.alerts.rules.model import RuleFile
from analyzers.alerts.rules.surroundings import Surroundings
from atalaia.cli.runtime import note

DEFAULT_RULES: Final = Path("alerts.toml")

RULES: Final = click.option(
    "--rules",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    envvar="ATALAIA_ALERTS",
    show_envvar=True,
    help=f"The alert rules.  [default: ./{DEFAULT_RULES}, and without it the documented thresholds]",
)
HOST: Final = click.option(
    "--host",
    is_flag=True,
    help="Look at this machine's processors, memory and disk where none of its samples are stored.",
)


def named_rules(path: Path | None, profile: str, around: Surroundings) -> RuleFile | None:
    """Return the rules of the file that is named or of ``./alerts.toml``; without one say so, and return ``None``.

    Args:
        path: The file a person named; it must be there.
        profile: Whose thresholds apply when there is no file.
        around: The edges of the rules.

    Raises:
        TomlError: When the file cannot be read or says something wrong.
    """
    found = found_file(path)
    if found is not None:
        return load_rules(found, around)
    note(f"there is no ./{DEFAULT_RULES}: going by the documented thresholds ({profile})")
    return None


def found_file(path: Path | None) -> Path | None:
    """Return the file of rules that was named, or the one in the working directory; ``None`` where there is none."""
    return path if path is not None or not DEFAULT_RULES.exists() else DEFAULT_RULES

"""The directory a demonstration lives in: made afresh at each start, and never somebody else's."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from logging_lib.errors import AtalaiaError

MARKER: Final = ".atalaia-demo"
"""A file that says: this directory was made by a demonstration and may be thrown away by the next."""


@dataclass(frozen=True, slots=True)
class DemoDirectory:
    """Where everything of one demonstration is.

    Attributes:
        root: The directory as the person named it.
    """

    root: Path

    @property
    def history(self) -> Path:
        """The generated log files of the past."""
        return self.root / "history"

    @property
    def logs(self) -> Path:
        """Where the running help desk logs."""
        return self.root / "logs"

    @property
    def store(self) -> Path:
        """The embedded store."""
        return self.root / "data"

    @property
    def dead_letter(self) -> Path:
        """Where lines go that cannot be understood."""
        return self.store / "dead-letter"

    @property
    def alerts(self) -> Path:
        """What has been alerted."""
        return self.root / "alerts.sqlite"


def prepare(root: Path) -> DemoDirectory:
    """Make the directory, throwing away an earlier demonstration's.

    Raises:
        AtalaiaError: When it holds anything else, or cannot be written.
    """
    if root.exists() and not root.is_dir():
        raise AtalaiaError(f"{root} is a file", "give --directory a directory that does not exist yet")
    if root.exists() and any(root.iterdir()) and not (root / MARKER).exists():
        raise AtalaiaError(
            f"{root} holds files that no demonstration made", "give --directory one that does not exist yet"
        )
    try:
        if root.exists():
            shutil.rmtree(root)
        made = DemoDirectory(root)
        made.history.mkdir(parents=True)
        made.logs.mkdir()
        (root / MARKER).touch()
    except OSError as error:
        raise AtalaiaError(
            f"cannot make {root}: {error.strerror}", "give --directory one that you may write"
        ) from error
    return made

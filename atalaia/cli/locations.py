"""Where a command finds the events, and what is kept beside them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from atalaia.cli.runtime import DEFAULT_STORE

STORE: Final = click.option(
    "--store",
    metavar="URL",
    envvar="ATALAIA_STORE",
    default=DEFAULT_STORE,
    show_default=True,
    show_envvar=True,
    help="Where the events are: a directory (embedded store) or an http(s):// Elasticsearch; several hosts of it are "
    "separated by commas.",
)
PATH_DATA: Final = click.option(
    "--path-data",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where pipelines note how far they have read, and keep their counters; by default the store's directory.",
)
_REMOTE: Final = ("http://", "https://")


def default_dead_letter(store: str) -> Path:
    """Return where dead letters go when nobody says: beside the events, or in the working directory."""
    return Path("atalaia-dead-letter") if is_remote(store) else Path(store) / "dead-letter"


def default_data_directory(store: str) -> Path:
    """Return where counters and read positions are kept when nobody says: beside the events."""
    return Path(DEFAULT_STORE if is_remote(store) else store)


def default_copies(source: str, target: str) -> Path:
    """Return where a copy notes how far it has come when nobody says: beside the events copied to, or from."""
    beside = next((each for each in (target, source) if not is_remote(each)), None)
    return Path("atalaia-copies") if beside is None else Path(beside) / "copies"


def is_remote(store: str) -> bool:
    """Tell whether a store is an Elasticsearch, not a directory."""
    return store.lower().startswith(_REMOTE)

"""``atalaia store``: look after a store as a whole."""

from __future__ import annotations

from typing import Final

import click

from atalaia.cli.groups import Lazy, LazyGroup

COMMANDS: Final[tuple[Lazy, ...]] = (Lazy("copy", "atalaia.cli.store_copying", "copy"),)
"""The commands below ``atalaia store``, in the order of ``--help``; each is imported only when it is named."""


@click.group("store", cls=LazyGroup, lazy=COMMANDS, short_help="Look after a store: copy it")
def store() -> None:
    """Look after a store as a whole: a directory, or an http(s):// Elasticsearch."""

"""``atalaia store``: look after a store as a whole."""

from __future__ import annotations

from typing import Final

import click

from atalaia.cli.groups import Lazy, LazyGroup

COMMANDS: Final[tuple[Lazy, ...]] = (
    Lazy("info", "atalaia.cli.store_info", "info"),
    Lazy("verify", "atalaia.cli.store_verify", "verify"),
    Lazy("compact", "atalaia.cli.store_compact", "compact"),
    Lazy("expire", "atalaia.cli.store_expire", "expire"),
    Lazy("copy", "atalaia.cli.store_copying", "copy"),
)
"""The commands below ``atalaia store``, in the order of ``--help``; each is imported only when it is named."""


@click.group("store", cls=LazyGroup, lazy=COMMANDS, short_help="Look after a store: is it sound, is it small; copy it")
def store() -> None:
    """Look after a store as a whole: a directory, or (for copy) an http(s):// Elasticsearch too."""

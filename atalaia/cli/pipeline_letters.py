"""``atalaia pipeline dlq``: see dead letters, and send them again."""

from __future__ import annotations

from typing import Final

import click

from atalaia.cli.groups import Lazy, LazyGroup

COMMANDS: Final = (
    Lazy("list", "atalaia.cli.letters_listing", "list_letters"),
    Lazy("replay", "atalaia.cli.letters_replaying", "replay"),
)


@click.group("dlq", cls=LazyGroup, lazy=COMMANDS, short_help="See dead letters, and send them again")
def dlq() -> None:
    """See dead letters, and send them again: what could not be read, worked on or stored is kept, never dropped."""

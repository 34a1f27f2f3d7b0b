"""``atalaia kibana``: our dashboards into a Kibana, and back with what somebody changed there."""

from __future__ import annotations

from typing import Final

import click

from atalaia.cli.groups import Lazy, LazyGroup

COMMANDS: Final[tuple[Lazy, ...]] = (
    Lazy("import", "atalaia.cli.kibana_import", "import_command"),
    Lazy("export", "atalaia.cli.kibana_export", "export_command"),
)
"""The commands below ``atalaia kibana``, in the order of ``--help``; each is imported only when it is named."""


@click.group("kibana", cls=LazyGroup, lazy=COMMANDS, short_help="Bring the dashboards into a Kibana, and back")
def kibana() -> None:
    """Bring our data views, searches and dashboards into a Kibana, and see what somebody changed there.

    docs/kibana.md shows what they are and which privileges this needs.
    """

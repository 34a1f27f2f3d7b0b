"""``atalaia elasticsearch``: set up a cluster, look at it, compare it, or start one on this machine."""

from __future__ import annotations

from typing import Final

import click

from atalaia.cli.groups import Lazy, LazyGroup

COMMANDS: Final[tuple[Lazy, ...]] = (
    Lazy("setup", "atalaia.cli.elastic_setup", "setup"),
    Lazy("status", "atalaia.cli.elastic_status", "status"),
    Lazy("diff", "atalaia.cli.elastic_diff", "diff"),
    Lazy("local", "atalaia.cli.elastic_local", "local"),
)
"""The commands below ``atalaia elasticsearch``, in the order of ``--help``; each is imported only when it is named."""


@click.group("elasticsearch", cls=LazyGroup, lazy=COMMANDS, short_help="Set up, look at and compare an Elasticsearch")
def elasticsearch() -> None:
    """Set up an Elasticsearch for our documents, look at it, compare it with what we ship, or start one here.

    docs/elasticsearch.md says which rights each command needs, and what happens to documents on the way.
    """

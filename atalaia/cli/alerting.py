"""``atalaia alerts``: judge now, tell once."""

from __future__ import annotations

from typing import Final

import click

from atalaia.cli.groups import Lazy, LazyGroup

COMMANDS: Final[tuple[Lazy, ...]] = (
    Lazy("check", "atalaia.cli.alert_checking", "check"),
    Lazy("list", "atalaia.cli.alert_listing", "list_alerts"),
    Lazy("silence", "atalaia.cli.alert_silencing", "silence"),
    Lazy("ack", "atalaia.cli.alert_acknowledging", "ack"),
    Lazy("test", "atalaia.cli.alert_testing", "test"),
    Lazy("replay", "atalaia.cli.alert_replaying", "replay_alerts"),
    Lazy("rules", "atalaia.cli.alert_rules", "rules"),
)
"""The commands below ``atalaia alerts``, in the order of ``--help``; each is imported only when it is named."""


@click.group("alerts", cls=LazyGroup, lazy=COMMANDS, short_help="Tell when something is wrong, and when that is over")
def alerts() -> None:
    """Tell when something is wrong, and when that is over: each once, on every channel that is to know."""

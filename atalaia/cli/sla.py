"""``atalaia sla``: what was promised, and what became of it."""

from __future__ import annotations

from typing import Final

from atalaia.cli.groups import Lazy, LazyGroup

COMMANDS: Final[tuple[Lazy, ...]] = (
    Lazy("show", "atalaia.cli.sla_show", "show"),
    Lazy("budget", "atalaia.cli.sla_budget", "budget"),
    Lazy("explain", "atalaia.cli.sla_explain", "explain"),
    Lazy("check", "atalaia.cli.sla_check", "check"),
    Lazy("seal", "atalaia.cli.sla_seal", "seal_command"),
    Lazy("judge", "atalaia.cli.sla_judge", "judge"),
)
"""Every command, in the order of ``--help``."""

sla: Final = LazyGroup(
    "sla",
    lazy=COMMANDS,
    help="Whether the service-level agreement was kept, and what is left of its error budgets.\n\n"
    "The agreement is a file, ./sla.toml: start with 'atalaia example sla.toml > sla.toml' and 'atalaia sla check'. "
    "Without one, three objectives that are built in are judged: 99.9 % of requests do not fail, 95 % take less than "
    "2 s, and less than 1 % fail.",
    short_help="Whether the service-level agreement was kept",
)

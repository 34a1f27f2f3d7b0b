"""``atalaia example``: a file to start from."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

import click

import atalaia
from analyzers.assets import asset_root
from atalaia.cli.teaching import Command

FILES: Final = ("sla.toml", "alerts.toml", "schedule.toml", "flask_app.py", "asgi_app.py")
"""What there is, first things first."""


@click.command(
    "example",
    cls=Command,
    short_help="Print a file to start from: a contract, alert rules, a schedule",
    examples=("atalaia example sla.toml > sla.toml", "atalaia example alerts.toml > alerts.toml"),
)
@click.argument("name", metavar="FILE", type=click.Choice(FILES))
def example(name: str) -> int:
    """Print a file to start from, complete and with comments.

    FILE is sla.toml, alerts.toml, schedule.toml, flask_app.py or asgi_app.py.
    """
    sys.stdout.write((asset_root("examples", Path(atalaia.__file__).parent) / name).read_text(encoding="utf-8"))
    return 0

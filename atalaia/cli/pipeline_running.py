"""``atalaia pipeline run``."""

from __future__ import annotations

from pathlib import Path

import click

from atalaia.cli.runtime import ExitStatus, Runtime
from atalaia.cli.teaching import Command


@click.command("run", cls=Command, short_help="Run pipelines", examples=("atalaia pipeline run filter.conf",))
@click.argument("files", metavar="CONF…", nargs=-1, type=click.Path(path_type=Path))
@click.pass_obj
def run(runtime: Runtime, /, files: tuple[Path, ...]) -> int:
    """Run pipelines."""
    del runtime, files
    return ExitStatus.OK

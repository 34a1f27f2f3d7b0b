"""``atalaia kibana import``: our saved objects into a space of a Kibana."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import click

from atalaia.cli.kibana_options import Meant, meaning, met, objects_of
from atalaia.cli.render.safe import printable
from atalaia.cli.runtime import ExitStatus, Runtime
from atalaia.cli.teaching import Command
from atalaia.kibana.objects import SavedObject

if TYPE_CHECKING:
    from atalaia.kibana.connection import Kibana


class Typed(Meant):
    """The options of ``kibana import``, as click passes them."""

    file: Path | None
    overwrite: bool
    dry_run: bool


@click.command(
    "import",
    cls=Command,
    short_help="Import the data views, searches and dashboards; again as often as you like",
    examples=(
        "atalaia kibana import --kibana http://127.0.0.1:5601 --wait 5m",
        "atalaia kibana import --kibana https://kibana.example:5601 --space ti-osn --user ana --ca-certs ca.crt",
        "atalaia kibana import --dry-run",
    ),
)
@click.argument("file", metavar="[FILE]", required=False, type=click.Path(dir_okay=False, path_type=Path))
@meaning
@click.option(
    "--overwrite/--no-overwrite",
    default=True,
    show_default=True,
    help="Whether objects of the same ids are replaced, with what somebody changed in them.",
)
@click.option("--dry-run", is_flag=True, help="Say what would become of each object, and change nothing.")
@click.pass_obj
def import_command(runtime: Runtime, /, **typed: Unpack[Typed]) -> int:
    """Import saved objects: those that come with Atalaia, or those of FILE.

    Their ids are fixed, so a second import replaces the first. Objects of other ids are left alone.

    Exit status: 0 all are imported, 2 Kibana refused some (it says which and why), or a mistake.
    """
    del runtime  # nothing here depends on the time
    objects = objects_of(typed["file"])
    from atalaia.kibana.importing import import_objects  # noqa: PLC0415 - the client takes long to import

    with met(typed) as kibana:
        if typed["dry_run"]:
            return _foretell(kibana, objects, overwrite=typed["overwrite"])
        taken = import_objects(kibana, objects, overwrite=typed["overwrite"])
        sys.stdout.write(printable(f"imported {taken} objects into {kibana.place.shown}") + "\n")
    return ExitStatus.OK


def _foretell(kibana: Kibana, objects: Sequence[SavedObject], *, overwrite: bool) -> int:
    from atalaia.kibana.comparing import State, compare  # noqa: PLC0415 - the client takes long to import
    from atalaia.kibana.exporting import export_objects  # noqa: PLC0415 - the same

    found = export_objects(kibana, [(each.type, each.id) for each in objects])
    replaced = "would be replaced" if overwrite else "would be refused"
    words = {State.MISSING: "would be new", State.EQUAL: "is there as in the file", State.CHANGED: replaced}
    for each in compare(objects, found):
        sys.stdout.write(printable(f"{each.item.name}: {words[each.state]}") + "\n")
        for change in each.changes if overwrite else ():
            sys.stdout.write(printable(f"    {change}") + "\n")
    return ExitStatus.OK

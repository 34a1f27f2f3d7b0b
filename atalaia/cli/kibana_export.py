"""``atalaia kibana export``: saved objects back from a Kibana, and what somebody changed in them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, Unpack

import click

from atalaia.cli.kibana_options import Meant, meaning, met, objects_of
from atalaia.cli.render.safe import printable
from atalaia.cli.runtime import ExitStatus, Runtime, note
from atalaia.cli.teaching import Command
from atalaia.cli.writing import write_output
from atalaia.kibana.objects import SavedObject, as_lines

if TYPE_CHECKING:
    from atalaia.kibana.comparing import Comparison

_MOST: Final = 20
"""Changes of one object that are told."""


class Typed(Meant):
    """The options of ``kibana export``, as click passes them."""

    file: Path | None
    output: Path | None
    deep: bool
    compare: bool


@click.command(
    "export",
    cls=Command,
    short_help="Export the objects again, or say what somebody changed in them",
    examples=(
        "atalaia kibana export --compare",
        "atalaia kibana export --output atalaia.ndjson",
        "atalaia kibana export ours.ndjson --space ti-osn --deep --output theirs.ndjson",
    ),
)
@click.argument("file", metavar="[FILE]", required=False, type=click.Path(dir_okay=False, path_type=Path))
@meaning
@click.option(
    "--output", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path), help="Write there instead of stdout."
)
@click.option("--deep", is_flag=True, help="Bring along what the objects refer to, also what is not in FILE.")
@click.option("--compare", is_flag=True, help="Say what is different in Kibana, instead of the objects.")
@click.pass_obj
def export_command(runtime: Runtime, /, **typed: Unpack[Typed]) -> int:
    """Export the saved objects that come with Atalaia, or those that FILE has, as Kibana has them now.

    What is written has no user, no instant and no counter of a cluster, and its keys are in order: a difference
    between two exports is what somebody changed.

    Exit status: 0 fine; with --compare 1 when an object is missing or changed; 2 a mistake, or none is there.
    """
    del runtime  # nothing here depends on the time
    if typed["compare"] and (typed["output"] or typed["deep"]):
        raise click.UsageError("--compare writes no objects; leave out --output and --deep")
    from atalaia.kibana.comparing import compare  # noqa: PLC0415 - the client takes long to import
    from atalaia.kibana.exporting import export_objects  # noqa: PLC0415 - the same

    objects = objects_of(typed["file"])
    with met(typed) as kibana:
        found = export_objects(kibana, [(each.type, each.id) for each in objects], deep=typed["deep"])
    if typed["compare"]:
        return _told(compare(objects, found))
    return _written(objects, found, typed["output"])


def _written(objects: Sequence[SavedObject], found: Sequence[SavedObject], output: Path | None) -> int:
    there = {(each.type, each.id) for each in found}
    missing = [each.name for each in objects if (each.type, each.id) not in there]
    if missing:
        note(f"{len(missing)} of {len(objects)} objects are not in this Kibana: {', '.join(missing)}")
    if not found:
        return ExitStatus.ERROR
    if output is None:
        sys.stdout.write(as_lines(found))
    else:
        write_output(output, as_lines(found))
        note(f"wrote {len(found)} objects to {output}")
    return ExitStatus.OK


def _told(compared: Sequence[Comparison]) -> int:
    from atalaia.kibana.comparing import State  # noqa: PLC0415 - the client takes long to import

    for each in [each for each in compared if each.state is not State.EQUAL]:
        sys.stdout.write(printable(f"{each.item.name}: {each.state}") + "\n")
        for change in each.changes[:_MOST]:
            sys.stdout.write(printable(f"    {change}") + "\n")
        if len(each.changes) > _MOST:
            sys.stdout.write(f"    and {len(each.changes) - _MOST} more\n")
    equal = sum(each.state is State.EQUAL for each in compared)
    sys.stdout.write(f"{equal} of {len(compared)} objects are as in the file\n")
    return ExitStatus.OK if equal == len(compared) else ExitStatus.BREACH

"""``atalaia report``: the weekly report as a file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TypedDict, Unpack
from zoneinfo import ZoneInfo

import click

from analyzers.analysis import State
from analyzers.fields import REQUEST_STREAM
from analyzers.reports import IsoWeek, last_complete_week, parse_week, render_html, to_json, weekly_report
from analyzers.selection import parse_zone
from analyzers.store.open import open_store
from analyzers.store.schema import load_schema
from atalaia.cli.asking import parse_conditions
from atalaia.cli.locations import STORE
from atalaia.cli.options import WHERE, ZONE
from atalaia.cli.render.safe import one_line
from atalaia.cli.runtime import Runtime, note
from atalaia.cli.status import STATUS_OF_STATE
from atalaia.cli.teaching import Command
from atalaia.cli.writing import write_output
from logging_lib.errors import AtalaiaError


class Typed(TypedDict):
    """The options of ``report weekly``, as click passes them."""

    week: str
    output: str
    form: str
    where: tuple[str, ...]
    zone: str
    store: str


@click.group("report", short_help="Write a report")
def report() -> None:
    """Write a report."""


@report.command(
    "weekly",
    cls=Command,
    short_help="The week in one page, compared with the week before",
    examples=(
        "atalaia report weekly --output week.html --tz America/Sao_Paulo",
        "atalaia report weekly --week 2024-W03 --format json --output -",
    ),
)
@click.option(
    "--week", metavar="WEEK", default="last", show_default=True, help="2024-W03, or last: the last complete one."
)
@click.option(
    "--output",
    metavar="FILE",
    required=True,
    help="The file to write; - is stdout. A folder, or a name that ends in /, gets a file named after the week.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(("html", "json")),
    default="html",
    show_default=True,
    help="A page for people (one file, no scripts), or JSON for programs.",
)
@WHERE
@ZONE
@STORE
@click.pass_obj
def weekly(runtime: Runtime, /, **typed: Unpack[Typed]) -> int:
    """The week in one page: the verdict, the numbers beside those of the week before, the charts, what to look at.

    Weeks start on Monday at midnight in --tz. What was not measured is shown as unmeasured, never as zero.

    Exit status: 0 every objective met, 1 one missed, 2 nothing to judge or a mistake.
    """
    zone, where = parse_zone(typed["zone"]), parse_conditions(typed["where"], load_schema(REQUEST_STREAM))
    week = _week(runtime, typed["week"], zone)
    with open_store(typed["store"], clock=runtime.clock) as store:
        made = weekly_report(store, week, zone, where=where)
    _write(render_html(made) if typed["form"] == "html" else to_json(made, runtime.clock()), _file(typed, week))
    note(f"{week}: {one_line(made.verdict)}")
    if made.state is State.UNMEASURED:
        note("nothing to judge: the report says what was not measured")
    return STATUS_OF_STATE[made.state]


def _week(runtime: Runtime, text: str, zone: ZoneInfo) -> IsoWeek:
    return last_complete_week(runtime.clock(), zone) if text == "last" else parse_week(text)


def _file(typed: Typed, week: IsoWeek) -> Path:
    """Return the file to write: in a folder, which is made when missing, one named after the week."""
    path = Path(typed["output"])
    if not typed["output"].endswith("/") and not path.is_dir():
        return path
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise AtalaiaError(f"cannot make the folder {path}: {error.strerror}", "give --output another one") from error
    return path / f"{week}.{typed['form']}"


def _write(content: str, output: Path) -> None:
    if str(output) == "-":
        sys.stdout.write(content)
        return
    write_output(output, content)
    note(f"wrote {output}")

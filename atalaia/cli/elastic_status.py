"""``atalaia elasticsearch status``: the cluster, our templates and our data streams at a glance."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final, Unpack

import click
from rich import box
from rich.filesize import decimal
from rich.table import Table
from rich.text import Text

from atalaia.cli.elastic_options import Reached, reached, reaching
from atalaia.cli.options import TABLE_OR_JSON
from atalaia.cli.render.machine import dumped
from atalaia.cli.render.safe import printable
from atalaia.cli.render.table import console_for, print_whole
from atalaia.cli.runtime import ExitStatus, Runtime
from atalaia.cli.teaching import Command

if TYPE_CHECKING:
    from analyzers.store.elastic.overview import Overview, StreamState

_FOREVER: Final = "for ever"
_UNKNOWN: Final = "?"


class Typed(Reached):
    """The options of ``elasticsearch status``, as click passes them."""

    form: str


@click.command(
    "status",
    cls=Command,
    short_help="Show health, templates and data streams; exit status 1 when something is wrong",
    examples=(
        "atalaia elasticsearch status --elasticsearch http://127.0.0.1:9200",
        "atalaia elasticsearch status --api-key-file /etc/atalaia/key --format json",
    ),
)
@reaching
@TABLE_OR_JSON
@click.pass_obj
def status(runtime: Runtime, /, **typed: Unpack[Typed]) -> int:
    """Show a cluster's health, version and nodes, our templates, and each of our data streams.

    Wrong are: a red cluster, a version other than 9, a template that is missing, older or changed, a data stream whose
    write index maps our fields otherwise, an index or alias under the name of a data stream.

    Exit status: 0 all is well, 1 something is wrong, 2 a mistake, or the cluster cannot be asked.
    """
    del runtime  # nothing here depends on the time
    from analyzers.store.elastic.overview import look  # noqa: PLC0415 - the client takes long to import

    with reached(typed) as connection:
        overview = look(connection)
    if typed["form"] == "json":
        sys.stdout.write(dumped(_json(overview)) + "\n")
    else:
        _print(overview)
    return ExitStatus.BREACH if overview.problems else ExitStatus.OK


def _print(overview: Overview) -> None:
    console = console_for(sys.stdout)
    for line in _lines(overview):
        console.print(line, soft_wrap=True)
    if overview.streams:
        print_whole(console, _table(overview.streams))


def _lines(overview: Overview) -> list[Text]:
    problems = [Text(f"✘ {printable(each)}", style="bold red") for each in overview.problems]
    remarks = [Text(f"! {printable(each)}", style="bold yellow") for each in overview.remarks]
    versions = ", ".join(sorted(set(overview.nodes.values())))
    nodes = f"{len(overview.nodes)} node{'s' if len(overview.nodes) > 1 else ''}"
    lines = [
        *(problems or [Text("✔ all is well", style="bold green")]),
        *remarks,
        Text(printable(f"{overview.url}: {overview.name}, Elasticsearch {versions}, {nodes}, {overview.health}")),
        Text(printable(f"nodes: {', '.join(sorted(overview.nodes))}")),
    ]
    lines += [Text(f"{each.kind} template {each.name}: {each.state}") for each in overview.templates]
    return lines if overview.streams else [*lines, Text("no data streams yet: the first document makes its own")]


def _table(streams: tuple[StreamState, ...]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False, header_style="bold")
    table.add_column("data stream", overflow="fold", min_width=16)
    for name in ("documents", "size", "indices", "kept"):
        table.add_column(name, justify="right", no_wrap=True)
    for name in ("templates", "mapping"):
        table.add_column(name, no_wrap=True)
    for each in streams:
        kept = each.retention or _FOREVER
        fits = "fits" if each.misfit is None else "differs"
        documents = _UNKNOWN if each.documents is None else f"{each.documents:,}"
        size = _UNKNOWN if each.bytes is None else decimal(each.bytes)
        numbers = (documents, size, str(each.backing_indices))
        table.add_row(printable(each.name), *numbers, kept, each.template.value, fits)
    return table


def _json(overview: Overview) -> dict[str, object]:
    return {
        "elasticsearch": overview.url,
        "cluster": overview.name,
        "health": overview.health,
        "nodes": [{"name": name, "version": version} for name, version in sorted(overview.nodes.items())],
        "templates": [
            {
                "kind": each.kind,
                "name": each.name,
                "state": each.state.value,
                "shipped_version": each.shipped_version,
                "installed_version": each.installed_version,
            }
            for each in overview.templates
        ],
        "data_streams": [_stream(each) for each in overview.streams],
        "problems": list(overview.problems),
        "remarks": list(overview.remarks),
    }


def _stream(stream: StreamState) -> dict[str, object]:
    misfit = stream.misfit
    return {
        "name": stream.name,
        "documents": stream.documents,
        "bytes": stream.bytes,
        "backing_indices": stream.backing_indices,
        "retention": stream.retention,
        "templates": stream.template.value,
        "misfit": None if misfit is None else {"field": misfit.name, "found": misfit.found, "wanted": misfit.wanted},
    }

"""``atalaia elasticsearch diff``: what a cluster has against what we ship, field by field."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Final, Unpack

import click
from rich.text import Text

from atalaia.cli.elastic_options import Reached, reached, reaching
from atalaia.cli.render.machine import dumped
from atalaia.cli.render.safe import printable
from atalaia.cli.render.table import console_for
from atalaia.cli.runtime import ExitStatus, Runtime
from atalaia.cli.teaching import Command

if TYPE_CHECKING:
    from analyzers.store.elastic.comparison import Compared
    from analyzers.store.elastic.differences import Difference

_MARKS: Final = {"missing": "-", "extra": "+", "changed": "~"}


class Typed(Reached):
    """The options of ``elasticsearch diff``, as click passes them."""

    form: str


@click.command(
    "diff",
    cls=Command,
    short_help="Compare templates and live mappings with what we ship",
    examples=(
        "atalaia elasticsearch diff --elasticsearch http://127.0.0.1:9200",
        "atalaia elasticsearch diff --format json",
    ),
)
@reaching
@click.option(
    "--format",
    "form",
    type=click.Choice(("text", "json")),
    default="text",
    show_default=True,
    help="Lines for people, or JSON for programs.",
)
@click.pass_obj
def diff(runtime: Runtime, /, **typed: Unpack[Typed]) -> int:
    """Compare the installed templates, and the mappings of existing data streams, with what we ship.

    A line that begins with - is missing in the cluster, + is only there, ~ is there and different. What Elasticsearch
    adds by itself, or writes in another way, is no difference.

    Exit status: 0 all is equal, 1 something differs, 2 a mistake.
    """
    del runtime  # nothing here depends on the time
    from analyzers.store.elastic.comparison import compare  # noqa: PLC0415 - the client takes long to import
    from analyzers.store.elastic.templates import TemplateState  # noqa: PLC0415 - the same

    with reached(typed) as connection:
        compared, url = compare(connection), connection.url
    different = [each for each in compared if each.state is not TemplateState.EQUAL]
    if typed["form"] == "json":
        sys.stdout.write(dumped(_json(compared, url)) + "\n")
    else:
        _print(compared, different)
    return ExitStatus.BREACH if different else ExitStatus.OK


def _print(compared: Sequence[Compared], different: Sequence[Compared]) -> None:
    console = console_for(sys.stdout)
    for each in different:
        console.print(Text(printable(f"{each.what} {each.name}: {each.state}"), style="bold"), soft_wrap=True)
        for line in _lines(each.differences):
            console.print(Text(printable(line)), soft_wrap=True)
    if different:
        console.print(Text(f"{len(different)} of {len(compared)} differ from what we ship"), soft_wrap=True)
    else:
        console.print(Text(f"all {len(compared)} are as we ship them"), soft_wrap=True)


def _lines(differences: Sequence[Difference]) -> Iterator[str]:
    for each in differences:
        subject = " ".join(part for part in (each.kind.value, each.name, each.parameter) if part)
        values = each.shipped if each.found is None else each.found
        if each.change == "changed":
            values = f"{each.shipped} → {each.found}"
        yield f"  {_MARKS[each.change]} {subject}: {values}"


def _json(compared: Sequence[Compared], url: str) -> dict[str, object]:
    return {
        "elasticsearch": url,
        "compared": [
            {
                "what": each.what,
                "name": each.name,
                "state": each.state.value,
                "differences": [asdict(one) | {"change": one.change} for one in each.differences],
            }
            for each in compared
        ],
    }

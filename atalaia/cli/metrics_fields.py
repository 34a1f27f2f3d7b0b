"""``atalaia metrics fields``: every field, its unit and its meaning; and the same as ``docs/metrics-fields.md``."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from itertools import groupby

import click

from atalaia.cli.options import TABLE_OR_JSON
from atalaia.cli.runtime import ExitStatus
from atalaia.cli.teaching import Command
from logging_lib.metrics.registry import SamplerKind, fields_of, kinds


@click.command(
    "fields",
    cls=Command,
    short_help="List every field of the samples, with its unit and meaning",
    examples=("atalaia metrics fields host", "atalaia metrics fields --format json"),
)
@click.argument("name", metavar="[KIND]", type=click.Choice([kind.name for kind in kinds()]), required=False)
@TABLE_OR_JSON
def fields(name: str | None, form: str) -> int:
    """List every field of the samples, with its unit and meaning: of one KIND, host, postgresql or redis, or of all."""
    chosen = [kind for kind in kinds() if name in {None, kind.name}]
    if form == "json":
        listed = [asdict(field) | {"dataset": kind.dataset} for kind in chosen for field in fields_of(kind.name)]
        click.echo(json.dumps(listed, indent=2))
        return ExitStatus.OK
    from atalaia.cli.render.metrics import fields_table  # noqa: PLC0415 - rich takes long to import
    from atalaia.cli.render.table import console_for, print_whole  # noqa: PLC0415 - the same

    console = console_for(sys.stdout)
    for kind in chosen:
        console.print(f"metrics-{kind.dataset}-*", style="bold")
        print_whole(console, fields_table(fields_of(kind.name)))
    return ExitStatus.OK


def reference() -> str:
    """Return the fields of every kind as Markdown."""
    lines = [
        "# The fields of metrics",
        "",
        "Made by `python -m atalaia.cli.metrics_fields > docs/metrics-fields.md`; a test compares the two, another the",
        "fields and the mapping. [metrics.md](metrics.md) says where they come from.",
    ]
    return "\n".join([*lines, *(line for kind in kinds() for line in _section(kind))]) + "\n"


def _section(kind: SamplerKind) -> Iterator[str]:
    yield from ("", f"## {kind.name}: `metrics-{kind.dataset}-*`")
    for metricset, found in groupby(fields_of(kind.name), key=lambda field: field.metricset):
        yield from (
            "",
            f"`metricset.name`: `{metricset}`",
            "",
            "| field | type | unit | meaning |",
            "| --- | --- | --- | --- |",
        )
        for field in found:
            yield f"| `{field.name}` | {field.kind} | {field.unit} | {field.meaning} |"


if __name__ == "__main__":
    sys.stdout.write(reference())

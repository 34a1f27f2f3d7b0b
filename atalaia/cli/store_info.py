"""``atalaia store info``: what is in a store."""

from __future__ import annotations

import sys
from typing import TypedDict, Unpack

import click

from analyzers.store.embedded.summary import summarized
from analyzers.store.open import open_store
from atalaia.cli.options import TABLE_OR_JSON
from atalaia.cli.render.machine import dumped
from atalaia.cli.render.stored import print_summary, summary_json
from atalaia.cli.runtime import ExitStatus, Runtime
from atalaia.cli.store_options import LOCATION, directory_of
from atalaia.cli.teaching import Command


class Typed(TypedDict):
    """The options of ``store info``, as click passes them."""

    location: str
    positions: bool
    form: str


@click.command(
    "info",
    cls=Command,
    short_help="Say what is in a store, and what was lost of it",
    examples=("atalaia store info", "atalaia store info ./web --positions", "atalaia store info --format json"),
)
@LOCATION
@click.option("--positions", is_flag=True, help="List the sources that were read, and how far.")
@TABLE_OR_JSON
@click.pass_obj
def info(runtime: Runtime, /, **typed: Unpack[Typed]) -> int:
    """Say what is in a store: how much of which days, for how long, and what was lost of it.

    STORE is the directory of an embedded store; ATALAIA_STORE or ./atalaia-data when it is not given. Nothing but the
    commits is read, so this is quick, and works while another process writes.

    'goes' is when a writer lets the oldest day go: its stream's retention after the end of that day, or after its last
    write when that was later.

    Exit status: 0, also when events were lost; 2 a mistake, or the store cannot be read.
    """
    location = typed["location"]
    root = directory_of(location)
    open_store(location, clock=runtime.clock).close()  # refuses what is no store
    summary = summarized(root)
    if typed["form"] == "json":
        sys.stdout.write(dumped(summary_json(summary, location, positions=typed["positions"])) + "\n")
    else:
        print_summary(summary, location, sys.stdout, positions=typed["positions"])
    return ExitStatus.OK

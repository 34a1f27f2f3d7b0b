"""``atalaia demo``: the main job on a small help desk."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TypedDict, Unpack

import click

from atalaia.cli.runtime import ExitStatus, Runtime
from atalaia.cli.teaching import Command
from atalaia.web.address import DEFAULT_PORT

_LARGEST_PORT = 65535


class Typed(TypedDict):
    """The options of ``demo``, as click passes them."""

    directory: Path
    seconds: float | None
    port: int
    seed: int


@click.command(
    "demo",
    cls=Command,
    short_help="See everything at work on a small help desk",
    examples=("atalaia demo", "atalaia demo --seconds 20 --port 0"),
)
@click.option(
    "--directory",
    type=click.Path(path_type=Path),
    default=Path("atalaia-demo"),
    show_default=True,
    help="Where everything goes; an earlier demonstration there is thrown away.",
)
@click.option("--seconds", type=click.FloatRange(min=1), help="Stop by itself after so long; without it, at Ctrl-C.")
@click.option(
    "--port",
    type=click.IntRange(0, _LARGEST_PORT),
    default=DEFAULT_PORT,
    show_default=True,
    help="The site's; 0 takes a free one.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same history.")
@click.pass_obj
def demo(runtime: Runtime, /, **typed: Unpack[Typed]) -> int:
    """See everything at work on a small help desk.

    Two weeks of a ticket system's requests with an incident inside go through the request pipeline into a store. Then
    come the alerts of that incident, the SLA, the weekly report, and the help desk itself: a Flask application behind
    a real server, used over HTTP, with the site to watch it. Everything stays on this machine.

    Exit status: 0 done, 2 a part could not be set up.
    """
    from atalaia.demo.run import DemoSettings, run_demo  # noqa: PLC0415 - takes long to import, for one command

    run_demo(DemoSettings(**typed), sys.stdout, runtime.clock)
    return ExitStatus.OK

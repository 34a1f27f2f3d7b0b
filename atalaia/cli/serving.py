"""``atalaia serve``: the live page on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Final, TypedDict, Unpack

import click

from analyzers.selection import parse_zone
from analyzers.store.open import shown_location
from atalaia.cli.locations import PATH_DATA, STORE, default_data_directory
from atalaia.cli.options import ENVIRONMENT, ZONE
from atalaia.cli.runtime import ExitStatus, Runtime, note
from atalaia.cli.teaching import Command
from atalaia.web.address import DEFAULT_HOST, DEFAULT_PORT

_LARGEST_PORT: Final = 65535


class Typed(TypedDict):
    """The options of ``serve``, as click passes them."""

    store: str
    host: str
    port: int
    zone: str
    environment: str
    path_data: Path | None


@click.command(
    "serve",
    cls=Command,
    short_help="Show requests, errors, latency and this machine live in a browser",
    examples=("atalaia serve", "atalaia serve --store ./web --port 8700 --tz America/Sao_Paulo"),
)
@STORE
@click.option("--host", default=DEFAULT_HOST, show_default=True, help="A loopback address; others are refused.")
@click.option(
    "--port",
    type=click.IntRange(0, _LARGEST_PORT),
    default=DEFAULT_PORT,
    show_default=True,
    help="0 takes a free one.",
)
@ZONE
@ENVIRONMENT
@PATH_DATA
@click.pass_obj
def serve(runtime: Runtime, /, **typed: Unpack[Typed]) -> int:
    """Show requests a second, error rate, p95, this machine's load and the top endpoints, live, in a browser.

    The page asks every two seconds and may stay open while other processes write the store. Only this machine can
    reach it: the host must be a loopback address. Ctrl-C stops it.

    What the pipelines did that keep their counters there ('atalaia pipeline run', 'atalaia ingest') is at /metrics, for
    Prometheus.

    Exit status: 130 stopped by Ctrl-C, 2 a mistake.
    """
    from atalaia.web.live import LiveSource  # noqa: PLC0415 - Flask takes long to import, for one command
    from atalaia.web.server import LivePage  # noqa: PLC0415 - the same

    counters = typed["path_data"] or default_data_directory(typed["store"])
    zone = parse_zone(typed["zone"])
    with LiveSource(typed["store"], typed["environment"], clock=runtime.clock) as source:
        page = LivePage(source, zone=zone, host=typed["host"], port=typed["port"], counters=counters)
        note(f"the live page of {shown_location(typed['store'])} is at {page.url} (Ctrl-C stops it)")
        page.run()
    return ExitStatus.INTERRUPTED

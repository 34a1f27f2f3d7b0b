"""``make bench``: what the parts cost, as ratios within one run; ``make bench BENCH="request"`` runs some of them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

import click

from benchmarks import access_pipeline, request_pipeline
from benchmarks.logging import main as logging_benchmark
from benchmarks.logging import redaction
from benchmarks.sla import main as sla_benchmark
from benchmarks.store import main as store_benchmark
from benchmarks.store.main import EVENTS, Options
from benchmarks.web import main as web_benchmark

BENCHMARKS: Final[Mapping[str, Callable[[Options], bool | None]]] = MappingProxyType(
    {
        "request": lambda _: request_pipeline.main(),
        "access": lambda _: access_pipeline.main(),
        "redaction": redaction.main,
        "store": store_benchmark.main,
        "sla": sla_benchmark.main,
        "logging": lambda _: logging_benchmark.main(),
        "web": web_benchmark.main,
    }
)
"""Each prints its figures and may say whether its limits were reached."""


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(list(BENCHMARKS)))
@click.option(
    "--events",
    type=click.IntRange(min=10_000),
    default=EVENTS,
    show_default=True,
    envvar="EVENTS",
    show_envvar=True,
    help="store, sla, web: how many events (web: a million at most); some 100,000 are enough to try.",
)
@click.option(
    "--directory",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    envvar="BENCH_DIRECTORY",
    show_envvar=True,
    help="store, sla, web: where the temporary directory is made.  [default: the system's place]",
)
@click.option(
    "--elasticsearch/--no-elasticsearch", default=True, show_default=True, help="store: compare with Elasticsearch."
)
def main(names: tuple[str, ...], events: int, directory: Path | None, *, elasticsearch: bool) -> None:
    """Run the benchmarks of these names, all by default.

    Exit status: 0, or 1 when a limit was not reached.

    With make: make bench BENCH="store" EVENTS=100000
    """
    options = Options(events, directory, elasticsearch)
    reached: list[bool | None] = []
    for name in names or BENCHMARKS:
        click.echo(f"== {name}")
        reached.append(BENCHMARKS[name](options))
    sys.exit(1 if False in reached else 0)


if __name__ == "__main__":
    main()

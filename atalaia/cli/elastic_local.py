"""``atalaia elasticsearch local``: a real Elasticsearch on this machine, from packages, for development."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Final, TypedDict, Unpack

import click

from analyzers.store.elastic.local import LocalElasticsearch
from analyzers.store.elastic.local.packages import VERSION, default_cache, is_installed, require_extra
from atalaia.cli.elastic_options import DEFAULT_PORT
from atalaia.cli.render.safe import printable
from atalaia.cli.runtime import ExitStatus, Runtime, note
from atalaia.cli.teaching import Command
from atalaia.signals import ending_at_signals

DEFAULT_DATA: Final = Path("atalaia-elasticsearch")
_LARGEST_PORT: Final = 65535
_LOOK_SECONDS: Final = 0.5
_HEAP: Final = re.compile(r"[1-9]\d*[kmg]", re.ASCII | re.IGNORECASE)


class Typed(TypedDict):
    """The options of ``elasticsearch local``, as click passes them."""

    data: Path
    port: int
    heap: str


def _heap(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    """Refuse what the JVM would end at without a word that helps."""
    if _HEAP.fullmatch(value) is None:
        raise click.BadParameter(f"{value!r} is not a size; write 512m or 1g")
    return value


@click.command(
    "local",
    cls=Command,
    short_help="Start a real Elasticsearch on this machine, for development",
    examples=(
        "atalaia elasticsearch local",
        "atalaia elasticsearch local --port 9201 --heap 1g --data /var/tmp/es",
    ),
)
@click.option(
    "--data",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    default=DEFAULT_DATA,
    show_default=True,
    help="Where indices and the log are kept; the next start finds them.",
)
@click.option(
    "--port",
    type=click.IntRange(0, _LARGEST_PORT),
    default=DEFAULT_PORT,
    show_default=True,
    help="The port on 127.0.0.1; 0 takes a free one.",
)
@click.option(
    "--heap",
    metavar="SIZE",
    callback=_heap,
    default="512m",
    show_default=True,
    help="The JVM's heap, as 512m or 1g.",
)
@click.pass_obj
def local(runtime: Runtime, /, **typed: Unpack[Typed]) -> int:
    """Start a real Elasticsearch from packages: no container, no installation. For development, not for production.

    It listens on 127.0.0.1 only, without passwords. It is the server's core: documents, templates, data streams and
    searches are the real thing; security, ILM, ES|QL, ingest pipelines and what Kibana needs are not there. The first
    start fetches some 40 MB from Maven Central. It needs the extra elasticsearch-local.

    stdout gets its address, one line. Ctrl-C stops it; what was written stays.

    Exit status: 130 stopped by Ctrl-C, 0 by SIGTERM, 2 it could not start or ended by itself.
    """
    del runtime  # nothing here depends on the time
    require_extra()
    if not is_installed(default_cache()):
        note(f"fetching Elasticsearch {VERSION} from Maven Central, some 40 MB, once")
    with LocalElasticsearch(typed["data"], typed["port"], typed["heap"]) as server, ending_at_signals() as ending:
        sys.stdout.write(f"{server.url}\n")
        sys.stdout.flush()
        note(printable(f"Elasticsearch {VERSION} is ready, its data is in {typed['data']}; Ctrl-C stops it"))
        note(f"next: atalaia elasticsearch setup --elasticsearch {server.url}")
        while not ending.stop.wait(_LOOK_SECONDS):
            server.check()
    return ExitStatus.INTERRUPTED if ending.interrupted else ExitStatus.OK

"""Run a local Elasticsearch until SIGTERM or Ctrl-C: ``python -m analyzers.store.elastic.local --data DIR``.

Once it answers, its address is printed on stdout as one line; its log goes to stderr.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path
from types import FrameType

import click
import httpx

from analyzers.store.elastic.local.packages import default_cache, install
from logging_lib.errors import AtalaiaError

_GRACE_SECONDS = 20.0
_RECOVERY_SECONDS = 30.0


@click.command()
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), required=True, help="Where indices are kept.")
@click.option("--port", type=click.IntRange(0, 65535), default=9200, show_default=True, help="0 for any free port.")
@click.option("--heap", default="512m", show_default=True, help="The JVM's heap.")
@click.option("--cache", type=click.Path(path_type=Path, file_okay=False), help="Where downloads are kept.")
@click.option("--stop-with-stdin", is_flag=True, help="Stop when stdin ends, as it does when the parent dies.")
def main(data: Path, port: int, heap: str, cache: Path | None, *, stop_with_stdin: bool) -> None:
    """Run a local Elasticsearch until SIGTERM or Ctrl-C."""
    try:
        _run(data, port, heap, cache or default_cache(), stop_with_stdin=stop_with_stdin)
    except AtalaiaError as error:
        click.echo(f"atalaia: {error}", err=True)
        sys.exit(2)


def _run(data: Path, port: int, heap: str, cache: Path, *, stop_with_stdin: bool) -> None:
    home = install(cache)
    from analyzers.store.elastic.local.server import Server  # noqa: PLC0415 - install() says so when JPype is missing

    stop = threading.Event()
    if stop_with_stdin:
        threading.Thread(target=_watch_stdin, args=(stop,), daemon=True).start()
    data.mkdir(parents=True, exist_ok=True)
    server = Server(home, data.resolve(), port, heap)
    _stop_on_signals(stop)
    _wait_for_shards(server.url)
    click.echo(server.url)
    sys.stdout.flush()
    stop.wait()
    _exit_after(_GRACE_SECONDS)
    server.stop()
    os._exit(0)  # the JVM's own exit waits for its threads, of which some never end


def _wait_for_shards(url: str) -> None:
    """Wait until the indices of an earlier run can be searched; one that is damaged must not keep the others back."""
    path = f"/_cluster/health?wait_for_status=yellow&timeout={_RECOVERY_SECONDS:.0f}s"
    httpx.get(f"{url}{path}", timeout=2 * _RECOVERY_SECONDS, trust_env=False)


def _stop_on_signals(stop: threading.Event) -> None:
    def handle(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, handle)


def _watch_stdin(stop: threading.Event) -> None:
    sys.stdin.buffer.read()
    stop.set()


def _exit_after(seconds: float) -> None:
    """Make sure that a node that does not close in time cannot stay behind as an orphan."""
    timer = threading.Timer(seconds, os._exit, args=(1,))
    timer.daemon = True
    timer.start()


if __name__ == "__main__":
    main()

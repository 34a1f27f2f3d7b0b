"""Serve the site of the benchmark's store at the end of its 30 days: ``python -m benchmarks.web.serving STORE``.

Prints the address as soon as the server listens; ends when standard input does.
"""

from __future__ import annotations

import sys
import time
from datetime import timedelta
from pathlib import Path
from threading import Thread
from zoneinfo import ZoneInfo

from atalaia.web.server import WebServer
from atalaia.web.site import site_at
from benchmarks.store.events import WHOLE
from logging_lib.clock import Clock


def clock_of_the_end() -> Clock:
    """Return a clock that goes on from the last event."""
    begun = time.monotonic()
    return lambda: WHOLE.end + timedelta(seconds=time.monotonic() - begun)


def main(store: Path) -> None:
    """Serve until nobody listens to us any more."""
    site = site_at(str(store), ZoneInfo("UTC"), clock=clock_of_the_end())
    with site.stores, site.ledgers, WebServer(site) as server:
        thread = Thread(target=server.run, daemon=True)
        thread.start()
        print(server.url.rstrip("/"), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main(Path(sys.argv[1]))

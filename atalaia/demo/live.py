"""The demonstration's live part: the help desk behind a real server, people using it, and the page that shows it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from threading import Thread
from zoneinfo import ZoneInfo

import logging_lib
from analyzers.fields import REQUEST_STREAM
from analyzers.store.interface import Store
from analyzers.store.query import Count, NamedMeasure, Query, Window
from atalaia.demo.directory import DemoDirectory
from atalaia.demo.follow import Follower
from atalaia.demo.helpdesk.application import SERVICE, create_app
from atalaia.demo.helpdesk.server import serve_in_thread
from atalaia.demo.helpdesk.settings import HelpdeskSettings
from atalaia.demo.scenario import ZONE
from atalaia.demo.traffic import Traffic, drive
from atalaia.signals import Ending, ending_at_signals
from atalaia.web.server import Listening, WebServer
from atalaia.web.site import site_at
from logging_lib.clock import Clock


@dataclass(frozen=True, slots=True)
class Live:
    """What the live part needs to know.

    Attributes:
        directory: Where the help desk logs, and where the store is.
        port: The page's; 0 takes a free one.
        seconds: How long it runs; ``None`` until Ctrl-C.
        seed: Of the traffic.
        clock: What ``now`` is.
    """

    directory: DemoDirectory
    port: int
    seconds: float | None
    seed: int
    clock: Clock


def run_live(
    live: Live,
    into_store: Callable[[Sequence[Path]], object],
    reader: Store,
    say: Callable[[str], None],
) -> None:
    """Let people use the help desk while its log goes into the store; return when time is up or at Ctrl-C.

    Raises:
        AtalaiaError: When a port cannot be had or the log cannot be brought in.
    """
    begun = live.clock()
    with (
        ending_at_signals() as ending,
        _live_page(live, say),
        Follower(live.directory.logs, into_store) as follower,
        _helpdesk(live, say) as address,
    ):
        say(_until(live.seconds))
        traffic = _use(address, live, ending, lambda: follower.failed)
    stored = _stored(reader, Window(begun, live.clock() + timedelta(seconds=1)))
    say(f"\n   {traffic.answers.total():,} requests were answered, {stored:,} of them are in the store.")


@contextmanager
def _helpdesk(live: Live, say: Callable[[str], None]) -> Iterator[str]:
    """Run the help desk and yield its address; once left, every request it answered is in its log."""
    logging_lib.configure(
        service=SERVICE, environment="production", directory=live.directory.logs, console=False, clock=live.clock
    )
    try:
        with serve_in_thread(create_app(HelpdeskSettings(seed=live.seed))) as server:
            say(f"   Help desk, in use by people: {server.url}")
            yield server.url
    finally:
        logging_lib.shutdown()


@contextmanager
def _live_page(live: Live, say: Callable[[str], None]) -> Iterator[None]:
    store = live.directory.store
    site = site_at(str(store), ZoneInfo(ZONE), clock=live.clock, counters=store)
    with site.stores, site.ledgers:
        page = WebServer(site, Listening(port=live.port))
        thread = Thread(target=page.run, name="demo-page", daemon=True)
        thread.start()
        say(f"\n5  Site: {page.url}")
        try:
            yield
        finally:
            page.close()
            thread.join(timeout=5)


def _use(address: str, live: Live, ending: Ending, broken: Callable[[], bool]) -> Traffic:
    seconds = math.inf if live.seconds is None else live.seconds
    with ThreadPoolExecutor(1, "demo-traffic") as pool:
        traffic = pool.submit(drive, address, seconds, seed=live.seed, stop_event=ending.stop)
        while not wait([traffic], timeout=0.5).done and not ending.stop.is_set():
            if broken():
                ending.stop.set()
    return traffic.result()


def _until(seconds: float | None) -> str:
    return "   Ctrl-C stops it." if seconds is None else f"   It stops by itself after {seconds:g} seconds."


def _stored(store: Store, window: Window) -> int:
    query = Query(REQUEST_STREAM, window, (NamedMeasure("requests", Count()),))
    value = store.query(query).rows[0]["requests"]
    if not isinstance(value, int):
        raise TypeError(f"a count is an int, not {value!r}")
    return value

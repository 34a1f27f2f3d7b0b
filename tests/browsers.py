"""The browser of the tests: Debian's Chromium, one at a time, for two Playwrights in one process do not go together."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from playwright.sync_api import Browser, Page, expect, sync_playwright

QUIET: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Chromium, and end it. What a page is expected to show may take as long as anything else of Playwright."""
    expect.set_options(timeout=30_000)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=list(QUIET))
        yield started
        started.close()


def slow_down(page: Page) -> None:
    """Give a page a slow line and a slow processor where ``SLOW_BROWSER`` is set.

    What a test reads or types before its page is there shows so at once, instead of once in a hundred runs::

        SLOW_BROWSER=1 python -m pytest tests/end_to_end/web
    """
    if not os.environ.get("SLOW_BROWSER"):
        return
    session = page.context.new_cdp_session(page)
    rate = {"downloadThroughput": 40_000, "uploadThroughput": 40_000}  # bytes a second
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", {"offline": False, "latency": 400, **rate})
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})

"""What a person waits for: pages over a million events in a real browser, from the click to the drawn content.

The site is opened in a new tab of a browser that has nothing of it in its cache; what is asked further, a drill-down,
in a tab of its own that shows the endpoints for a moment before each, as links are followed.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from statistics import median
from typing import Final
from urllib.parse import urljoin, urlsplit

import psutil
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from atalaia.web.pages import PAGES
from benchmarks.figures import Figure, table
from benchmarks.store.ingesting import ROOT, ingest
from benchmarks.store.main import Options
from benchmarks.store.progress import say
from benchmarks.web.drills import ROUTE, STRAIGHT, DrillDown, drill_downs

MOST_EVENTS: Final = 1_000_000
FIRST_VIEW: Final = 1.0
"""Seconds that the first view of the overview may take, from the navigation's start to the drawn content."""
DRILL_DOWN: Final = 0.5
"""The same of a drill-down."""
BEFORE: Final = f"/endpoints?{STRAIGHT}"
"""The page from which people drill down."""
LOOKED_AT: Final = 1_000.0
"""Milliseconds for which it is looked at before a link is followed; it works on in the first of them."""
VIEWPORT: Final[ViewportSize] = {"width": 1280, "height": 900}
_RUNS: Final = 5
_DRILL_RUNS: Final = 3
"""Of each of the hundred drill-downs."""
_VIEWS: Final = (
    ("overview, the last hour", "/", FIRST_VIEW),
    ("overview, all 30 days", "/?window=30d", FIRST_VIEW),
    ("endpoints, an hour", f"/endpoints?{STRAIGHT}", DRILL_DOWN),
    ("endpoints, all 30 days", "/endpoints?window=30d", DRILL_DOWN),
    ("drill-down by user, one endpoint, an hour", f"/drill?{STRAIGHT}&{ROUTE}&by=user", DRILL_DOWN),
    ("drill-down by user, one endpoint, a day", f"/drill?window=24h&{ROUTE}&by=user", DRILL_DOWN),
    ("drill-down by user, one endpoint, all 30 days", f"/drill?window=30d&{ROUTE}&by=user", DRILL_DOWN),
    ("log lines of one endpoint, an hour", f"/logs?{STRAIGHT}&{ROUTE}", DRILL_DOWN),
    ("log lines of its errors, all 30 days", f"/logs?window=30d&{ROUTE}&where=status_code+%3E%3D+500", DRILL_DOWN),
    ("SLA, the month", "/sla", None),
)
VIEWS: Final = tuple(view for view in _VIEWS if urlsplit(view[1]).path in {page.path for page in PAGES})
"""Name, address and limit of each view that the site has. The server keeps answers for seconds; each run asks anew."""
_DRAWN: Final = """() => new Promise((resolve) => {
  const drawn = () => {
    const [navigation] = performance.getEntriesByType("navigation");
    const [paint] = performance.getEntriesByName("first-contentful-paint");
    if (paint && navigation.loadEventEnd) resolve([navigation.loadEventEnd, paint.startTime]);
    else requestAnimationFrame(() => setTimeout(drawn));
  };
  drawn();
})"""


def main(options: Options) -> bool:
    """Print all figures; return whether every limit was reached."""
    events = min(options.events, MOST_EVENTS)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="atalaia-bench-", dir=options.directory) as name:
        store = Path(name) / "store"
        ingest(store, events)
        with _chromium() as browser:
            figures = [*measure(store, browser), *measure_drills(store, browser, list(drill_downs()))]
    print(f"{events:,} requests in 30 days, {(time.monotonic() - begun) / 60:.1f} minutes")
    print(table(figures))
    return all(figure.reached is not False for figure in figures)


def measure(store: Path, browser: Browser, runs: int = _RUNS) -> Iterator[Figure]:
    """Yield the figures of a store, as they are measured."""
    with _serving(store) as (url, server), _tab(browser) as tab:
        yield _told(Figure("first view of a fresh server", _opened(browser, url + "/"), "s", most=FIRST_VIEW))
        for name, path, most in VIEWS:
            seconds = partial(_opened, browser) if most == FIRST_VIEW else partial(_followed, tab)
            yield _told(Figure(f"{name}: first", seconds(url + path), "s"))
            before = cpu_seconds_of(server)
            warm = median(seconds(url + path, turn) for turn in range(1, runs + 1))
            yield _told(Figure(name, warm, "s", most=most))
            yield _told(Figure(f"{name}: processor of the server", (cpu_seconds_of(server) - before) / runs, "s"))


def measure_drills(
    store: Path, browser: Browser, wanted: Sequence[DrillDown], runs: int = _DRILL_RUNS
) -> Iterator[Figure]:
    """Yield the figures of drill-downs, and last the slowest of each span."""
    slowest: dict[str, Figure] = {}
    with _serving(store) as (url, _), _tab(browser) as tab:
        for span, name, path in wanted:
            taken = median(_followed(tab, url + path, turn) for turn in range(1, runs + 1))
            figure = _told(Figure(f"{span}: {name}", taken, "s", most=DRILL_DOWN))
            yield figure
            if span not in slowest or taken > slowest[span].value:
                slowest[span] = figure
    for figure in slowest.values():
        yield _told(Figure(f"slowest drill-down over {figure.name}", figure.value, "s", most=DRILL_DOWN))


def cpu_seconds_of(process: psutil.Process) -> float:
    """Return the processor time of all threads so far: unlike seconds, it tells the same on a busy machine."""
    times = process.cpu_times()
    return float(times.user + times.system)


@contextmanager
def _chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def _tab(browser: Browser) -> Iterator[Page]:
    with closing(browser.new_page(viewport=VIEWPORT)) as page:
        yield page


def _opened(browser: Browser, address: str, turn: int = 0) -> float:
    """Return how long a page takes in a new tab of a browser that has nothing of the site in its cache."""
    with _tab(browser) as tab:
        return _seconds(tab, address, turn)


def _followed(tab: Page, address: str, turn: int = 0) -> float:
    """Return how long a page takes in the tab that shows the page from which people drill down."""
    _seconds(tab, urljoin(address, BEFORE))
    tab.wait_for_timeout(LOOKED_AT)
    return _seconds(tab, address, turn)


def _seconds(page: Page, address: str, turn: int = 0) -> float:
    mark = "&" if "?" in address else "?"
    response = page.goto(f"{address}{mark}turn={turn}")  # another question for what the server keeps for a moment
    if response is None or not response.ok:
        raise ValueError(f"{address}: {page.inner_text('main')}")
    return float(max(page.evaluate(_DRAWN))) / 1_000


@contextmanager
def _serving(store: Path) -> Iterator[tuple[str, psutil.Process]]:
    words = [sys.executable, "-m", "benchmarks.web.serving", str(store)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        if process.stdin is None or process.stdout is None:
            raise TypeError("a pipe was asked for")
        yield process.stdout.readline().strip(), psutil.Process(process.pid)
        process.stdin.close()


def _told(figure: Figure) -> Figure:
    say(f"   {figure.name}: {figure.shown}")
    return figure


if __name__ == "__main__":
    with _chromium() as chromium:
        existing = Path(sys.argv[1])
        print(table([*measure(existing, chromium), *measure_drills(existing, chromium, list(drill_downs()))]))

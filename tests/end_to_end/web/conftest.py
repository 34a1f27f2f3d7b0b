"""The site in a real browser: one server with a filled store for a module, and pages whose complaints are kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.end_to_end.web.browsing import OpenPage, Scheme, WatchedPage, serving, watch
from tests.end_to_end.web.filled import fill


@pytest.fixture(scope="module")
def filled_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store with an hour of requests up to now, some of them hostile (:mod:`tests.end_to_end.web.filled`)."""
    store = tmp_path_factory.mktemp("web") / "data"
    fill(store)
    return store


@pytest.fixture(scope="module")
def site(filled_store: Path) -> Iterator[str]:
    """Return the address of a site that shows the filled store, without a slash at its end."""
    with serving(filled_store) as (url, _):
        yield url


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Return what opens an address in a context of its own: ``open_page(url, width=360, scheme="dark")``."""
    contexts: list[BrowserContext] = []

    def opened(url: str, *, width: int = 1280, scheme: Scheme = "light", locale: str = "en-US") -> WatchedPage:
        context = browser.new_context(
            viewport={"width": width, "height": 800}, color_scheme=scheme, locale=locale, bypass_csp=False
        )
        contexts.append(context)
        watched = watch(context.new_page(), urlsplit(url).netloc)
        watched.page.goto(url)
        return watched

    yield opened
    for context in contexts:
        context.close()

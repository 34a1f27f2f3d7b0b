"""What the tests of the site share: a server, and pages whose complaints are kept."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Literal, TypeAlias
from urllib.parse import urlsplit

from playwright.sync_api import Dialog, Locator, Page, expect

from tests.browsers import slow_down
from tests.environment import clean_environment

Scheme: TypeAlias = Literal["light", "dark"]
OpenPage: TypeAlias = "Callable[..., WatchedPage]"


@contextmanager
def serving(
    store: Path | str, *options: str, environment: Mapping[str, str] | None = None
) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Run ``atalaia serve`` on a free port; yields its address (``http://127.0.0.1:…``) and its process."""
    words = [sys.executable, "-m", "atalaia", "serve", "--port", "0", "--store", str(store), *options]
    with subprocess.Popen(
        words, stderr=subprocess.PIPE, text=True, env=clean_environment(**(environment or {}))
    ) as process:
        assert process.stderr is not None
        lines: list[str] = []
        try:
            for line in process.stderr:
                lines.append(line)
                if " is at http://" in line:
                    break
            address = next((word for word in lines[-1].split() if word.startswith("http://")), None)
            assert address is not None, lines
            yield address.rstrip("/"), process
        finally:
            process.kill()


@dataclass
class WatchedPage:
    """A page, and what must not have happened on it.

    Attributes:
        page: Playwright's page.
        complaints: What the console and scripts complained about.
        foreign: Addresses of other hosts that it asked for.
        sentinels: Calls of dialogs and of ``window.owned`` that hostile text would make.
    """

    page: Page
    complaints: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    sentinels: list[str] = field(default_factory=list)

    def assert_clean(self) -> None:
        """Check that nothing complained, nothing was asked of another host, and no hostile text ran."""
        assert (self.complaints, self.foreign, self.sentinels) == ([], [], [])

    def assert_accessible(self) -> None:
        """Check that axe finds nothing serious or critical, once the page that a click led to is there."""
        self.page.wait_for_load_state()
        found = serious(self.page)
        assert not found, json.dumps(found, indent=1)

    def assert_fits(self) -> None:
        """Check that the page needs no sideways scrolling, once it is there."""
        self.page.wait_for_load_state()
        widths = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
        scroll, client = self.page.evaluate(widths)
        assert scroll <= client, f"{self.page.url} is {scroll} px wide on {client}"


def watch(page: Page, host: str) -> WatchedPage:
    """Keep what a page does that it must not.

    Args:
        page: A fresh page.
        host: The one ``host:port`` that it may ask.
    """
    slow_down(page)
    watched = WatchedPage(page)
    page.on("console", lambda message: watched.complaints.append(message.text))
    page.on("pageerror", lambda error: watched.complaints.append(str(error)))
    page.on("dialog", lambda dialog: _note_dialog(watched, dialog))
    page.on("request", lambda request: _note_foreign(watched, request.url, host))
    page.expose_function("owned", lambda *words: _note_call(watched, words))
    return watched


def _note_call(watched: WatchedPage, words: tuple[object, ...]) -> None:
    watched.sentinels.append(repr(words))


def _note_dialog(watched: WatchedPage, dialog: Dialog) -> None:
    watched.sentinels.append(dialog.message)
    dialog.dismiss()


def _note_foreign(watched: WatchedPage, url: str, host: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in {"data", "blob"} and parts.netloc != host:
        watched.foreign.append(url)


def follow(link: Locator) -> None:
    """Click a link to another address, and wait until its page is there, with its scripts."""
    before = link.page.url
    link.click()
    expect(link.page).not_to_have_url(before)
    link.page.wait_for_load_state()


def serious(page: Page) -> list[dict[str, object]]:
    """Return what axe finds serious or critical on a page, as it is now; each with the elements it is about."""
    page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        {"id": each["id"], "help": each["help"], "nodes": [node["html"] for node in each["nodes"]]}
        for each in found["violations"]
        if each["impact"] in {"serious", "critical"}
    ]

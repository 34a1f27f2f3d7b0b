"""The guard in a real browser and over real sockets: signing in, other sites' forms, links and names."""

from __future__ import annotations

import http.client
import re
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, expect

from tests.browsers import slow_down
from tests.end_to_end.cli import run_atalaia
from tests.end_to_end.web.browsing import serving
from tests.environment import clean_environment

pytestmark = pytest.mark.browser

TOKEN = secrets.token_urlsafe(32)


@pytest.fixture(scope="module")
def guarded(filled_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site behind a token in a file."""
    token = tmp_path_factory.mktemp("token") / "token"
    token.write_text(TOKEN + "\n", encoding="utf-8")
    with serving(filled_store, "--token-file", str(token)) as (url, _):
        yield url


@contextmanager
def evil_site(target: str) -> Iterator[str]:
    """Another site, whose page links to ours, sends a form to it as soon as it is loaded, and frames it."""
    page = (
        f'<a href="{target}/?window=15m">link</a><iframe src="{target}/"></iframe>'
        f'<form method="post" action="{target}/sign-out"><button>x</button></form>'
    ).encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    # localhost and 127.0.0.1 are two sites for a browser
    yield f"http://localhost:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()


def test_a_person_signs_in_and_out(browser: Browser, guarded: str) -> None:
    """The wanted page comes after the token; other sites' links work; their forms and frames do not; out is out."""
    context = browser.new_context()
    page = context.new_page()
    slow_down(page)
    page.goto(f"{guarded}/?window=15m")
    expect(page).to_have_url(re.compile("/sign-in"))
    expect(page.get_by_role("navigation", name="Pages")).to_have_count(0)  # nothing is told to strangers
    assert "data" not in page.locator("header").inner_text()
    page.get_by_label("Token").fill("not the token at all, not even near")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("That is not the token.")).to_be_visible()
    page.get_by_label("Token").fill(TOKEN)
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{guarded}/?window=15m")
    cookie = next(each for each in context.cookies() if each["name"].startswith("atalaia"))
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Strict")
    assert page.evaluate("document.cookie") == ""
    with evil_site(guarded) as evil:
        page.goto(evil)
        assert page.frames[1].evaluate("document.querySelector('.tiles')") is None
        page.get_by_role("button").click()
        expect(page.get_by_text("A token is needed")).to_be_visible()  # the form came without the cookie
        page.goto(evil)
        page.get_by_role("link").click()
        expect(page.locator("#figure-requests")).to_be_visible()  # still signed in, by a link of another site
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(f"{guarded}/sign-in")
    page.goto(f"{guarded}/")
    expect(page).to_have_url(re.compile("/sign-in"))
    context.close()


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/", {}, 401),
        ("/", {"Authorization": f"Bearer {TOKEN}"}, 200),
        ("/metrics", {"Authorization": f"Bearer {TOKEN}"}, 200),
        ("/metrics", {"Authorization": "Bearer "}, 401),
        ("/", {"Authorization": f"Bearer {TOKEN}", "Host": "rebound.example"}, 421),
        ("//evil.example/", {"Authorization": f"Bearer {TOKEN}"}, 404),
        ("/static/..%2f..%2fapp.py", {}, 404),
        ("/static/../../app.py", {}, 404),
        ("/%2e%2e/%2e%2e/etc/passwd", {"Authorization": f"Bearer {TOKEN}"}, 404),
    ],
)
def test_over_the_wire(guarded: str, path: str, headers: dict[str, str], status: int) -> None:
    """What a client may write that no browser would: other names, paths that climb, empty tokens."""
    connection = http.client.HTTPConnection(guarded.removeprefix("http://"), timeout=30)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    assert answer.status == status
    assert "default-src 'none'" in (answer.headers["Content-Security-Policy"] or "")
    connection.close()


@pytest.mark.parametrize(
    ("options", "environment", "said"),
    [
        (("--host", "0.0.0.0"), {}, "would be open to other machines"),  # noqa: S104  refused
        ((), {"ATALAIA_WEB_TOKEN": "short"}, "the token has 5 characters; it needs 32"),
        (("--token-file", "/nowhere/token"), {}, "cannot read the token file /nowhere/token"),
        (("--token-file", "/nowhere/token"), {"ATALAIA_WEB_TOKEN": TOKEN}, "give one of them"),
        (("--lang", "tlh"), {}, "is not one of 'en', 'pt_BR'"),
    ],
)
def test_what_is_refused_at_the_start(options: tuple[str, ...], environment: dict[str, str], said: str) -> None:
    """The server does not start, says why on one line, and never shows the token."""
    done = run_atalaia("serve", "--port", "0", *options, expect=2, environment=environment)
    assert said in done.stderr
    assert TOKEN not in done.stderr


def test_with_a_token_other_machines_may_reach_it(filled_store: Path) -> None:
    """It listens on every address; under a name that it was told it answers, under another one it does not."""
    words = [sys.executable, "-m", "atalaia", "serve", "--port", "0", "--host", "0.0.0.0"]  # noqa: S104  with a token
    words += ["--public-host", "logs.example.org", "--store", str(filled_store)]
    with subprocess.Popen(
        words, stderr=subprocess.PIPE, text=True, env=clean_environment(ATALAIA_WEB_TOKEN=TOKEN)
    ) as process:
        assert process.stderr is not None
        line = next(line for line in process.stderr if " is at http://" in line)
        port = int(re.findall(r":(\d+)/", line)[0])
        statuses = []
        for host in ("logs.example.org", "other.example.org"):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            connection.request("GET", "/sign-in", headers={"Host": host})
            statuses.append(connection.getresponse().status)
            connection.close()
        process.kill()
    assert statuses == [200, 421]

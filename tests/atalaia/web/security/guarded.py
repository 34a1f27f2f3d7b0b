"""An application with a page that changes something, behind the guard, and a browser that plays by the rules."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from atalaia.web.app import create_app
from atalaia.web.frame import shown
from atalaia.web.security import Access
from atalaia.web.site import site_at

TOKEN: Final = "correct-horse-battery-staple-0123456789"  # noqa: S105  of these tests only
NOW: Final = datetime(2024, 1, 15, 12, tzinfo=UTC)
FIELD: Final = re.compile(r'name="form_token" value="([^"]+)"')


@dataclass
class Hands:
    """What the page of the tests changed, and a clock that they move."""

    changed: int = 0
    now: datetime = NOW

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.now += timedelta(seconds=seconds)


def guarded(folder: Path, hands: Hands, token: str | None = TOKEN, hosts: tuple[str, ...] = ()) -> Flask:
    """Return the site over an empty place, with ``/change``: GET shows its form, POST changes something."""
    site = site_at(str(folder / "none"), ZoneInfo("UTC"), clock=lambda: hands.now)
    app = create_app(site, Access(token, frozenset(hosts)))

    @app.get("/change")
    def form() -> str:
        return shown("sign_in.html", wrong=False, target="/")

    @app.post("/change")
    def change() -> str:
        hands.changed += 1
        return "changed"

    return app


@dataclass
class Person:
    """Somebody with a browser on this site."""

    client: FlaskClient

    def form_token(self, path: str = "/change") -> str:
        """Load a page and return its form's proof."""
        found = FIELD.search(self.client.get(path).text)
        assert found is not None
        return found[1]

    def sign_in(self, token: str = TOKEN, target: str = "/") -> TestResponse:
        """Load the page to sign in, and send its form."""
        data = {"token": token, "next": target, "form_token": self.form_token("/sign-in")}
        return self.client.post("/sign-in", data=data, headers={"Sec-Fetch-Site": "same-origin"})

    def change(self, form_token: str | None, **headers: str) -> TestResponse:
        """Send the form of ``/change``; underscores in the headers' names stand for hyphens."""
        data = {} if form_token is None else {"form_token": form_token}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post("/change", data=data, headers=named)

"""Log text that would steer a terminal or turn the direction of a page."""

from __future__ import annotations

from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from analyzers.store.document import Document, JsonValue
from analyzers.store.open import open_store
from atalaia.web.app import create_app
from atalaia.web.marks import written_out
from atalaia.web.site import site_at

NOON = datetime(2024, 1, 15, 12, tzinfo=UTC)
HOSTILE = "/a\u202eb\x1b[31m\u2066"


@pytest.mark.parametrize("address", ["/endpoints", "/drill?by=user_id", "/logs", "/"])
def test_hostile_text_turns_nothing(tmp_path: Path, address: str) -> None:
    """An override in a route, a user or a level is written out on every page; ``ã`` stays what it is."""
    with open_store(str(tmp_path / "data"), writable=True) as store:
        body: dict[str, JsonValue] = {
            "@timestamp": "2024-01-15T11:59:59Z",
            "http": {"route": HOSTILE, "response": {"status_code": 200}},
            "url": {"path": HOSTILE},
            "user": {"id": f"joão{HOSTILE}"},
            "log": {"level": f"E{HOSTILE}"},
            "response_time": 0.1,
        }
        store.append([Document("logs-web.request-production", "1", body)])
    page = create_app(site_at(str(tmp_path / "data"), ZoneInfo("UTC"), clock=lambda: NOON)).test_client().get(address)
    assert page.status_code == 200
    assert r"a\u202eb\x1b[31m\u2066" in page.text
    shown = page.text.replace(f'value="{HOSTILE}"', "")
    assert not {"\u202e", "\x1b", "\u2066"} & set(shown)


def test_values_of_forms_and_other_pages_stay() -> None:
    """A form sends back what it was given; a page without such characters is the very same."""
    field = '<input value="a\u202eb">'
    assert written_out(f"{field}<p>x\u202ey\nz</p>") == f"{field}<p>x\\u202ey\nz</p>"
    plain = "<p>não\tmedido\n</p>"
    assert written_out(plain) is plain
    assert unescape(written_out("<p>&lt;\x9b&gt;</p>")) == r"<p><\x9b></p>"

"""Every link of every page leads somewhere: a walk over the site with all kinds of data behind it."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Final
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

import httpx
import pytest

from analyzers.store.document import Document, JsonValue
from analyzers.store.open import open_store
from analyzers.thresholds import Severity
from tests.atalaia.web.alert_states import check, rule
from tests.end_to_end.web.agreed import add_statements, write_contract
from tests.end_to_end.web.browsing import serving
from tests.end_to_end.web.filled import fill
from tests.end_to_end.web.log_lines import fill_lines

START: Final = ("/", "/?lang=pt-BR&window=24h", "/endpoints", "/drill", "/sla", "/alerts", "/logs", "/reports")


@pytest.fixture(scope="module")
def full_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a site with requests, events, statements, samples, a contract and an alert that fires."""
    folder = tmp_path_factory.mktemp("crawl")
    store, now = folder / "data", datetime.now(tz=UTC)
    fill(store, now)
    fill_lines(store, now)
    add_statements(store)
    with open_store(str(store), writable=True) as opened:
        opened.append(samples(now - timedelta(seconds=20)))
    write_contract(folder / "sla.toml")
    check(folder / "alerts.sqlite", (rule("cpu", Severity.CRITICAL, runbook="atalaia runbook high-cpu"),), now)
    options = ("--contract", str(folder / "sla.toml"), "--state", str(folder / "alerts.sqlite"))
    with serving(store, *options) as (url, _):
        yield url


def samples(at: datetime) -> list[Document]:
    """Return a sample of a machine, its disk, a PostgreSQL server and a Redis server."""
    host: JsonValue = {"name": "app-1"}
    connections: JsonValue = {"used": {"count": 40}, "limit": 100}
    blocks: JsonValue = {"interval": {"blocks": {"hit": 90, "read": 10}}}
    bodies: tuple[tuple[str, dict[str, JsonValue]], ...] = (
        ("host.system", {"host": host, "system": {"cpu": {"total": {"norm": {"pct": 0.5}}}}}),
        ("host.system", {"host": host, "system": {"memory": {"actual": {"used": {"pct": 0.25}}}}}),
        ("host.system", {"host": host, "system": {"filesystem": {"mount_point": "/srv", "used": {"pct": 0.75}}}}),
        ("postgresql.server", {"postgresql": {"address": "db:5432", "server": {"connections": connections}}}),
        ("postgresql.server", {"postgresql": {"address": "db:5432", "database": blocks}}),
        ("redis.server", {"redis": {"info": {"interval": {"keyspace": {"hits": 8, "misses": 2}}}}}),
    )
    return [
        Document(f"metrics-{stream}-production", f"sample-{place}", {"@timestamp": at.isoformat(), **body})
        for place, (stream, body) in enumerate(bodies)
    ]


def traits(address: str) -> set[str]:
    """Return what an address asks, whatever its values: its page, its own parameters, the fields of its filters."""
    parts = urlsplit(address)
    page = re.sub(r"^/(trace|requests|logs/line|reports/daily|reports/weekly|reports/monthly)/.*", r"/\1/", parts.path)
    asked = parse_qsl(parts.query)
    own = {f"{page} {name} {value}" for name, value in asked if name in _TELLING.get(page, ())}
    filtered = {f"{page} where {_field(value)}" for name, value in asked if name == "where" and page in _TELLING}
    return {page, *own, *filtered}


_TELLING: Final = {
    "/": {"window"},
    "/drill": {"by", "heat", "every", "rank"},
    "/endpoints": {"sort", "order"},
    "/explain": {"what"},
    "/logs": {"stream"},
    "/samples": {"of"},
    "/statements": {"by"},
}
"""The pages whose addresses differ by more than values, and the parameters by which they do."""


def _field(condition: str) -> str:
    return "".join(re.findall(r"^[a-z_.]+(?=:\*| [=<>!]| in)", condition))


def links(page: httpx.Response) -> set[str]:
    """Return the addresses of the site that a page has links to."""
    found = (urldefrag(urljoin(str(page.url), unescape(each)))[0] for each in re.findall(r'href="([^"]+)"', page.text))
    return {each for each in found if urlsplit(each).netloc == page.url.netloc.decode()}


def test_no_link_leads_to_an_error(full_site: str) -> None:
    """From the pages of the navigation on, whatever they link to answers with 200; of like addresses one."""
    waiting = deque((full_site + path, "the beginning") for path in START)
    seen: set[str] = set()
    wrong: list[str] = []
    with httpx.Client(timeout=60, follow_redirects=True) as client:
        while waiting:
            address, origin = waiting.popleft()
            if traits(address) <= seen:
                continue
            seen |= traits(address)
            page = client.get(address)
            if page.status_code != httpx.codes.OK:
                wrong.append(f"{page.status_code} {address} on {origin}")
            elif "text/html" in page.headers["content-type"]:
                waiting.extend((each, address) for each in sorted(links(page)))
    assert not wrong, "\n".join(wrong)
    assert {"/samples", "/runbooks", "/runbooks/high-cpu", "/logs", "/statements", "/explain", "/sla/explain"} <= seen


def test_figures_lead_to_their_samples(full_site: str) -> None:
    """Half of the processors, 40 connections, 90 of 100 blocks: the sample behind each figure says the same."""
    front = httpx.get(full_site + "/", timeout=60)
    expected = {"cpu": ("app-1", "50"), "disk": ("/srv", "75"), "db_connections_peak": ("db:5432", "40")}
    for name, words in (expected | {"cache_hit_ratio": ("db:5432", "90", "10"), "redis_hit_ratio": ("8", "2")}).items():
        (address,) = (each for each in links(front) if f"of={name}" in each)
        cells = re.findall(r"<td[^>]*>([^<]*)</td>", httpx.get(address, timeout=60).text)
        for word in words:
            assert any(cell.startswith(word) for cell in cells), (name, word, cells)

"""The overview of sampled requests."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from analyzers.store.document import Document
from atalaia.web.app import create_app
from atalaia.web.site import site_at
from tests.atalaia.cli.stores import START, fill, request


def test_the_page_counts_requests_and_says_that_they_are_sampled(tmp_path: Path) -> None:
    """Requests 1 to 3 of the last five minutes stand for 10 each, request 4 failed alone: 31, of which 1 failed."""
    plain = [request(number) for number in range(1, 5)]
    weight = {"sample_weight": 10, "_doc_count": 10}
    weighted = [Document(each.stream, each.id, {**each.body, **weight}) for each in plain[:3]]
    fill(tmp_path, [*weighted, plain[3]])
    now = START + timedelta(minutes=5)
    client = create_app(site_at(str(tmp_path), ZoneInfo("UTC"), clock=lambda: now)).test_client()
    answer = client.get("/api/live").get_json()
    assert answer["figures"]["error_rate"]["basis"] == {"errors": 1, "requests": 31}
    assert answer["figures"]["requests"]["value"] == 31 / 300
    assert answer["notes"] == [
        "sampled: 4 of 31 requests were kept, with weights of 10; counts are weighted, percentiles are estimates."
    ]

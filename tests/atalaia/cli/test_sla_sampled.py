"""``atalaia sla show`` on a sample: it says so on standard output and in its JSON, and is verified."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from analyzers.store.document import Document, JsonValue
from analyzers.store.open import open_store
from atalaia.cli.main import main
from atalaia.cli.runtime import Runtime

START = datetime(2024, 1, 15, tzinfo=UTC)
NOW = START + timedelta(days=1, hours=2)
CONTRACT = """
service = "ti-osn"
environment = "{environment}"
zone = "UTC"
coverage = 0
lateness = "1h"

[[objective]]
name = "availability"
kind = "availability"
target = 75
periods = ["day"]
"""


def request(number: int, *, service: str = "ti-osn", weight: int = 1, status: int = 200) -> Document:
    """Return a request of the number's hour that stands for so many."""
    http: dict[str, JsonValue] = {"response": {"status_code": status}}
    body: dict[str, JsonValue] = {
        "@timestamp": (START + timedelta(hours=number)).isoformat(),
        "http": http,
        "service": {"name": service},
    }
    if weight > 1:
        body |= {"sample_weight": weight, "_doc_count": weight}
    return Document("logs-web.request-production", f"{service}-{number}", body)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Ten requests of the service stand for 10 + 4 * 9 = 46, of which two failed; another service's are not counted."""
    monkeypatch.chdir(tmp_path)
    for name in ("ATALAIA_SLA", "ATALAIA_LEDGER"):
        monkeypatch.delenv(name, raising=False)
    events = [
        request(each, weight=10 if each % 3 == 0 else 1, status=500 if each in {1, 4} else 200) for each in range(10)
    ]
    with open_store("data", writable=True) as opened:
        opened.append([*events, request(5, service="other", weight=50)])
    return "data"


def run(store: str, *words: str) -> int:
    """Run a command of the agreement on the store two hours after the day."""
    return main([*words, "--store", store], Runtime(clock=lambda: NOW))


SAMPLED = {"stored": 10, "requests": 46, "least_weight": 10, "greatest_weight": 10}
DAY = ("sla", "show", "--period", "2024-01-15")


@pytest.mark.parametrize("environment", ["production", "*"])
def test_a_report_on_a_sample_says_so(
    store: str, environment: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Last on standard output, and under ``sampled``: 2 of 46 failed; verify derives it again, and finds an edit."""
    (tmp_path / "sla.toml").write_text(CONTRACT.format(environment=environment), encoding="utf-8")
    assert run(store, *DAY) == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert last.startswith("sampled: 10 of 46 requests were kept, with weights of 10; counts are weighted")
    assert run(store, *DAY, "--format", "json") == 0
    text = capsys.readouterr().out
    report = json.loads(text)
    assert (report["sampled"], report["judgements"][0]["measured"]["bad"]) == (SAMPLED, 2)
    path = tmp_path / "report.json"
    for edited, status in ((text, 0), (text.replace('"stored": 10', '"stored": 46'), 1)):
        path.write_text(edited, encoding="utf-8")
        assert run(store, "verify", str(path)) == status


def test_a_sealed_sample_is_verified_without_its_sampling(
    store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One more request arrives after sealing: the report stays true, and verify says what it did not compare."""
    (tmp_path / "sla.toml").write_text(CONTRACT.format(environment="production"), encoding="utf-8")
    assert run(store, "sla", "seal") == 0
    capsys.readouterr()
    assert run(store, *DAY, "--format", "json") == 0
    path = tmp_path / "report.json"
    path.write_text(capsys.readouterr().out, encoding="utf-8")
    assert json.loads(path.read_text(encoding="utf-8"))["sampled"] == SAMPLED
    assert run(store, "verify", str(path)) == 0
    assert "sampling" not in capsys.readouterr().err
    with open_store(store, writable=True) as opened:
        opened.append([request(20, weight=10)])
    assert run(store, "verify", str(path)) == 0
    assert "what is said of sampling is not compared" in capsys.readouterr().err

"""``atalaia anomalies`` on a store with five weeks of ordinary hours and one with errors."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from analyzers.store.document import Document
from analyzers.store.embedded.store import EmbeddedStore
from atalaia.cli.main import main
from atalaia.cli.runtime import Runtime
from tests.analyzers.anomalies.traffic import spread

NOW = datetime(2025, 3, 12, 11, 0, 30, tzinfo=UTC)
TEN = datetime(2025, 3, 12, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)


def ordinary() -> list[Document]:
    """Return 80 requests from ten to eleven of every day of five weeks."""
    days = [TEN - timedelta(days=back) for back in range(1, 36)]
    return [each for day in days for each in spread(day, HOUR, 80, client="192.0.2.1")]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Return a store in which half of the requests of the last hour failed."""
    root = tmp_path / "store"
    with EmbeddedStore(root, writable=True) as written:
        failed = spread(TEN, HOUR, 40, status=500, client="192.0.2.1")
        written.append([*ordinary(), *spread(TEN, HOUR, 40, client="192.0.2.1"), *failed])
    return root


def run(store: Path, *words: str) -> int:
    """Run the command as of half a minute past eleven."""
    return main(["anomalies", "--store", str(store), *words], Runtime(clock=lambda: NOW))


def test_what_was_unusual_is_told_in_words(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """When, in the zone asked for, how bad, and the worst finding as a sentence; status 1.

    No failure of 31 days of 80 requests (34 whole ones without the worst tenth) is plausible with a share of up to
    ``1 - 0.001 ** (1 / 2480)``, which is 0.278 %; the tolerance is twice that.
    """
    assert run(store, "--kind", "errors", "--tz", "Europe/Lisbon") == 1
    told = capsys.readouterr().out
    assert told.startswith("✘ 1 unusual: judged errors\n")
    assert "2025-03-12 11:00 +0000  ✘ critical" in told
    assert "errors above: 50.0 % (40 of 80 requests) failed, plausible 0.56 % at most" in told


def test_json_and_csv_have_the_same_rows(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The question, a row for each episode under the names of the CSV's header, and how often each detector judged."""
    assert run(store, "--kind", "errors", "--kind", "rate", "--format", "json") == 1
    answer = json.loads(capsys.readouterr().out)
    assert answer["query"]["since"] == "2025-03-11T11:00:00Z"
    assert answer["query"]["until"] == "2025-03-12T11:00:00Z"
    assert [(row["kind"], row["severity"], row["about"]) for row in answer["rows"]] == [("errors", "critical", {})]
    assert answer["rows"][0]["observed"] == 0.5
    # a rate can be judged at each quarter of an hour of the day, errors only where there are twenty requests
    assert answer["judged"]["rate"] == {"judged": 96, "unmeasured": 0, "reason": None}
    assert answer["judged"]["errors"]["unmeasured"] > 80
    assert run(store, "--kind", "errors", "--format", "csv") == 1
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["sentence"] for row in rows] == [answer["rows"][0]["sentence"]]
    assert list(rows[0]) == list(answer["rows"][0])


def test_conditions_and_services_choose_the_events(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without the failures nothing is unusual; of a service without events nothing can be judged."""
    assert run(store, "--kind", "errors", "--service", "shop", "--where", "status_code < 500") == 0
    assert capsys.readouterr().out.startswith("✔ nothing unusual")
    assert run(store, "--kind", "errors", "--service", "other") == 2
    told = capsys.readouterr()
    assert told.out.startswith("? nothing could be judged")
    assert "instants not judged: errors at 96 of 96; the first: errors unmeasured" in told.err


def test_what_was_not_judged_is_one_line(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Three kinds, none of which can be judged for a service without events: one note about all of them."""
    assert run(store, "--kind", "errors", "--kind", "latency", "--kind", "scan", "--service", "other") == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(
        "atalaia: instants not judged: scan at 288 of 288, errors at 96 of 96, latency at 96 of 96; "
    )


def test_all_detectors_judge_by_default(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every kind is listed with how often it was judged; the failures are what is found."""
    assert run(store, "--format", "json", "--window", "2h") == 1
    answer = json.loads(capsys.readouterr().out)
    assert set(answer["judged"]) == {
        "rate", "errors", "latency", "error-drift", "latency-drift", "flood", "scan", "silence",
    }  # fmt: skip
    assert {row["kind"] for row in answer["rows"]} == {"errors"}


def test_a_mistake_is_told(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A zone that does not exist, and a kind that does not."""
    assert run(store, "--tz", "Europe/Lisbn") == 2
    assert "Europe/Lisbon" in capsys.readouterr().err
    assert run(store, "--kind", "error") == 2

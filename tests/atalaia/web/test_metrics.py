"""``/metrics``: the counters of pipelines, read back by Prometheus' own parser."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from atalaia.pipeline.counters import Counters, PluginKind
from atalaia.pipeline.errors import Position
from atalaia.pipeline.runtime.snapshots import FRESH, SnapshotWriter
from atalaia.web.app import create_app
from atalaia.web.site import site_at
from logging_lib.clock import system_clock
from tests.atalaia.pipeline.runtime.pipelines import NOW, clock, run_all

AT = Position('/etc/"odd" \\ name.conf', 3, 7, "")


def counters(name: str = "app") -> Counters:
    """Counts worked out by hand: ten read, seven out, two dropped, one failed, seven through an arm."""
    made = Counters(name)
    plugin = made.add_plugin(PluginKind.FILTER, "drop", 'a "quoted" \\ id\nof two lines', AT)
    plugin.events_in, plugin.events_out, plugin.dropped, plugin.failed = 10, 7, 2, 1
    made.add_arm(PluginKind.FILTER, AT, "else if").taken = 7
    return made


def client(folder: Path | None, now: datetime = NOW) -> FlaskClient:
    """A client of the page whose pipelines keep their counters in a folder."""
    site = site_at(str(folder), ZoneInfo("UTC"), clock=lambda: now, counters=folder)
    return create_app(site).test_client()


def samples(folder: Path, now: datetime = NOW) -> dict[tuple[str, str], float]:
    """What a scrape gives: name and pipeline to value."""
    answer = client(folder, now).get("/metrics")
    assert (answer.status_code, answer.mimetype) == (200, "text/plain")
    families = list(text_string_to_metric_families(answer.text))
    return {(each.name, each.labels["pipeline"]): each.value for family in families for each in family.samples}


def test_every_count_is_there(tmp_path: Path) -> None:
    """Names, values, help and type of each; labels come back as they were, quotes, backslashes and newlines too."""
    SnapshotWriter(tmp_path, [counters()], clock).tick()
    answer = client(tmp_path).get("/metrics").text
    families = {family.name: family for family in text_string_to_metric_families(answer)}
    assert {name: (family.type, family.samples[0].value) for name, family in families.items()} == {
        "atalaia_pipeline_up": ("gauge", 1),
        "atalaia_pipeline_plugin_events_in": ("counter", 10),
        "atalaia_pipeline_plugin_events_out": ("counter", 7),
        "atalaia_pipeline_plugin_events_dropped": ("counter", 2),
        "atalaia_pipeline_plugin_events_failed": ("counter", 1),
        "atalaia_pipeline_plugin_seconds": ("counter", 0),
        "atalaia_pipeline_arm_events": ("counter", 7),
    }
    assert all(family.documentation for family in families.values())
    assert "\natalaia_pipeline_plugin_events_in_total{" in answer
    labels = families["atalaia_pipeline_plugin_events_in"].samples[0].labels
    assert labels == {"pipeline": "app", "kind": "filter", "plugin": "drop", "id": 'a "quoted" \\ id\nof two lines'}
    arm = families["atalaia_pipeline_arm_events"].samples[0].labels
    assert (arm["arm"], arm["file"], arm["line"], arm["column"]) == ("else if", AT.file, "3", "7")


def test_a_pipeline_that_ended_is_down(tmp_path: Path) -> None:
    """Its last counts stay, and the gauge says that it does not run."""
    writer = SnapshotWriter(tmp_path, [counters()], clock)
    writer.tick()
    writer.close()
    seen = samples(tmp_path)
    assert seen["atalaia_pipeline_up", "app"] == 0
    assert seen["atalaia_pipeline_plugin_events_in_total", "app"] == 10


def test_a_pipeline_that_says_nothing_any_more_is_down(tmp_path: Path) -> None:
    """A snapshot that is too old is of the past, although a process of that number is there: this one."""
    SnapshotWriter(tmp_path, [counters()], clock).tick()
    assert samples(tmp_path, NOW + FRESH)["atalaia_pipeline_up", "app"] == 1
    assert samples(tmp_path, NOW + FRESH + timedelta(seconds=1))["atalaia_pipeline_up", "app"] == 0


def test_a_pipeline_that_was_killed_is_down(tmp_path: Path) -> None:
    """A process that ended without a word: fresh as its snapshot is, the pipeline is down."""
    code = (
        "import sys, os\nfrom pathlib import Path\n"
        "from atalaia.pipeline.counters import Counters\n"
        "from atalaia.pipeline.runtime.snapshots import SnapshotWriter\n"
        "from logging_lib.clock import system_clock\n"
        "SnapshotWriter(Path(sys.argv[1]), [Counters('app')], system_clock).tick()\nos._exit(9)\n"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    assert samples(tmp_path, system_clock())["atalaia_pipeline_up", "app"] == 0


def test_what_really_ran_is_counted(tmp_path: Path) -> None:
    """Four events, of which a branch drops two: in, out, dropped and both ways of the branch."""
    text = (
        "input { generator { count => 4 id => gen } }"
        "filter { if [event][sequence] < 2 { drop { id => away } } }"
        f'output {{ file {{ id => out path => "{tmp_path}/out" }} }}'
    )
    pipelines = run_all(tmp_path, {"p": text})
    SnapshotWriter(tmp_path, [each.counters for each in pipelines], clock).close()
    answer = client(tmp_path).get("/metrics").text
    found = {
        (each.name.removeprefix("atalaia_pipeline_"), each.labels.get("id", each.labels.get("arm"))): each.value
        for family in text_string_to_metric_families(answer)
        for each in family.samples
    }
    assert found["plugin_events_out_total", "gen"] == 4
    assert (found["plugin_events_in_total", "away"], found["plugin_events_dropped_total", "away"]) == (2, 2)
    assert found["plugin_events_out_total", "out"] == 2
    assert (found["arm_events_total", "if"], found["arm_events_total", "no arm taken"]) == (2, 2)


def test_without_pipelines_there_is_nothing(tmp_path: Path) -> None:
    """A scrape before the first pipeline is no error."""
    assert samples(tmp_path) == {}


def test_a_damaged_snapshot_is_said(tmp_path: Path) -> None:
    """Status 503 and the file's name."""
    (tmp_path / "counters").mkdir()
    (tmp_path / "counters" / "app.json").write_text("{}", encoding="utf-8")
    answer = client(tmp_path).get("/metrics")
    assert answer.status_code == 503
    assert "app.json holds no counters" in answer.text


@pytest.mark.parametrize("host", ["evil.example", "10.0.0.1"])
def test_foreign_hosts_get_no_metrics(tmp_path: Path, host: str) -> None:
    """The same protection as for the page."""
    assert client(tmp_path).get("/metrics", headers={"Host": host}).status_code == 421


def test_a_disk_that_takes_no_counters_stops_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """It is said once, not at each attempt; once the disk takes them again they are there."""
    in_the_way = tmp_path / "counters"
    in_the_way.write_text("not a folder")
    writer = SnapshotWriter(tmp_path, [counters()], clock)
    writer.tick()
    writer.close()
    (said,) = caplog.messages
    assert "cannot be written: File exists; what they count goes on" in said
    in_the_way.unlink()
    writer.close()
    assert samples(tmp_path)["atalaia_pipeline_plugin_events_in_total", "app"] == 10

"""Rules about machines: by the samples that are stored, and by this machine where that is asked for."""

from __future__ import annotations

import socket
from datetime import timedelta
from pathlib import Path

import pytest

from analyzers.alerts.rules.loading import default_rules
from analyzers.alerts.rules.surroundings import Surroundings
from analyzers.store.document import Document, JsonValue
from analyzers.store.memory.store import MemoryStore
from analyzers.thresholds import Severity
from tests.analyzers.alerts.rules.written import AROUND, NOW, said, written

MINUTE = timedelta(minutes=1)


def sample(host: str, number: int, metricset: str, system: JsonValue) -> Document:
    """Return a sample of a machine, some minutes before the check."""
    body: dict[str, JsonValue] = {
        "@timestamp": (NOW - number * MINUTE).isoformat(),
        "metricset": {"name": metricset},
        "host": {"name": host},
        "system": system,
    }
    return Document("metrics-host.system-production", f"{host}-{metricset}-{number}", body)


def cpu(host: str, number: int, share: float) -> Document:
    """Return a sample of the processors."""
    return sample(host, number, "system", {"cpu": {"total": {"norm": {"pct": share}}}})


def disk(host: str, number: int, point: str, share: float) -> Document:
    """Return a sample of a file system."""
    system: JsonValue = {"filesystem": {"mount_point": point, "used": {"pct": share}}}
    return sample(host, number, "filesystem", system)


def rule(measure: str, more: str = "") -> str:
    """Return a rule about machines."""
    return f'[[rule]]\nname = "{measure}"\nkind = "threshold"\nmeasure = "{measure}"\n{more}\n'


def test_every_host_is_judged_by_its_mean(tmp_path: Path) -> None:
    """0.65 and 0.75 are 70 % on average: the warning threshold is reached. 0.84 is below 85 %."""
    store = MemoryStore([cpu("web-1", 1, 0.65), cpu("web-1", 2, 0.75), cpu("web-2", 1, 0.84), cpu("db", 1, 0.1)])
    found = said(store, written(tmp_path, rule("cpu")))
    assert [(each.labels["host.name"], each.severity.value, each.value) for each in found] == [
        ("web-2", "warning", 84.0),
        ("web-1", "warning", 70.0),
        ("db", "ok", 10.0),
    ]
    assert found[1].message == (
        "cpu for host.name web-1 warning: mean 70 % (over 2 samples), at or above the warning threshold of 70 %, "
        "in the 5 minutes to 2024-01-15 10:30:00 UTC"
    )


def test_samples_are_of_every_service(tmp_path: Path) -> None:
    """A file about one service judges its machines all the same: samples carry the sampler's name, or none."""
    file = written(tmp_path, f'service = "ti-osn"\n{rule("cpu")}')
    [signal] = said(MemoryStore([cpu("web-1", 1, 0.9)]), file)
    assert signal.severity is Severity.CRITICAL


def test_every_file_system_is_judged_by_its_fullest_moment(tmp_path: Path) -> None:
    """/data was at 95 % once: critical. The root is fine."""
    store = MemoryStore([disk("db", 1, "/data", 0.9), disk("db", 2, "/data", 0.95), disk("db", 3, "/", 0.2)])
    found = said(store, written(tmp_path, rule("disk")))
    assert [(each.labels["system.filesystem.mount_point"], each.severity.value) for each in found] == [
        ("/data", "critical"),
        ("/", "ok"),
    ]


def test_without_samples_it_is_unmeasured_and_says_what_to_do(tmp_path: Path) -> None:
    """No value means unmeasured, never fine; this machine is not looked at unasked."""
    [signal] = said(MemoryStore(), written(tmp_path, rule("cpu")))
    assert (signal.severity, signal.labels) == (Severity.UNMEASURED, {})
    assert "'atalaia metrics run', or look at this machine with --host" in signal.message


def test_this_machine_is_looked_at_where_that_is_asked_for(tmp_path: Path) -> None:
    """85 % now is critical; other hosts stay judged by their samples; the disk that cannot be read is unmeasured."""
    text = "".join(rule(measure, "host = true") for measure in ("cpu", "memory", "disk"))
    found = said(MemoryStore([cpu("web-1", 1, 0.1)]), written(tmp_path, text))
    name = socket.gethostname()
    assert [(each.rule, each.labels.get("host.name"), each.severity.value) for each in found] == [
        ("cpu", "web-1", "ok"),
        ("cpu", name, "critical"),
        ("memory", name, "ok"),
        ("disk", name, "unmeasured"),
    ]
    assert found[1].message == (
        f"cpu for host.name {name} critical: 85 % in use, at or above the critical threshold of 85 %, now"
    )


def test_stored_samples_of_this_machine_go_before_a_look_at_it(tmp_path: Path) -> None:
    """Its processors were at 10 % on average, whatever they are at this moment."""
    found = said(MemoryStore([cpu(socket.gethostname(), 1, 0.1)]), written(tmp_path, rule("cpu", "host = true")))
    assert [(each.severity.value, each.value) for each in found] == [("ok", 10.0)]


@pytest.mark.parametrize("host", [False, True])
def test_the_past_of_this_machine_is_not_known(tmp_path: Path, *, host: bool) -> None:
    """As of an hour ago nothing is said of it, whether the file or the command line asks for it."""
    around = Surroundings(AROUND.clock, AROUND.sampler, host=host)
    file = written(tmp_path, rule("cpu", "" if host else "host = true"), around)
    [then] = said(MemoryStore(), file, instant=NOW - timedelta(hours=1))
    assert (then.severity, then.value) == (Severity.UNMEASURED, None)
    assert said(MemoryStore(), file)[0].severity is Severity.CRITICAL


def test_samples_that_came_back_end_what_was_unmeasured(tmp_path: Path) -> None:
    """What is remembered about no host at all is over when there is one; a host that is gone is unmeasured."""
    found = said(MemoryStore([cpu("web-1", 1, 0.1)]), written(tmp_path, rule("cpu")), {}, {"host.name": "web-9"})
    assert {each.labels.get("host.name"): each.severity.value for each in found} == {
        "web-1": "ok",
        "web-9": "unmeasured",
        None: "ok",
    }


def test_without_a_file_the_documented_thresholds_are_rules() -> None:
    """All five, with the numbers of the profile."""
    found = default_rules("production", around=AROUND)
    assert [each.name for each in found.rules] == ["error_rate", "response_time", "cpu", "memory", "disk"]
    signals = said(MemoryStore([cpu("web-1", 1, 0.1)]), found)
    assert [signal.limits for signal in signals] == [
        {"warning": 5.0, "critical": 10.0},
        {"warning": 2.0, "critical": 5.0},
        {"warning": 70.0, "critical": 85.0},
        {"warning": 80.0, "critical": 90.0},
        {"warning": 85.0, "critical": 95.0},
    ]

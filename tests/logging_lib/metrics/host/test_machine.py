"""The machine's numbers against second sources: /proc, df, and processes made to be seen."""

from __future__ import annotations

import os
import socket
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeAlias, cast

import pytest

from logging_lib.metrics.host.filesystems import Mount, distinct, read_filesystem
from logging_lib.metrics.host.machine import MachineSampler
from logging_lib.metrics.host.memory import read_memory, used
from logging_lib.metrics.host.processors import ProcessorReader, shares
from logging_lib.metrics.sample import MetricValue, Sample

Numbers: TypeAlias = Mapping[str, MetricValue]


def at(values: Numbers, path: str) -> float:
    """Return the number at a dotted path."""
    node: MetricValue = values
    for name in path.split("."):
        assert isinstance(node, Mapping), path
        node = node[name]
    assert isinstance(node, int | float), path
    return node


def of(samples: Sequence[Sample], metricset: str, kind: str, name: str) -> Numbers:
    """Return the sample of one disk or interface."""
    found = [cast("Numbers", each.values["system"][kind]) for each in samples if each.metricset == metricset]
    return next(each for each in found if each["name"] == name)


def jiffies() -> list[int]:
    """Return /proc/stat's first line: user nice system idle iowait irq softirq steal, in hundredths of a second."""
    return [int(word) for word in Path("/proc/stat").read_text("ascii").split("\n")[0].split()[1:9]]


def burn(seconds: float) -> None:
    """Keep a processor busy."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        sum(range(1000))


def growth(before: Sequence[int], after: Sequence[int]) -> list[int]:
    """Return how much each number grew."""
    return [later - earlier for earlier, later in zip(before, after, strict=True)]


def test_processor_shares_are_those_of_proc_stat() -> None:
    """With a second of work between two readings, a share lies between what /proc/stat says within and around."""
    reader = ProcessorReader()
    around = jiffies()
    assert set(reader.read(0.0)) == {"cores"}
    within = jiffies()
    burn(1.0)
    least = growth(within, jiffies())
    read = reader.read(1.0)
    most = growth(around, jiffies())
    states = ("user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal")
    for place, state in enumerate(states):
        if state in read:
            bounds = least[place] / sum(most), most[place] / sum(least)
            assert bounds[0] - 0.01 <= at(read, f"{state}.norm.pct") <= bounds[1] + 0.01, state
    assert sum(at(read, f"{state}.norm.pct") for state in states if state in read) == pytest.approx(1, abs=0.001)
    busy = sum(least[place] for place, state in enumerate(states) if state not in {"idle", "iowait"})
    assert at(read, "total.norm.pct") >= busy / sum(most) - 0.01
    assert busy > 0


def test_shares_by_hand() -> None:
    """Of 10 s: 3 user, 1 system, 5 idle, 1 waiting are 40 % busy; a counter set back hides what it makes unknown."""
    seconds = {"user": 3.0, "nice": 0.0, "system": 1.0, "idle": 5.0, "iowait": 1.0, "irq": 0, "softirq": 0, "steal": 0}
    assert at(shares(seconds), "total.norm.pct") == 0.4
    assert at(shares(seconds), "iowait.norm.pct") == 0.1
    without_wait = {state: grown for state, grown in seconds.items() if state != "iowait"}
    assert at(shares(without_wait), "total.norm.pct") == pytest.approx(4 / 9, abs=1e-6)
    without_user = {state: grown for state, grown in seconds.items() if state != "user"}
    assert "total" not in shares(without_user)
    assert shares(dict.fromkeys(seconds, 0.0)) == {}


def test_memory_is_that_of_proc_meminfo() -> None:
    """Total, free, available and swap, within what others take meanwhile; actual counts what is not available."""
    before, read, after = meminfo(), read_memory(), meminfo()
    total = before["MemTotal"]
    assert at(read, "total") == total
    for name, told in (("free", "MemFree"), ("actual.free", "MemAvailable")):
        least, most = sorted((before[told], after[told]))
        assert least - 0.05 * total <= at(read, name) <= most + 0.05 * total
    assert at(read, "actual.used.bytes") == at(read, "total") - at(read, "actual.free")
    assert at(read, "actual.used.pct") == pytest.approx(1 - at(read, "actual.free") / total, abs=0.001)
    assert at(read, "used.bytes") == at(read, "total") - at(read, "free")
    assert at(read, "swap.total") == before["SwapTotal"]


def meminfo() -> dict[str, int]:
    """Return what /proc/meminfo says, in bytes."""
    told = dict(line.split(":") for line in Path("/proc/meminfo").read_text("ascii").splitlines())
    return {name: int(value.split()[0]) * 1024 for name, value in told.items()}


def test_there_is_no_share_of_nothing() -> None:
    """Without swap there is no used share of it, instead of a zero or a division by it."""
    assert used(0, 0) == {"bytes": 0}
    assert used(1000, 250) == {"bytes": 750, "pct": 0.75}


def test_load_and_uptime_are_the_kernels() -> None:
    """/proc/loadavg and /proc/uptime say the same, and the machine started that long ago."""
    now = datetime.now(tz=UTC)
    told = Path("/proc/loadavg").read_text("ascii").split()
    up = float(Path("/proc/uptime").read_text("ascii").split()[0])
    system = MachineSampler(time.monotonic).sample(now)[0].values["system"]
    near = timedelta(seconds=2) + (datetime.now(tz=UTC) - now)  # a busy machine has us wait between two lines
    assert at(system, "load.15") == pytest.approx(float(told[2]), abs=0.3)
    assert at(system, "load.norm.15") == pytest.approx(at(system, "load.15") / at(system, "load.cores"), abs=0.001)
    assert at(system, "uptime.duration.ms") == pytest.approx(up * 1000, abs=near.total_seconds() * 1000)
    boot = datetime.fromisoformat(str(cast("Numbers", system["boot"])["time"]))
    assert abs(boot - (now - timedelta(seconds=up))) < near


def send_to_itself(size: int) -> None:
    """Send bytes through the loopback interface."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def send() -> None:
            with socket.create_connection(server.getsockname()) as out:
                out.sendall(b"x" * size)

        sender = threading.Thread(target=send)
        sender.start()
        connection, _ = server.accept()
        with connection:
            while connection.recv(1 << 20):
                pass
        sender.join()


def loopback() -> list[int]:
    """Return the sixteen numbers of /proc/net/dev for lo."""
    lines = Path("/proc/net/dev").read_text("ascii").splitlines()
    return next([int(word) for word in line.split(":")[1].split()] for line in lines if line.strip().startswith("lo:"))


def test_network_counters_are_those_of_proc_net_dev_and_rates_are_per_second() -> None:
    """50 MB over the loopback within ten seconds of a made-up clock, and what other programs send there meanwhile."""
    send_to_itself(1)  # an interface that was never used is left out
    instants = iter((100.0, 110.0))
    sampler = MachineSampler(lambda: next(instants))
    around = loopback()
    first = of(sampler.sample(datetime.now(tz=UTC)), "network", "network", "lo")
    within = loopback()
    send_to_itself(50_000_000)
    least = loopback()
    second = of(sampler.sample(datetime.now(tz=UTC)), "network", "network", "lo")
    most = loopback()
    assert "per_sec" not in cast("Numbers", first["in"])
    assert at(second, "in.per_sec.bytes") >= 5_000_000
    assert growth(within, least)[0] / 10 <= at(second, "in.per_sec.bytes") <= growth(around, most)[0] / 10
    assert at(second, "out.per_sec.bytes") == pytest.approx(
        (at(second, "out.bytes") - at(first, "out.bytes")) / 10, abs=0.001
    )
    assert least[0] <= at(second, "in.bytes") <= most[0]
    assert least[9] <= at(second, "out.packets") <= most[9]


def test_file_systems_are_those_of_df(tmp_path: Path) -> None:
    """Size, used and available bytes and inodes of the file system of the temporary folder, and df's percentage."""
    before = df(tmp_path)
    read = read_filesystem(Mount(str(tmp_path), "/dev/x", "ext4"))
    after = df(tmp_path)
    assert (at(read, "total"), at(read, "files")) == (before["size"], before["itotal"])
    for name, found in (
        ("used", at(read, "used.bytes")),
        ("avail", at(read, "available")),
        ("iused", at(read, "files") - at(read, "free_files")),
    ):
        least, most = sorted((before[name], after[name]))
        assert 0.98 * least <= found <= 1.02 * most, name
    least, most = sorted((before["pcent"], after["pcent"]))
    assert least - 1.5 <= at(read, "used.pct") * 100 <= most + 1.5  # df rounds up


def df(folder: Path) -> dict[str, int]:
    """Return what df says of a folder's file system."""
    names = ("size", "used", "avail", "pcent", "itotal", "iused")
    command = ["df", "-B1", f"--output={','.join(names)}", str(folder)]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[1]
    return {name: int(value.rstrip("%")) for name, value in zip(names, told.split(), strict=True)}


def test_each_device_is_read_once_and_images_never() -> None:
    """A device that is mounted twice is read at its shorter mount point; a snap's image is always full and left out."""
    found = [
        Mount("/var/lib/docker/volumes", "/dev/vda1", "ext4"),
        Mount("/", "/dev/vda1", "ext4"),
        Mount("/snap/core/1", "/dev/loop3", "squashfs"),
        Mount("/data", "/dev/vdb", "xfs"),
    ]
    assert [mount.point for mount in distinct(found)] == ["/", "/data"]


def test_a_file_system_that_was_unmounted_meanwhile_is_left_out(tmp_path: Path) -> None:
    """It is no failure: what is gone is gone."""
    assert read_filesystem(Mount(str(tmp_path / "gone"), "/dev/x", "ext4")) == {}


def test_disks_write_what_a_program_writes(tmp_path: Path) -> None:
    """20 MB that reach the disk are in the counters of one whole disk, and in its rate per second."""
    instants = iter((0.0, 10.0))
    sampler = MachineSampler(lambda: next(instants))
    first = [each for each in sampler.sample(datetime.now(tz=UTC)) if each.metricset == "diskio"]
    assert first, "no disk: this machine keeps its files on none"
    with (tmp_path / "file").open("wb") as file:
        file.write(os.urandom(20_000_000))
        file.flush()
        os.fsync(file.fileno())
    second = [each for each in sampler.sample(datetime.now(tz=UTC)) if each.metricset == "diskio"]
    grown = [at(cast("Numbers", each.values["system"]["diskio"]), "write.per_sec.bytes") for each in second]
    assert max(grown) >= 2_000_000

"""Every field of the host's samples, for the reference and the mapping. Names are Metricbeat's where it has one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from logging_lib.metrics.fields import MetricField, Unit

_COUNTED: Final[tuple[tuple[str, Unit, Unit], ...]] = (
    ("bytes", "bytes", "bytes/s"),
    ("packets", "", "per second"),
    ("errors", "", "per second"),
    ("dropped", "", "per second"),
)
_CPU_STATES: Final = {
    "user": "in programs",
    "nice": "in programs of low priority",
    "system": "in the kernel",
    "idle": "idle",
    "iowait": "idle while something waited for a disk",
    "irq": "in interrupts",
    "softirq": "in deferred interrupts",
    "steal": "taken by the hypervisor for other machines",
}
_STATES: Final = {
    "running": "running or ready to run",
    "sleeping": "waiting for something",
    "disk_sleep": "waiting for a disk or a file server, not to be interrupted",
    "idle": "kernel threads with nothing to do",
    "stopped": "stopped or traced",
    "zombie": "ended, and not yet collected by their parent",
    "dead": "ending",
    "unknown": "in any other state",
}


def _double(metricset: str, name: str, unit: Unit, meaning: str) -> MetricField:
    return MetricField(f"system.{name}", "double", unit, meaning, metricset)


def _long(metricset: str, name: str, unit: Unit, meaning: str) -> MetricField:
    return MetricField(f"system.{name}", "long", unit, meaning, metricset)


def _word(metricset: str, name: str, meaning: str) -> MetricField:
    return MetricField(f"system.{name}", "keyword", "", meaning, metricset)


def _system() -> Iterator[MetricField]:
    yield _long("system", "cpu.cores", "", "Logical processors.")
    yield _double(
        "system", "cpu.total.norm.pct", "share 0..1", "Time of all processors that was neither idle nor iowait."
    )
    for state, meaning in _CPU_STATES.items():
        yield _double("system", f"cpu.{state}.norm.pct", "share 0..1", f"Time of all processors {meaning}.")
    yield _long("system", "load.cores", "", "Logical processors.")
    for minutes in ("1", "5", "15"):
        what = f"Processes running or waiting for a disk, averaged over {minutes} min"
        yield _double("system", f"load.{minutes}", "", f"{what}.")
        yield _double("system", f"load.norm.{minutes}", "", f"{what}, per processor.")
    yield from _memory()
    yield _long("system", "uptime.duration.ms", "ms", "Time since the machine started, sleep included.")
    yield MetricField("system.boot.time", "date", "", "When the machine started.", "system")
    yield from _cgroup()


def _memory() -> Iterator[MetricField]:
    yield _long("system", "memory.total", "bytes", "Memory.")
    yield _long("system", "memory.free", "bytes", "Memory with nothing in it.")
    yield _long("system", "memory.used.bytes", "bytes", "Memory that is not free, caches included.")
    yield _double("system", "memory.used.pct", "share 0..1", "The same as a share of all memory.")
    yield _long("system", "memory.actual.free", "bytes", "Memory that programs can have, from caches too.")
    yield _long("system", "memory.actual.used.bytes", "bytes", "Memory that programs cannot have any more.")
    yield _double(
        "system", "memory.actual.used.pct", "share 0..1", "The same as a share of all memory: how full it is."
    )
    yield _long("system", "memory.swap.total", "bytes", "Swap space.")
    yield _long("system", "memory.swap.free", "bytes", "Swap space not used.")
    yield _long("system", "memory.swap.used.bytes", "bytes", "Swap space used.")
    yield _double("system", "memory.swap.used.pct", "share 0..1", "The same as a share; absent without swap.")


def _cgroup() -> Iterator[MetricField]:
    where = "of the sampler's control group; absent where there is no limit"
    yield _long("system", "cgroup.memory.limit.bytes", "bytes", f"The memory limit {where}.")
    yield _long("system", "cgroup.memory.used.bytes", "bytes", "Memory used of it, file caches included.")
    yield _double("system", "cgroup.memory.used.pct", "share 0..1", "The same as a share of the limit.")
    yield _double("system", "cgroup.cpu.limit.cores", "", f"How many processors' time is the limit {where}.")
    yield _double("system", "cgroup.cpu.used.pct", "share 0..1", "Processor time used, as a share of the limit.")


def _filesystem() -> Iterator[MetricField]:
    one = "filesystem"
    yield _word(one, "filesystem.mount_point", "Where it is mounted.")
    yield _word(one, "filesystem.device_name", "On which device it lies.")
    yield _word(one, "filesystem.type", "Its type: ext4, xfs, …")
    yield _long(one, "filesystem.total", "bytes", "Its size.")
    yield _long(one, "filesystem.free", "bytes", "Free, what is kept for root included.")
    yield _long(one, "filesystem.available", "bytes", "Free for ordinary users.")
    yield _long(one, "filesystem.used.bytes", "bytes", "Used.")
    yield _double(one, "filesystem.used.pct", "share 0..1", "Used, of used and available: what df shows.")
    yield _long(one, "filesystem.files", "", "Files there can be; absent where there is no such limit.")
    yield _long(one, "filesystem.free_files", "", "Files that can still be made.")
    yield _double(one, "filesystem.used_files.pct", "share 0..1", "Files there are, of files there can be.")


def _diskio() -> Iterator[MetricField]:
    yield _word("diskio", "diskio.name", "The disk.")
    for way, done in (("read", "Reads"), ("write", "Writes")):
        name = f"diskio.{way}"
        yield _long("diskio", f"{name}.count", "", f"{done} since the machine started.")
        yield _long("diskio", f"{name}.bytes", "bytes", f"Bytes of all {done.lower()} since the machine started.")
        yield _long("diskio", f"{name}.time", "ms", f"Time of all {done.lower()} since the machine started.")
        yield _double("diskio", f"{name}.per_sec.count", "per second", f"{done} since the last sample.")
        yield _double(
            "diskio", f"{name}.per_sec.bytes", "bytes/s", f"Bytes of all {done.lower()} since the last sample."
        )
    yield _long("diskio", "diskio.io.time", "ms", "Time with anything to do since the machine started.")
    yield _double(
        "diskio", "diskio.io.busy.pct", "share 0..1", "Share of the time with anything to do since the last sample."
    )


def _network() -> Iterator[MetricField]:
    yield _word("network", "network.name", "The interface.")
    for way, done in (("in", "received"), ("out", "sent")):
        for what, unit, rate in _COUNTED:
            meaning = f"{what.capitalize()} {done}" if what in {"bytes", "packets"} else f"Packets not {done}: {what}"
            yield _long("network", f"network.{way}.{what}", unit, f"{meaning}, since the interface came up.")
            yield _double("network", f"network.{way}.per_sec.{what}", rate, f"{meaning}, since the last sample.")


def _process() -> Iterator[MetricField]:
    one = "process"
    yield MetricField("process.pid", "long", "", "The process.", one)
    yield MetricField("process.name", "keyword", "", "Its program.", one)
    yield MetricField("process.parent.pid", "long", "", "The process that started it.", one)
    yield _word(one, "process.state", "What it is doing; the words are those of the summary.")
    yield _word(one, "process.username", "Whose it is.")
    yield _word(one, "process.cmdline", "Its command without arguments, which may hold secrets.")
    yield _word(
        one, "process.pattern", "The pattern that it was chosen by; absent where it is among the greatest only."
    )
    yield _long(one, "process.num_threads", "", "Threads.")
    yield _long(one, "process.fd.open", "", "Open files; only root may count those of other users.")
    yield _long(one, "process.cpu.total.value", "ms", "Processor time since it began.")
    yield _double(
        one, "process.cpu.total.pct", "share 0..1", "Processor time since the last sample; 1 is one processor."
    )
    yield _double(one, "process.cpu.total.norm.pct", "share 0..1", "The same as a share of all processors.")
    yield _long(one, "process.memory.rss.bytes", "bytes", "Memory that it occupies, shared pages included.")
    yield _double(one, "process.memory.rss.pct", "share 0..1", "The same as a share of all memory.")


def _summary() -> Iterator[MetricField]:
    one = "process_summary"
    yield _long(one, "process.summary.total", "", "Processes.")
    for state, meaning in _STATES.items():
        yield _long(one, f"process.summary.{state}", "", f"Processes {meaning}.")
    yield _long(one, "process.summary.left_out", "", "Processes that match a pattern and were too many to record.")


FIELDS: Final[tuple[MetricField, ...]] = (
    *_system(),
    *_filesystem(),
    *_diskio(),
    *_network(),
    *_summary(),
    *_process(),
)
"""In the order of the reference."""

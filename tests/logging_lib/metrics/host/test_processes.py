"""Which processes have records, and what those say: against processes made for it, and ps."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias, cast

import psutil
import pytest

from logging_lib.errors import AtalaiaError
from logging_lib.metrics.host.chosen import choose
from logging_lib.metrics.host.options import HostOptions
from logging_lib.metrics.host.process import Seen, first_word
from logging_lib.metrics.host.processes import ProcessSampler
from logging_lib.metrics.sample import MetricValue, Sample
from tests.servers import wait_until

Numbers: TypeAlias = Mapping[str, MetricValue]
BURN = "while True: pass"


@contextmanager
def started(*words: str, title: str | None = None) -> Iterator[subprocess.Popen[str]]:
    """Run a process while the block lasts; it has said "ready" before the block begins."""
    code = f"print('ready', flush=True)\n{words[0]}"
    command = [title or sys.executable, "-c", code, *words[1:]]
    with subprocess.Popen(command, executable=sys.executable, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        try:
            yield process
        finally:
            process.kill()


def twice(options: HostOptions, between: float = 0.5) -> Sequence[Sample]:
    """Return the second of two readings."""
    sampler = ProcessSampler(options, time.monotonic)
    sampler.sample(datetime.now(tz=UTC))
    time.sleep(between)
    return sampler.sample(datetime.now(tz=UTC))


def processes(samples: Sequence[Sample]) -> dict[int, Numbers]:
    """Return the system fields of each recorded process by its pid."""
    return {
        cast("int", each.values["process"]["pid"]): cast("Numbers", each.values["system"]["process"])
        for each in samples
        if each.metricset == "process"
    }


def summary(samples: Sequence[Sample]) -> Mapping[str, int]:
    """Return the counts of the summary."""
    (found,) = [each.values["system"]["process"] for each in samples if each.metricset == "process_summary"]
    return cast("Mapping[str, int]", cast("Numbers", found)["summary"])


def cpu_seconds(pid: int) -> float:
    """Return the processor time of a process from the kernel: utime and stime of /proc/PID/stat, in ticks."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_a_process_that_burns_a_processor_is_among_the_greatest() -> None:
    """Its share is the time that /proc says it used, of ten seconds of a made-up clock; a first reading has none."""
    instants = iter((0.0, 10.0))
    sampler = ProcessSampler(HostOptions(top=20, patterns=("while True",)), lambda: next(instants))
    with started(BURN) as burner:
        outer = -cpu_seconds(burner.pid)
        first = processes(sampler.sample(datetime.now(tz=UTC)))[burner.pid]
        inner = -cpu_seconds(burner.pid)
        time.sleep(1)
        wait_until(lambda: inner + cpu_seconds(burner.pid) > 0, "burning")
        inner += cpu_seconds(burner.pid)
        found = processes(sampler.sample(datetime.now(tz=UTC)))[burner.pid]
        outer += cpu_seconds(burner.pid)
    assert set(cast("Numbers", cast("Numbers", first["cpu"])["total"])) == {"value"}
    total = cast("Mapping[str, float]", cast("Numbers", found["cpu"])["total"])
    assert 0 < inner <= total["pct"] * 10 + 0.001 <= outer + 0.002
    norm = cast("Mapping[str, float]", total["norm"])
    assert norm["pct"] == pytest.approx(total["pct"] / (os.cpu_count() or 1), abs=1e-5)


def seen(started_at: float, rss: int) -> Seen:
    """Return a process that differs from others by its start."""
    return Seen(psutil.Process(), "made", "sleeping", 1, started_at, 0.0, rss)


def test_the_greatest_are_the_busiest_and_the_largest() -> None:
    """Of four, with one of each: the one that uses most of a processor and the one with most memory."""
    idle, busy, busier, large = seen(1, 5), seen(2, 6), seen(3, 7), seen(4, 99)
    rates = {idle.key: 0.0, busy.key: 0.5, busier.key: 0.7}
    choice = choose([idle, busy, busier, large], rates, HostOptions(top=1))
    assert [one for one, _ in choice.processes] == [busier, large]
    assert choose([idle, large], rates, HostOptions(top=0)).processes == ()


def test_a_process_with_much_memory_is_among_the_greatest_with_what_ps_says() -> None:
    """300 MB are resident; threads, user and memory are those that ps shows."""
    with started("held = bytearray(b'x') * 300_000_000\nimport time\ntime.sleep(600)") as large:
        one = _once_large(large.pid)
        words = ["ps", "-o", "rss=,nlwp=,user=", "-p", str(large.pid)]
        told = subprocess.run(words, check=True, capture_output=True, text=True).stdout.split()
        opened = len(os.listdir(f"/proc/{large.pid}/fd"))  # noqa: PTH208 - the names are not needed
    assert _rss(one) == pytest.approx(int(told[0]) * 1024, rel=0.02)
    assert (one["num_threads"], one["username"]) == (int(told[1]), told[2])
    assert one["fd"] == {"open": opened}


def _once_large(pid: int) -> Numbers:
    """Return a process's fields once it is among the 20 greatest with 300 MB, and has come to rest."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        one = processes(twice(HostOptions(top=20), 0.05)).get(pid)
        if one and _rss(one) >= 300_000_000 and one["state"] == "sleeping":
            return one
    raise AssertionError("the process was never among the greatest")


def _rss(one: Numbers) -> float:
    return cast("float", cast("Numbers", cast("Numbers", one["memory"])["rss"])["bytes"])


def test_a_pattern_finds_processes_by_their_arguments_and_never_records_these() -> None:
    """A secret among the arguments finds the process and is in no sample; the pattern and the command are."""
    with started("import time\ntime.sleep(600)", "--password=hunter2-c0ffee") as process:
        samples = twice(HostOptions(top=50, patterns=("c0f+ee",)), 0.05)
    found = processes(samples)[process.pid]
    assert found["pattern"] == "c0f+ee"
    assert found["cmdline"] == sys.executable
    assert "hunter2" not in json.dumps([each.values for each in samples])


def test_the_command_is_one_word_also_under_a_title_of_several() -> None:
    """Programs write what they like over their arguments; only the first word of it is kept."""
    with started("import time\ntime.sleep(600)", title="worker: token=abc") as process:
        samples = twice(HostOptions(top=0, patterns=("^worker: token",)), 0.05)
    assert processes(samples)[process.pid]["cmdline"] == "worker:"
    assert "abc" not in json.dumps([each.values for each in samples if each.metricset == "process_summary"])
    assert [first_word(words) for words in ([], [""], ["a b", "c"])] == ["", "", "a"]


def test_at_most_so_many_of_a_pattern_and_the_rest_is_counted() -> None:
    """Of three processes of a pattern, with two allowed, one is left out and counted."""
    sleep, mark = "import time\ntime.sleep(600)", f"mark-of-{os.getpid()}-"
    with started(sleep, mark) as one, started(sleep, mark) as two, started(sleep, mark) as three:
        samples = twice(HostOptions(top=0, patterns=(mark,), most=2), 0.05)
    assert len({one.pid, two.pid, three.pid} & set(processes(samples))) == 2
    assert summary(samples)["left_out"] == 1


def test_a_process_may_leave_itself_out() -> None:
    """The sampler's own command line has the patterns in it, which is no reason to record it."""
    own = os.getpid()
    matching = HostOptions(top=0, patterns=(".",), most=100_000)
    assert own in processes(twice(matching, 0.05))
    assert own not in processes(twice(HostOptions(top=0, patterns=(".",), most=100_000, itself=False), 0.05))


def test_states_are_counted() -> None:
    """A stopped process and a zombie are counted as such, and the states sum to the total, which is near ps's."""
    with started("import time\ntime.sleep(600)") as stopped, started("pass") as zombie:
        stopped.send_signal(19)  # SIGSTOP
        os.waitid(os.P_PID, zombie.pid, os.WEXITED | os.WNOWAIT)
        counts = summary(twice(HostOptions(top=0), 0.05))
        lines = subprocess.run(["ps", "-e", "-o", "pid="], check=True, capture_output=True, text=True).stdout.split()
    assert counts["stopped"] >= 1
    assert counts["zombie"] >= 1
    assert counts["total"] == sum(counts.values()) - counts["total"] - counts["left_out"]
    assert counts["total"] == pytest.approx(len(lines), abs=60)  # other tests start processes too


def test_a_pattern_that_is_none_is_refused() -> None:
    """The message names the pattern and shows how to write one."""
    with pytest.raises(AtalaiaError, match=r"'\(' is no regular expression.*name processes as in"):
        HostOptions(patterns=("(",))

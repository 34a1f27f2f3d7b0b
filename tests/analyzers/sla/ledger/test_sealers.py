"""Sealers that are killed, and several at once."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest

from analyzers.sla.ledger import evidence_of, seal
from analyzers.store.elastic.connection import Credentials
from analyzers.store.elastic.store import ElasticStore
from analyzers.store.embedded.store import EmbeddedStore
from analyzers.store.interface import Store
from analyzers.store.memory.store import MemoryStore
from analyzers.store.query import Window
from analyzers.store.selection import Selection
from tests.analyzers.sla.ledger.traffic import MINUTE, START, Request, contract, counted, message, sample

ROOT = Path(__file__).resolve().parents[4]
NOW = START + timedelta(days=2)

SCRIPT = """
import os, signal, sys
from datetime import datetime, timedelta
from pathlib import Path
from analyzers.sla.ledger import seal
from analyzers.store.embedded.store import EmbeddedStore
from tests.analyzers.sla.ledger.test_sealers import NOW
from tests.analyzers.sla.ledger.traffic import contract

class Dying:
    left = int(sys.argv[3])
    def __init__(self, ledger):
        self.ledger = ledger
    def __getattr__(self, name):
        return getattr(self.ledger, name)
    def append(self, documents):
        if not self.left:
            os.kill(os.getpid(), signal.SIGKILL)
        self.left -= 1
        return self.ledger.append(documents)

with EmbeddedStore(Path(sys.argv[1])) as store, EmbeddedStore(Path(sys.argv[2]), writable=True) as ledger:
    seal(store, Dying(ledger), contract(), lambda: NOW)
"""


def requests(start: datetime, days: int) -> list[Request]:
    """Return some requests of each of some days."""
    return [
        Request(
            start + number * timedelta(minutes=97), (200, 503)[number % 5 == 0], number, ("/a", "/b", None)[number % 3]
        )
        for number in range(days * 14)
    ]


def filled(place: Path, start: datetime, days: int) -> list[Request]:
    """Write requests, messages and samples to a store."""
    some = requests(start, days)
    others = [message(start + timedelta(hours=each), "backup.completed", f"b-{each}") for each in range(0, 24, 7)]
    others += [sample(start + timedelta(hours=each)) for each in range(24)]
    with EmbeddedStore(place, writable=True) as store:
        store.append([*(each.document() for each in some), *others])
    return some


def documents(ledger: Store) -> list[tuple[str, bytes]]:
    """Return all that is in a ledger."""
    every = Selection("metrics-sla.slice-production", Window(START - timedelta(days=9), START + timedelta(days=9)))
    return [(each.id, orjson.dumps(each.body, option=orjson.OPT_SORT_KEYS)) for each in ledger.documents(every)]


@pytest.mark.parametrize("appends", range(6))
def test_a_killed_run_is_made_up_for(tmp_path: Path, appends: int) -> None:
    """Killed before any of its six writes (slices, then a marker, of each day), the next run makes the same ledger."""
    filled(tmp_path / "store", START, 2)
    with EmbeddedStore(tmp_path / "store") as store, EmbeddedStore(tmp_path / "whole", writable=True) as whole:
        seal(store, whole, contract(), lambda: NOW)
        expected = documents(whole)
    command = [sys.executable, "-c", SCRIPT, str(tmp_path / "store"), str(tmp_path / "ledger")]
    killed = subprocess.run([*command, str(appends)], cwd=ROOT, check=False)
    assert killed.returncode == -signal.SIGKILL
    with EmbeddedStore(tmp_path / "ledger") as partly:
        assert len(documents(partly)) < len(expected)
    assert subprocess.run([*command, "99"], cwd=ROOT, check=False).returncode == 0
    with EmbeddedStore(tmp_path / "ledger") as ledger:
        assert documents(ledger) == expected


def test_a_command_that_is_killed_anywhere(tmp_path: Path) -> None:
    """``sla seal``, killed from outside as soon as it has written something, and run again: every number is right."""
    start = datetime.now(tz=UTC).replace(second=0, microsecond=0) - timedelta(days=25)
    some = filled(tmp_path / "store", start, 24)
    (tmp_path / "sla.toml").write_text(
        'service = "ti-osn"\nenvironment = "production"\nzone = "UTC"\n'
        '[[objective]]\nname = "a"\nkind = "availability"\ntarget = 99\n',
        encoding="utf-8",
    )
    # Nice, so that this process goes first on a busy machine: it is to kill the other one in time.
    command = ["nice", "-n", "19", sys.executable, "-m", "atalaia", "sla", "seal", "--store", str(tmp_path / "store")]
    command += ["--contract", str(tmp_path / "sla.toml")]
    running = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    commits, deadline = tmp_path / "store-ledger" / "commits", time.monotonic() + 180
    while running.poll() is None and time.monotonic() < deadline and len([*commits.glob("*.json")]) < 4:
        time.sleep(0.001)
    running.kill()
    assert running.wait() == -signal.SIGKILL
    ended = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    assert "restated" not in ended.stdout
    whole = Window(start, start + timedelta(days=24))
    with EmbeddedStore(tmp_path / "store-ledger") as ledger:
        evidence = evidence_of(MemoryStore(), ledger, contract(), datetime.now(tz=UTC))
        assert evidence.counts([whole], None, (10, 100, 2_000, 120_000)) == counted(some, whole)
        assert evidence.provenance(whole).sealed == (whole,)


def at_once(store: Store, ledgers: Sequence[Store], environment: str) -> None:
    """Let several sealers run at the same time, each with a number of its own."""

    def run(number: int) -> None:
        seal(store, ledgers[number], contract(environment), lambda: NOW + timedelta(milliseconds=number))

    with ThreadPoolExecutor(len(ledgers)) as pool:
        list(pool.map(run, range(len(ledgers))))


def check_sealed(store: Store, ledger: Store, environment: str, some: Sequence[Request]) -> None:
    """Make sure that the ledger counts everything once, and that there is nothing to add."""
    later = NOW + timedelta(seconds=1)
    again = seal(store, ledger, contract(environment), lambda: later).environments[0]
    assert (again.slices, again.restated, again.shortfalls) == (0, (), ())
    whole = Window(START, NOW - timedelta(minutes=5))
    evidence = evidence_of(MemoryStore(), ledger, contract(environment), later)
    assert evidence.counts([whole], None, (10, 100, 2_000, 120_000)) == counted(some, whole)
    assert evidence.provenance(whole).sealed == (whole,)


def test_sealers_at_once_in_one_store() -> None:
    """Whoever comes first, every slice is there once."""
    some = requests(START, 2)
    for _ in range(5):
        store, ledger = MemoryStore(each.document() for each in some), MemoryStore()
        at_once(store, [ledger] * 4, "production")
        check_sealed(store, ledger, "production", some)


def test_sealers_at_once_in_elasticsearch(elasticsearch_url: str, unique_environment: str) -> None:
    """The same where each has connections of its own, once the stream is there."""
    some = requests(START, 2)
    stores = [ElasticStore(elasticsearch_url, credentials=Credentials()) for _ in range(4)]
    stores[0].append([each.document(unique_environment) for each in some])
    seal(stores[0], stores[0], contract(unique_environment), lambda: START + timedelta(minutes=6))
    at_once(stores[0], stores, unique_environment)
    check_sealed(stores[0], stores[1], unique_environment, some)
    for store in stores:
        store.close()


def test_a_minute_with_late_events_by_sealers_at_once() -> None:
    """Of sealers that restate at once, one adds what came late."""
    some = [Request(START), Request(START + MINUTE)]
    late = [Request(START, 500), Request(START, 200)]
    for _ in range(5):
        store, ledger = MemoryStore(each.document() for each in some), MemoryStore()
        seal(store, ledger, contract(), lambda: START + timedelta(hours=1))
        store.append([each.document() for each in late])
        at_once(store, [ledger] * 4, "production")
        check_sealed(store, ledger, "production", [*some, *late])

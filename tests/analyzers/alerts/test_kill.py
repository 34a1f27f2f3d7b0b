"""Kill -9 between the steps of a check: nothing is lost, and repetitions are recognisable."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.analyzers.alerts.receiver import receiving

ROOT = Path(__file__).resolve().parents[3]

SCRIPT = """
import os, signal, sys
from datetime import timedelta
from pathlib import Path
from analyzers.alerts import AlertState, Policy, Route, WebhookChannel, as_rules, check_alerts, rules_from
from analyzers.thresholds import load_thresholds
from tests.analyzers.events import at, requests
from analyzers.store.memory.store import MemoryStore

def die():
    os.kill(os.getpid(), signal.SIGKILL)

class DiesBeforeDelivery(WebhookChannel):
    def deliver(self, notice):
        die()

class DiesAfterDelivery(WebhookChannel):
    def deliver(self, notice):
        super().deliver(notice)
        die()

channel = {"before": DiesBeforeDelivery, "after": DiesAfterDelivery, "never": WebhookChannel}[sys.argv[3]]
now = at("2024-01-15T10:30:00Z")
store = MemoryStore(requests(now - timedelta(minutes=1), 80, 20))
rules = as_rules(rules_from(load_thresholds("production"))[:1], None)
with AlertState(Path(sys.argv[1])) as state:
    check_alerts(store, rules, state, Policy([Route(channel(sys.argv[2]))]), lambda: now)
"""


def run_check(state: Path, url: str, death: str) -> int:
    """Run one check in a process of its own and return its exit status."""
    command = [sys.executable, "-c", SCRIPT, str(state), url, death]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


@pytest.mark.parametrize(("death", "deliveries"), [("before", 1), ("after", 2)])
def test_a_killed_check_is_made_good_by_the_next(tmp_path: Path, death: str, deliveries: int) -> None:
    """Killed before the delivery it arrives once; killed before its record, twice under one id; then never again."""
    state = tmp_path / "alerts.db"
    with receiving() as receiver:
        assert run_check(state, receiver.url, death) == -signal.SIGKILL
        assert run_check(state, receiver.url, "never") == 0
        assert run_check(state, receiver.url, "never") == 0
        assert receiver.kinds == [("firing", "error_rate")] * deliveries
        assert len(set(receiver.keys)) == 1

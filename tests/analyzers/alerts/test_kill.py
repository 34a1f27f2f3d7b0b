"""Kill -9 between any two steps of a check: nothing is lost, and repetitions are recognisable."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from tests.analyzers.alerts.receiver import Received, receiving

ROOT = Path(__file__).resolve().parents[3]

SCRIPT = """
import json, os, signal, sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from analyzers.alerts import AlertState, Policy, Route, WebhookChannel, check_alerts
from analyzers.store.memory.store import MemoryStore
from tests.analyzers.alerts.stories import CRITICAL, OK, START, WARNING, named_rule, said, saying_rule

class Life:
    # Counts the steps of a check, and ends the process before the fatal one.
    def __init__(self, fatal):
        self.steps, self.fatal = 0, fatal

    def step(self, _what=None):
        self.steps += 1
        if self.steps == self.fatal:
            os.kill(os.getpid(), signal.SIGKILL)

class Mortal(WebhookChannel):
    life = None

    def deliver(self, notice):
        self.life.step()
        super().deliver(notice)
        self.life.step()

RULES = [replace(named_rule(name), group=group) for name, group in (("a", "x"), ("b", "x"), ("c", None), ("d", None))]
FIRST = {"a": OK, "b": OK, "c": CRITICAL, "d": WARNING}
SECOND = {"a": CRITICAL, "b": WARNING, "c": OK, "d": CRITICAL}

def check(path, minutes, saying, fatal, run):
    # The check of a process of its own; returns how it ended.
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1]
    life, now = Life(fatal), START + timedelta(minutes=minutes)
    Mortal.life = life
    rules = [saying_rule(each, [said(each.name, saying[each.name], now, {"run": run})]) for each in RULES]
    routes = [Route(Mortal(sys.argv[2])), Route(Mortal(sys.argv[3]), frozenset({CRITICAL}))]
    with AlertState(path) as state:
        state._base.set_trace_callback(life.step)
        check_alerts(MemoryStore(), rules, state, Policy(routes), lambda: now)
    os._exit(0)

fatal = 0
while True:
    fatal += 1
    path, run = Path(sys.argv[1]) / f"{fatal}.db", str(fatal)
    assert check(path, 0, FIRST, 0, run) == 0
    end = check(path, 5, SECOND, fatal, run)
    assert end in (0, signal.SIGKILL), end
    assert check(path, 10, SECOND, 0, run) == 0
    assert check(path, 15, SECOND, 0, run) == 0
    if end == 0:
        break
print(fatal)
"""

CHAT = Counter(
    {
        ("firing", "c"): 1,
        ("firing", "d"): 1,
        ("firing", "a b"): 1,
        ("resolved", "c"): 1,
        ("escalated", "d"): 1,
    }
)
PAGER = Counter({("firing", "c"): 1, ("firing", "a"): 1, ("resolved", "c"): 1, ("escalated", "d"): 1})


@dataclass(frozen=True)
class Told:
    """What a receiver got in one run: what a person is shown, once for each id, and all deliveries."""

    shown: Counter[tuple[str, str]]
    deliveries: int


def rows_of(payload: Received) -> list[dict[str, object]]:
    """Return the alerts of a payload, flat or listed."""
    document: dict[str, object] = json.loads(json.dumps(payload))
    alerts = document.get("alerts")
    return [document] if alerts is None else json.loads(json.dumps(alerts))


def told(received: list[Received], run: int) -> Told:
    """Return what was received in a run."""
    mine = [each for each in received if rows_of(each)[0]["labels"] == {"run": str(run)}]
    by_id = {each["id"]: each for each in mine}
    shown = Counter(
        (str(each["kind"]), " ".join(sorted(str(row["rule"]) for row in rows_of(each)))) for each in by_id.values()
    )
    return Told(shown, len(mine))


def test_killed_at_any_step_each_notice_arrives_and_is_shown_once(tmp_path: Path) -> None:
    """Before every statement of the state, before and after every delivery: each run's receivers show the same.

    Two webhooks; in the killed check a group of two fires, one alert resolves, and one gets worse. At most the
    deliveries of the killed check are repeated, under their ids.
    """
    with receiving() as chat, receiving() as pager:
        command = [sys.executable, "-c", SCRIPT, str(tmp_path), chat.url, pager.url]
        done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr
        runs = int(done.stdout)
        assert runs > 30  # 6 deliveries with 2 steps each, and as many records, beside the transaction
        for run in range(1, runs + 1):
            for receiver, expected in ((chat, CHAT), (pager, PAGER)):
                found = told(receiver.received, run)
                assert found.shown == expected, f"killed before step {run}"
                assert expected.total() <= found.deliveries <= expected.total() + 3

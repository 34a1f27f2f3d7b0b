"""Kill -9 of the scheduler at every step: each alert is delivered at least once, and shown once."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.analyzers.alerts.channels.http_server import Server, serving
from tests.analyzers.alerts.channels.smtp_server import MailHost, mail_host
from tests.atalaia.scheduler.process import Running, atalaia, children, environment, kill_all, until

ALERTS = """
[defaults]
minimum_events = 20
confidence = false

[[rule]]
name = "errors"
kind = "threshold"
measure = "error_rate"
window = "1h"

[[channel]]
type = "webhook"
url = "{url}/hook"

[[channel]]
type = "email"
recipients = ["ops@example.org"]
sender = "atalaia@example.org"
host = "127.0.0.1"
port = {port}
security = "none"
"""
SCHEDULE = """
[[job]]
name = "alerts"
command = "alerts check"
every = "1s"
at_start = true
"""
ONCE = SCHEDULE.replace('every = "1s"', 'cron = "0 0 1 1 *"')

MORTAL = """
import os, signal, sys
import atalaia.scheduler.process as process, atalaia.scheduler.scheduler as scheduler
from atalaia.scheduler.state import ScheduleState
from atalaia.cli.main import main

fatal, steps = int(sys.argv[1]), 0

def step():
    global steps
    steps += 1
    if steps == fatal:
        os.kill(os.getpid(), signal.SIGKILL)

def mortal(function):
    # A step before and a step after.
    def call(*arguments, **named):
        step()
        result = function(*arguments, **named)
        step()
        return result
    return call

for name in ("settle", "begin", "end", "beat", "open_runs"):
    setattr(ScheduleState, name, mortal(getattr(ScheduleState, name)))
scheduler.start = mortal(scheduler.start)
scheduler.try_lock = mortal(scheduler.try_lock)
status = main(["schedule", "run", "--once"])
open("steps", "w").write(str(steps))
sys.exit(status)
"""


class World:
    """A service, its store, and the people who are told.

    Args:
        folder: Where everything is.
        hook: The webhook's receiver.
        mail: The mail server.
    """

    def __init__(self, folder: Path, hook: Server, mail: MailHost) -> None:
        self.folder, self.hook, self.mail = folder, hook, mail
        self.events = 0
        alerts = ALERTS.format(url=hook.url, port=mail.port)
        (folder / "alerts.toml").write_text(alerts, encoding="utf-8")
        (folder / "schedule.toml").write_text(SCHEDULE, encoding="utf-8")

    def log(self, status: int, count: int) -> None:
        """Serve so many requests with a status."""
        log = self.folder / f"access-{self.events}.log"
        self.events += 1
        now = datetime.now(UTC).strftime("%d/%b/%Y:%H:%M:%S +0000")
        line = f'192.0.2.1 - - [{now}] "GET / HTTP/1.1" {status} 12 "-" "-"\n'
        log.write_text(line * count, encoding="ascii")
        done = atalaia(self.folder, "ingest", str(log), "--pipeline", "access")
        assert done.returncode == 0, done.stderr

    @property
    def hooked(self) -> list[str]:
        """The kinds of the notices that the webhook's receiver shows: each id once, in order of their arrival."""
        told = [json.loads(request.body) for request in self.hook.requests]
        return list({each["id"]: str(each["kind"]) for each in told}.values())

    @property
    def mailed(self) -> list[str]:
        """The kinds of the mails that a mail program shows: each Message-ID once."""
        return list({each["Message-ID"]: str(each["X-Atalaia-Kind"]) for each in self.mail.taken}.values())

    def told(self, *kinds: str) -> bool:
        """Whether both channels show exactly these."""
        return self.hooked == list(kinds) == self.mailed


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_a_scheduler_killed_at_each_of_its_steps_loses_and_doubles_nothing(tmp_path: Path) -> None:
    """Before and after every record, lock and start: the next scheduler makes good, and every notice is shown once."""
    with serving() as hook, mail_host(tmp_path, "none") as mail:
        world = World(tmp_path, hook, mail)
        (tmp_path / "schedule.toml").write_text(ONCE, encoding="utf-8")
        world.log(500, 40)
        fatal, deaths = 1, 0
        while not (tmp_path / "steps").exists():
            for path in tmp_path.glob("atalaia-*.sqlite*"):
                if path.is_file():
                    path.unlink()
            hook.requests.clear()
            mail.taken.clear()
            command = [sys.executable, "-c", MORTAL, str(fatal)]
            died = subprocess.run(command, cwd=tmp_path, env=environment(), check=False, capture_output=True)
            deaths += died.returncode == -9
            until(lambda: not children(tmp_path, "check"), "the orphan has ended")
            atalaia(tmp_path, "schedule", "run", "--once")
            assert world.told("firing"), (fatal, world.hooked, world.mailed, died.stderr)
            fatal += 1
        assert deaths == fatal - 2 >= 12


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_a_scheduler_killed_at_any_moment_loses_and_doubles_nothing(tmp_path: Path) -> None:
    """A dozen and a half deaths at random moments, half of them with the run: each change is told, and shown once."""
    chance = random.Random(20240115)  # noqa: S311  # no secret
    with serving() as hook, mail_host(tmp_path, "none") as mail:
        world = World(tmp_path, hook, mail)
        expected: list[str] = []
        for status, count, kind in ((500, 40, "firing"), (200, 4000, "resolved"), (500, 1500, "firing")):
            world.log(status, count)
            expected.append(kind)
            for _ in range(6):
                running = Running(tmp_path)
                moment = chance.uniform(0.1, 3.0)
                with_run = chance.random() < 0.5
                _wait(running, moment)
                running.kill()
                if with_run:
                    kill_all(children(tmp_path, "check"))
            quiet = Running(tmp_path)
            until(lambda: world.told(*expected), f"{expected}: {world.hooked} {world.mailed}")
            quiet.says("jobs of ")  # before, a signal would end it as it ends any program
            assert quiet.stop() == 0
        assert world.told("firing", "resolved", "firing")


def _wait(running: Running, seconds: float) -> None:
    """Let it run for so long; it must not end by itself."""
    with pytest.raises(subprocess.TimeoutExpired):
        running.process.wait(timeout=seconds)

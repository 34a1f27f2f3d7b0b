"""Every alert has a page that says what to do, and the commands on the pages work."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final, get_args

import pytest

from analyzers.alerts.rules.documented import DOCUMENTED
from analyzers.alerts.rules.file.form import AnyRuleForm
from analyzers.alerts.rules.loading import default_rules
from analyzers.alerts.runbooks import RUNBOOKS, packaged_runbook
from analyzers.anomalies.settings import SEASONAL
from analyzers.recommendations import RULES
from tests.analyzers.alerts.rules.written import written
from tests.servers import PostgresServer, RedisServer

FOLDER: Final = Path(__file__).resolve().parents[4] / "docs" / "runbooks"
PROGRAMS: Final = frozenset(
    {
        *("atalaia", "psql", "pg_isready", "redis-cli"),
        *("ps", "ss", "df", "du", "free", "vmstat", "ls", "curl"),
        *("systemctl", "journalctl", "sudo"),
    }
)
"""What the pages tell people to type: ours, the servers' own, and what every Debian has."""
_FENCE: Final = re.compile(r"^ *```sh\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
_SQL: Final = re.compile(r'^psql -c "(.*)"$')

_RULES: Final = {
    'kind = "threshold"\nmeasure = "cpu"': "high-cpu",
    'kind = "threshold"\nmeasure = "memory"': "high-memory",
    'kind = "threshold"\nmeasure = "disk"': "disk-full",
    'kind = "threshold"\nmeasure = "response_time"': "slow-responses",
    'kind = "threshold"\nmeasure = "error_rate"': "errors",
    'kind = "threshold"\nmeasure = "count"\nstream = "logs-sql.query"\nabove = { warning = 3 }': "slow-queries",
    'kind = "threshold"\nmeasure = "p95"\nstream = "logs-web.request"\nfield = "db_time"\nabove = { warning = 3 }': (
        "slow-queries"
    ),
    'kind = "threshold"\nmeasure = "p99"\nstream = "logs-web.request"\n'
    'field = "response_time"\nabove = { warning = 3 }': "slow-responses",
    'kind = "threshold"\nmeasure = "max"\nstream = "metrics-postgresql.server"\n'
    'field = "postgresql.server.connections.used.pct"\nabove = { warning = 80 }': "connections-exceeded",
    'kind = "threshold"\nmeasure = "sum"\nstream = "metrics-postgresql.server"\n'
    'field = "postgresql.database.interval.deadlocks"\nabove = { warning = 1 }': "slow-queries",
    'kind = "threshold"\nmeasure = "max"\nstream = "metrics-redis.server"\n'
    'field = "redis.info.memory.used.value"\nabove = { warning = 1000 }': "high-memory",
    'kind = "threshold"\nmeasure = "rate"\nstream = "logs-app.event"\nabove = { warning = 3 }': "threshold",
    'kind = "burn_rate"\ntarget = 99\nunder = "1s"\nperiod = "30d"': "sla-budget",
    'kind = "anomaly"': "unusual",
    'kind = "anomaly"\nkinds = ["errors", "error-drift"]': "errors",
    'kind = "anomaly"\nkinds = ["latency"]': "slow-responses",
    'kind = "flood"': "flood",
    'kind = "scan"': "scan",
    'kind = "silence"': "silence",
    'kind = "silence"\nstream = "metrics-postgresql.server"': "database-down",
}


def blocks(name: str) -> Iterator[str]:
    """Yield the blocks of commands of a page, without what explains them."""
    for found in _FENCE.findall((FOLDER / f"{name}.md").read_text(encoding="utf-8")):
        yield "\n".join(re.sub(r"\s{2,}# .*$", "", line.strip()) for line in found.splitlines())


def lines() -> Iterator[str]:
    """Yield every line of commands of all pages."""
    for name in RUNBOOKS:
        for block in blocks(name):
            yield from filter(None, block.splitlines())


@pytest.mark.parametrize("rule", _RULES)
def test_every_kind_of_rule_has_its_page(rule: str, tmp_path: Path) -> None:
    """A rule without a runbook of its own names the page of what it watches, as a command to type."""
    [found] = written(tmp_path, f'[[rule]]\nname = "r"\n{rule}\n').rules
    assert found.runbook == f"atalaia runbook {_RULES[rule]}"
    page = packaged_runbook(found.runbook)
    assert page is not None
    assert page.name == _RULES[rule]


def test_no_kind_is_forgotten() -> None:
    """The rules above are of every kind but ``sla`` (which needs a contract), and of every documented measure."""
    kinds = {get_args(form.model_fields["kind"].annotation)[0] for form in get_args(AnyRuleForm)}
    assert {rule.split('"')[1] for rule in _RULES} == kinds - {"sla"}
    assert all(any(f'measure = "{measure}"' in rule for rule in _RULES) for measure in DOCUMENTED)
    assert len(SEASONAL) == len({"rate", "errors", "latency", "error-drift", "latency-drift"})


def test_the_documented_thresholds_have_theirs() -> None:
    """Without a file each of the five names its page, too."""
    assert {rule.name: rule.runbook for rule in default_rules().rules} == {
        "error_rate": "atalaia runbook errors",
        "response_time": "atalaia runbook slow-responses",
        "cpu": "atalaia runbook high-cpu",
        "memory": "atalaia runbook high-memory",
        "disk": "atalaia runbook disk-full",
    }


def test_a_runbook_of_ones_own_goes_first(tmp_path: Path) -> None:
    """That of the defaults as well; it is no packaged page."""
    own = 'runbook = "https://wiki.example.org/{rule}"\n'
    [found] = written(tmp_path, f'[defaults]\n{own}[[rule]]\nname = "r"\nkind = "flood"\n').rules
    assert found.runbook == "https://wiki.example.org/r"
    assert packaged_runbook(found.runbook) is None


def test_commands_are_right_for_a_shell() -> None:
    """Each block is accepted by bash, and begins with programs that are there to be typed."""
    for name in RUNBOOKS:
        for block in blocks(name):
            done = subprocess.run(["bash", "-n"], input=block, capture_output=True, text=True, check=False)
            assert done.returncode == 0, (name, done.stderr)
    assert {line.split()[0] for line in lines()} == PROGRAMS


def test_statements_are_accepted(postgresql: PostgresServer) -> None:
    """Every psql command of the pages runs on a real server: the columns and functions are there."""
    database = postgresql.create_database()
    found = {match[1] for line in lines() if (match := _SQL.match(line))}
    assert len(found) >= 15
    for statement in found:
        postgresql.psql(database, statement)


def test_commands_of_redis_are_accepted(redis_server: RedisServer) -> None:
    """Every redis-cli command of the pages runs on a real server."""
    before = redis_server.cli("CONFIG", "GET", "maxmemory*")
    for words in (shlex.split(line) for line in set(lines()) if line.startswith("redis-cli")):
        assert "ERR" not in redis_server.cli(*words[1:]), words
    names = before.splitlines()
    for name, value in zip(names[::2], names[1::2], strict=True):
        if name in {"maxmemory", "maxmemory-policy"}:
            redis_server.cli("CONFIG", "SET", name, value)


def test_rules_that_pages_name_exist() -> None:
    """``--rule NAME`` on a page is a rule of ``atalaia recommend``."""
    named = {name for line in lines() for name in re.findall(r"--rule (\S+)", line)}
    assert named
    assert named <= set(RULES)

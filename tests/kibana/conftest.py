"""A real Elasticsearch that holds what the demonstration makes: every stream, in an environment of these tests' own."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import httpx
import psycopg
import pytest

from analyzers.store.elastic.local import LocalElasticsearch
from analyzers.store.query import Window
from atalaia.demo.history import HistorySettings, write_history
from atalaia.kibana.objects import JsonObject
from logging_lib.record import Identity
from tests.end_to_end.cli import run_atalaia
from tests.kibana.lens import Range
from tests.kibana.mapping import data_views
from tests.kibana.saved_objects import ROOT, mapping, number
from tests.servers import PostgresServer, RedisServer

CONTRACT = """
service = "ti-osn"
environment = "{environment}"
zone = "America/Sao_Paulo"
lateness = "1m"
coverage = 0
[[objective]]
name = "availability"
kind = "availability"
target = 99.9
"""

WEDNESDAY = 2
WORKING_DAY = 1500
SAMPLED_EVERY = 10
"""A sampler kept one request of so many of the first two hours."""


@dataclass(frozen=True)
class Story:
    """A Wednesday of the demonstration, so that its hours are busy whenever the tests run.

    Attributes:
        day: Its midnight, UTC: the last one that is over.
    """

    day: datetime

    @property
    def history(self) -> Window:
        """The working hours of São Paulo."""
        return Window(self.day + timedelta(hours=11), self.day + timedelta(hours=22))

    @property
    def incident(self) -> Window:
        """Two hours of the afternoon."""
        return Window(self.day + timedelta(hours=17), self.day + timedelta(hours=19))

    @property
    def sampled_until(self) -> str:
        """When the sampler ended, as the records write it."""
        return (self.history.start + timedelta(hours=2)).strftime("%Y-%m-%dT%H")

    @property
    def late(self) -> str:
        """When the request happened that came late."""
        return (self.day + timedelta(hours=20, minutes=30)).strftime("%Y-%m-%dT%H:%M:%SZ")


def last_wednesday(now: datetime) -> Story:
    """Return the story of the last whole Wednesday."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return Story(midnight - timedelta(days=(midnight.weekday() - WEDNESDAY - 1) % 7 + 1))


@dataclass(frozen=True)
class Filled:
    """The server and what is in it.

    Attributes:
        url: Its address.
        environment: The last part of our data streams' names.
        story: When what happened.
        spool: The folder with the log files that were ingested.
        contract: The SLA contract that was sealed by.
    """

    url: str
    environment: str
    story: Story
    spool: Path
    contract: Path

    def streams(self, view: str) -> str:
        """Return the data streams of a data view, in our environment only."""
        return data_views()[view].replace("*", self.environment)

    def search(self, view: str, body: JsonObject) -> JsonObject:
        """Send a search, or fail with the server's words."""
        answer = httpx.post(f"{self.url}/{self.streams(view)}/_search", json=body, timeout=60, trust_env=False)
        assert answer.status_code == 200, f"{answer.text}\n{json.dumps(body)}"
        return mapping(answer.json())

    def span(self, view: str) -> Range:
        """Return the time range of what there is; of the ledger, to the end of the history: what follows is young."""
        edges: JsonObject = {name: {name: {"field": "@timestamp"}} for name in ("min", "max")}
        found = mapping(self.search(view, {"size": 0, "aggs": edges})["aggregations"])
        start, end = (datetime.fromtimestamp(number(mapping(found[each])["value"]) / 1000, UTC) for each in edges)
        if view == "atalaia-sla-slices":
            end = self.story.history.end
        return Range(start, end + timedelta(milliseconds=1))


@pytest.fixture(scope="session")
def elasticsearch_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return a server of these tests' own: setting up ends with an error where other tests left strange mappings."""
    with LocalElasticsearch(tmp_path_factory.mktemp("elasticsearch"), heap="768m") as server:
        yield server.url


@pytest.fixture(scope="session")
def filled(
    elasticsearch_url: str,
    postgresql: PostgresServer,
    redis_server: RedisServer,
    tmp_path_factory: pytest.TempPathFactory,
) -> Filled:
    """Return an Elasticsearch with requests, log lines, statements, metrics and sealed slices."""
    folder, environment = tmp_path_factory.mktemp("kibana"), f"t{uuid4().hex}"
    spool, story = folder / "spool", last_wednesday(datetime.now(UTC))
    spool.mkdir()
    run_atalaia("elasticsearch", "setup", "--elasticsearch", elasticsearch_url)
    _write_history(spool, environment, story)
    database = postgresql.create_database()
    _serve(spool, environment, postgresql.url(database))
    (spool / "metrics.ndjson").write_text(_metrics(environment, postgresql, database, redis_server), encoding="utf-8")
    found = Filled(elasticsearch_url, environment, story, spool, folder / "sla.toml")
    found.contract.write_text(CONTRACT.format(environment=environment), encoding="utf-8")
    _ingest(found, *sorted(spool.glob("*.ndjson")))
    _seal(found)
    (spool / "late.ndjson").write_text(_late(environment, story), encoding="utf-8")
    _ingest(found, spool / "late.ndjson")
    _seal(found)
    return found


def _write_history(spool: Path, environment: str, story: Story) -> None:
    """Write the demonstration's history; of its first hours, one request of several, with its weight."""
    identity = Identity("ti-osn", environment, "2.3.1", "osn-app-01")
    settings = HistorySettings(incident=story.incident, working_day=WORKING_DAY, identity=identity)
    for path in write_history(spool, story.history.start, story.history.end, settings):
        records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        early = [each for each in records if each["timestamp"] < story.sampled_until]
        kept = [each | {"sample_weight": SAMPLED_EVERY} for each in early[::SAMPLED_EVERY]]
        lines = [json.dumps(each) for each in [*kept, *records[len(early) :]]]
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def _serve(spool: Path, environment: str, database: str) -> None:
    """Run the help desk itself, in a process of its own: its logging is that of a whole process."""
    command = [sys.executable, "-m", "tests.kibana.demonstration", str(spool), environment, database]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr


def _metrics(environment: str, postgresql: PostgresServer, database: str, redis_server: RedisServer) -> str:
    """Sample this machine and both servers while they have something to do."""
    words = ("metrics", "run", "--once", "--format", "json", "--environment", environment)
    variables = {
        "ATALAIA_METRICS_POSTGRESQL": postgresql.dsn(database),
        "ATALAIA_METRICS_REDIS": f"redis://127.0.0.1:{redis_server.port}",
    }
    with _busy(postgresql, database, redis_server):
        return run_atalaia(*words, environment=variables).stdout


@contextmanager
def _busy(postgresql: PostgresServer, database: str, redis_server: RedisServer) -> Iterator[None]:
    """Ask both servers for something, over and over, while a block runs."""
    enough = threading.Event()

    def ask() -> None:
        with postgresql.connect(database) as connection, redis_server.client() as client:
            client.set("there", "1")
            while not enough.wait(0.01):
                connection.execute("SELECT count(*) FROM pg_class")
                with suppress(psycopg.errors.DivisionByZero):
                    connection.execute("SELECT 1 / 0")
                client.get("there")
                client.get("nowhere")

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        yield
    finally:
        enough.set()
        asking.join()


def _late(environment: str, story: Story) -> str:
    """Return a request that failed and comes after its minute was sealed."""
    return json.dumps(
        {
            "timestamp": story.late,
            "level": "ERROR",
            "service": "ti-osn",
            "endpoint": "/api/chamados",
            "user_id": 7,
            "response_time": 2.5,
            "status_code": 500,
            "user_agent": "Mozilla/5.0",
            "ip_address": "192.168.1.9",
            "event_id": str(uuid4()),
            "environment": environment,
        }
    )


def _ingest(found: Filled, *files: Path) -> None:
    letters = ("--dead-letter", str(found.spool.parent / "letters"))
    words = (*map(str, files), "--pipeline", "request", "--store", found.url, *letters, "--format", "json")
    told = json.loads(run_atalaia("ingest", *words).stdout)
    assert told["dead_lettered"] == 0, told


def _seal(found: Filled) -> None:
    run_atalaia("sla", "seal", "--contract", str(found.contract), "--store", found.url)

"""A real Celery worker's lines: its own messages, and each task's with the task it is of."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from structlog.contextvars import bound_contextvars, get_contextvars

import logging_lib
import logging_lib.celery
from logging_lib.values import Record
from tests.logging_lib.processes import Running, running
from tests.logging_lib.support import Lines
from tests.servers import RedisServer

TASKS = """
import logging, os
import structlog
from celery import Celery
from celery.utils.log import get_task_logger
import logging_lib, logging_lib.celery

if "ATALAIA_SERVICE" not in os.environ:
    logging_lib.configure(service="by-code")
logging_lib.celery.connect()
app = Celery("tasks", broker="<broker>")
app.conf.broker_transport_options = {"global_keyprefix": "<prefix>"}
app.conf.task_ignore_result = True
log = logging_lib.get_logger("tasks")

@app.task
def leaky(senha):
    structlog.contextvars.bind_contextvars(leaked="yes")
    log.info("leaky")

@app.task
def plain():
    log.info("structlog")
    get_task_logger("tasks.own").info("task logger")
    print("printed")

@app.task(bind=True, max_retries=1)
def stubborn(self):
    log.info("tried")
    raise self.retry(countdown=0, exc=LookupError("no such table"))
"""
SENDER = """
import sys
from structlog.contextvars import bound_contextvars
import tasks
tasks.leaky.delay("s3creta")
with bound_contextvars(request_id="r-17", trace_id="0af7651916cd43dd8448eb211c80319c", other="stays here"):
    tasks.plain.delay()
    tasks.stubborn.delay()
"""
WORKER = ("celery", "--app", "tasks", "worker", "--concurrency", "1", "--loglevel", "INFO", "--without-mingle")


@pytest.fixture
def directory(tmp_path: Path, redis_server: RedisServer) -> Path:
    """Return a directory with the tasks and their sender; their queues are this test's own."""
    queues = {"<broker>": f"redis://127.0.0.1:{redis_server.port}/0", "<prefix>": f"{uuid4().hex}-"}
    tasks = TASKS
    for place, value in queues.items():
        tasks = tasks.replace(place, value)
    (tmp_path / "tasks.py").write_text(tasks, encoding="utf-8")
    (tmp_path / "sender.py").write_text(SENDER, encoding="utf-8")
    return tmp_path


def finished(directory: Path, worker: Running) -> list[Record]:
    """Send the tasks, and return all lines once the last has failed for good and the worker is gone."""
    worker.line(lambda record: "ready." in str(record.get("event")))
    with running(directory, "sender", ATALAIA_SERVICE="sender") as sender:
        assert sender.process.wait(60) == 0, sender.output.read_text(encoding="utf-8")
    worker.line(lambda record: record["level"] == "ERROR")
    return worker.stop()


@pytest.mark.parametrize("pool", ["prefork", "threads"])
def test_every_line_of_a_task_names_it(directory: Path, pool: str) -> None:
    """Task, retries and the request that sent it are on each line; nothing of the task before, and no argument."""
    with running(directory, *WORKER, "--pool", pool, "--logfile", "none.log", ATALAIA_SERVICE="worker") as worker:
        records = finished(directory, worker)
    by_event: dict[object, list[Record]] = {}
    for record in records:
        by_event.setdefault(record["event"], []).append(record)
    (leaky,) = by_event["leaky"]
    assert (leaky["task"], leaky["task_retries"], leaky["leaked"]) == ("tasks.leaky", 0, "yes")
    assert "request_id" not in leaky
    (plain,), (own,) = by_event["structlog"], by_event["task logger"]
    assert plain["task_id"] == own["task_id"] != leaky["task_id"]
    assert {record["request_id"] for record in (plain, own)} == {"r-17"}
    assert {record["trace_id"] for record in (plain, own)} == {"0af7651916cd43dd8448eb211c80319c"}
    assert not {"leaked", "other"} & (plain.keys() | own.keys())
    tries = by_event["tried"]
    assert [record["task_retries"] for record in tries] == [0, 1]
    assert {record["request_id"] for record in tries} == {"r-17"}
    (failed,) = [record for record in records if record["level"] == "ERROR"]
    assert (failed["error_type"], failed["task"], failed["request_id"]) == ("LookupError", "tasks.stubborn", "r-17")
    received = [record for record in records if str(record["event"]).endswith("received")]
    assert [record["task"] for record in received if "[" in str(record["event"])][:1] == ["tasks.leaky"]
    assert "s3creta" not in str(records)
    assert [record["logfile"] for record in records if "--logfile" in str(record["event"])] == ["none.log"]
    assert {record["service"] for record in records} == {"worker"}


@pytest.mark.parametrize("pool", ["prefork", "threads"])
def test_what_repeats_is_counted_to_the_end(directory: Path, pool: str) -> None:
    """Lines that a process of the pool holds back when the worker ends are told of."""
    limit = {"ATALAIA_LOG_REPEAT_LIMIT": "2/900s"}
    with running(directory, *WORKER, "--pool", pool, ATALAIA_SERVICE="worker", **limit) as worker:
        worker.line(lambda record: "ready." in str(record.get("event")))
        (directory / "sender.py").write_text(
            "import tasks\nfor _ in range(5): tasks.leaky.delay('x')\ntasks.plain.delay()"
        )
        with running(directory, "sender", ATALAIA_SERVICE="sender") as sender:
            assert sender.process.wait(60) == 0
        worker.event("structlog")  # of the task that was sent last
        records = worker.stop()
    assert sum(record["event"] == "leaky" for record in records) == 2
    assert [record["held_back"] for record in records if record.get("repeated_event") == "leaky"] == [3]


def test_no_level_and_no_mistake_tells_a_tasks_arguments(directory: Path) -> None:
    """Neither Celery's own DEBUG, nor a message that the worker has no task for, or that is none."""
    sends = """
import tasks
tasks.leaky.delay("s3creta")
tasks.app.send_task("tasks.unknown", args=["s3creta"])
with tasks.app.producer_pool.acquire() as producer:
    producer.publish({"other": "s3creta"}, routing_key="celery")
tasks.plain.delay()
"""
    command = [word if word != "INFO" else "DEBUG" for word in WORKER]
    with running(directory, *command, ATALAIA_SERVICE="worker", ATALAIA_LOG_LEVEL="DEBUG") as worker:
        worker.line(lambda record: "ready." in str(record.get("event")))
        (directory / "sender.py").write_text(sends, encoding="utf-8")
        with running(directory, "sender", ATALAIA_SERVICE="sender") as sender:
            assert sender.process.wait(60) == 0, sender.output.read_text(encoding="utf-8")
        worker.event("structlog")  # of the task that was sent last
        records = worker.stop()
    events = [str(record["event"]) for record in records]
    for beginning in ("TaskPool: Apply", "Received unregistered task of type 'tasks.unknown'", "Received and deleted"):
        assert any(event.startswith(beginning) for event in events), beginning
    assert "s3creta" not in str(records)


def test_the_worker_does_not_take_over_the_root_logger(directory: Path) -> None:
    """An application that configures in code keeps its configuration; the level given goes for Celery alone."""
    command = [word if word != "INFO" else "ERROR" for word in WORKER]
    with running(directory, *command) as worker:
        with running(directory, "sender", ATALAIA_SERVICE="sender"):
            worker.line(lambda record: record["level"] == "ERROR")
        records = worker.stop()
    assert {record["service"] for record in records} == {"by-code"}
    events = [record["event"] for record in records]
    assert {"leaky", "structlog", "task logger"} <= set(events)
    assert not any("received" in str(event) for event in events), "Celery's INFO was not asked for"


@pytest.fixture
def connected() -> Iterator[None]:
    """Connect, and leave Celery's loggers without our filter."""
    logging_lib.celery.connect()
    yield
    for name in ("celery.app.trace", "celery.worker.strategy", "celery.pool", "celery.worker.consumer.consumer"):
        logging.getLogger(name).filters.clear()


@pytest.mark.usefixtures("connected")
def test_an_eager_task_gives_the_request_its_context_back(lines: Lines) -> None:
    """A task that runs within a request has lines of its own, and leaves the request's as they were."""
    from celery import Celery  # noqa: PLC0415 - only here in this process

    app = Celery("eager", broker="memory://")
    app.conf.task_always_eager = True
    log = logging_lib.get_logger()

    @app.task(name="eager.work")
    def work() -> None:
        log.info("within")

    with bound_contextvars(request_id="r1"):
        before = get_contextvars()
        work.delay()
        assert get_contextvars() == before
        log.info("after")
    within, after = [record for record in lines() if record["event"] in {"within", "after"}]
    assert (within["task"], after.get("task"), after["request_id"]) == ("eager.work", None, "r1")

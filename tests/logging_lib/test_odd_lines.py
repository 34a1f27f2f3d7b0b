"""Lines that are hard to write: values that fail or log themselves, threads, queues, async calls, foreign levels."""

from __future__ import annotations

import asyncio
import logging
import logging.handlers
import pickle
import queue
import signal
import threading
from datetime import UTC, datetime, timedelta
from types import FrameType

import pytest
import structlog
from structlog.contextvars import bound_contextvars

import logging_lib
from logging_lib.settings import LoggingSettings
from logging_lib.standard import StandardFormatter, StandardHandler
from logging_lib.values import Record
from tests.logging_lib.support import Lines

log = logging_lib.get_logger("app.early")
std = logging.Logger("std")  # noqa: LOG001 - pytest, whose handlers ask for values too, must not find it
std.addHandler(StandardHandler())


class Chatty:
    """Logs itself whenever it is asked for its text."""

    def __repr__(self) -> str:
        log.info("asked", value=self)
        std.info("asked: %r", self, extra={"value": self})
        return "chatty"


class Failing:
    """Cannot say what it is."""

    def __repr__(self) -> str:
        raise RuntimeError("no")


class ChattyError(Exception):
    """Logs itself when its message is wanted."""

    def __str__(self) -> str:
        log.error("asked", exc_info=self)
        return "chatty"


@pytest.mark.timeout(120)
def test_a_value_that_logs_itself_ends(lines: Lines) -> None:
    """As a field, an argument or a context's value, on either road, it gives a handful of lines, and the outermost."""
    with bound_contextvars(tenant=Chatty()):
        log.info("field", value=Chatty())
        log.info("argument %r", Chatty())
        std.info("argument %r", Chatty())
    events = [record["event"] for record in lines()]
    assert events.count("field") == 1
    assert events.count("argument chatty") == 2
    assert len(events) < 1000


@pytest.mark.timeout(120)
def test_an_exception_that_logs_itself_ends(lines: Lines) -> None:
    """Nor does an exception whose message logs the exception go on for ever."""
    log.error("outer", exc_info=ChattyError())
    records = lines()
    assert [record["error_message"] for record in records if record["event"] == "outer"] == ["chatty"]
    assert len(records) < 100


def test_a_slow_value_stops_no_other_thread(lines: Lines) -> None:
    """While one line waits for a value that waits for another thread's line, that other line is written."""
    done = threading.Event()

    def talk() -> None:
        std.info("other")
        done.set()

    class Waiting:
        def __repr__(self) -> str:
            threading.Thread(target=talk).start()
            return f"waited {done.wait(60)}"

    std.info("%r", Waiting())
    assert [record["event"] for record in lines()] == ["other", "waited True"]


def test_a_failing_value_costs_only_itself(lines: Lines) -> None:
    """The line is there, and says what failed."""
    log.info("value %r", Failing(), other=1)
    (record,) = lines()
    assert (record["event"], record["message_error"], record["other"]) == ("value %r", "RuntimeError", 1)
    assert record["message_arguments"] == ["<unprintable Failing>"]


def test_async_methods_write_the_same_line(lines: Lines) -> None:
    """``await log.ainfo(…)`` has the caller's context and exception, and its arguments filled in."""

    async def work() -> None:
        with bound_contextvars(request_id="r1"):
            await log.ainfo("chamado %d", 7, a=1)
            try:
                int("x")
            except ValueError:
                await log.aexception("failed")
                await log.aerror("failed too", exc_info=True)
            await log.alog(logging.WARNING, "%d", "x")

    asyncio.run(work())
    first, second, fourth, third = [record for record in lines() if record["logger"] == "app.early"]
    assert (first["event"], first["level"], first["request_id"], first["a"]) == ("chamado 7", "INFO", "r1", 1)
    assert (second["level"], second["error_type"], second["request_id"]) == ("ERROR", "ValueError", "r1")
    assert (third["event"], third["level"], third["message_error"]) == ("%d", "WARNING", "TypeError")
    assert (fourth["event"], fourth["error_type"]) == ("failed too", "ValueError")


def test_structlogs_own_logger_keeps_its_name_and_level(configured: LoggingSettings, lines: Lines) -> None:
    """``structlog.get_logger("shop.db")`` is that logger: in its lines, and for the levels of single loggers."""
    logging_lib.configure(service="ti-osn", directory=configured.directory, levels={"shop.db": "ERROR"})
    structlog.get_logger("shop.db", tenant="osn").error("named")
    structlog.get_logger("shop.db").info("below its level")
    structlog.get_logger().info("nameless")
    structlog.wrap_logger(logging.getLogger("shop.web")).info("around another")
    named, nameless, around = lines()
    assert (named["event"], named["logger"], named["tenant"]) == ("named", "shop.db", "osn")
    assert "logger" not in nameless
    assert around["logger"] == "shop.web"


def test_every_method_has_its_level(lines: Lines) -> None:
    """The synonyms of structlog end in the five documented levels."""
    for name in ("debug", "info", "msg", "warning", "warn", "error", "exception", "critical", "fatal"):
        getattr(log, name)(name)
    log.log(logging.ERROR, "log %s", "x")
    assert [record["level"] for record in lines()] == [
        *["DEBUG", "INFO", "INFO", "WARNING", "WARNING", "ERROR", "ERROR", "CRITICAL", "CRITICAL", "ERROR"],
    ]


def test_a_bound_logger_can_be_pickled(lines: Lines) -> None:
    """A logger that is part of an object sent to another process goes along, with what is bound to it."""
    bound = log.bind(a=1)
    pickle.loads(pickle.dumps(bound)).info("there")  # noqa: S301 - our own bytes
    assert [(record["event"], record["a"]) for record in lines()] == [("there", 1)]


def test_a_queue_keeps_time_and_trace(lines: Lines) -> None:
    """A record that waited in a queue has the time of its making, the formatted message and the exception's trace."""
    waiting: queue.SimpleQueue[logging.LogRecord] = queue.SimpleQueue()
    logger = logging.Logger("queued")  # noqa: LOG001 - see above
    handler = logging.handlers.QueueHandler(waiting)
    logger.addHandler(handler)
    try:
        int("x")
    except ValueError:
        logger.exception("failed %d", 3)
    logger.removeHandler(handler)
    record = waiting.get()
    record.created -= 60
    StandardHandler().handle(record)
    (line,) = lines()
    assert "ValueError: invalid literal" in str(line["event"])
    assert str(line["event"]).startswith("failed 3")
    age = datetime.now(tz=UTC) - datetime.fromisoformat(str(line["timestamp"]))
    assert timedelta(seconds=59) < age < timedelta(seconds=90)


@pytest.mark.parametrize(
    ("number", "level"), [(5, "DEBUG"), (15, "DEBUG"), (25, "INFO"), (35, "WARNING"), (99, "CRITICAL")]
)
def test_a_librarys_own_level_becomes_a_documented_one(lines: Lines, number: int, level: str) -> None:
    """A level between the documented ones is the one below it; renamed levels change nothing."""
    assert lines() == []
    logging.addLevelName(number, "STRANGE")
    record = logging.makeLogRecord({"levelno": number, "levelname": "STRANGE", "msg": "x"})
    assert StandardFormatter().event(record).level == level
    log.log(number, "x")
    assert [line["level"] for line in lines()] == [level]


def test_fields_named_like_the_message_are_kept(lines: Lines) -> None:
    """``extra`` with a key ``event``, or keys that are no text, loses neither them nor the message."""
    std.info("said", extra={"event": "own", "plain": 1})
    std.info({"event": "mapping", 7: "seven"})
    first, second = lines()
    assert (first["event"], first["event_"], first["plain"]) == ("said", "own", 1)
    assert (second["event"], second["7"]) == ("mapping", "seven")


def test_a_signals_handler_may_log(lines: Lines) -> None:
    """A signal that arrives while a line is being made is logged as well; both lines are whole."""

    def note(_number: int, _frame: FrameType | None) -> None:
        log.warning("signal")

    class Interrupted:
        def __repr__(self) -> str:
            signal.raise_signal(signal.SIGUSR1)
            return "interrupted"

    before = signal.signal(signal.SIGUSR1, note)
    try:
        std.info("%r", Interrupted())
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert [record["event"] for record in lines()] == ["signal", "interrupted"]


def test_stack_info_is_kept(lines: Lines) -> None:
    """Both roads tell the stack that was asked for."""
    log.info("here", stack_info=True)
    std.info("here", stack_info=True)
    records: list[Record] = lines()
    assert all("test_stack_info_is_kept" in str(record["stack"]) for record in records)

"""structlog and the standard library give the same JSON; configuration replaces cleanly."""

from __future__ import annotations

import io
import json
import logging
import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
import structlog
from structlog.contextvars import bound_contextvars

import logging_lib
from logging_lib.console import Console, render
from logging_lib.errors import AtalaiaError
from logging_lib.output import current
from logging_lib.settings import LoggingSettings
from logging_lib.standard import StandardFormatter, StandardHandler
from logging_lib.testing import capture_records
from logging_lib.values import Record
from tests.logging_lib.support import Lines, read_lines

FIELDS = {
    "zebra": 1,
    "ativo": True,
    "texto": "olá\n\x00",
    "quando": datetime(2024, 1, 15, tzinfo=UTC),
    "nan": float("nan"),
}


def alike(record: Record) -> list[tuple[str, object]]:
    """Return a record's keys and values in order, without what must differ between two lines."""
    return [(key, value) for key, value in record.items() if key not in {"event_id", "timestamp", "logger"}]


def pair(records: list[Record]) -> tuple[Record, Record]:
    """Return the two records that were written."""
    first, second = records
    return first, second


def test_both_roads_write_the_same_line(lines: Lines) -> None:
    """The same message with the same fields and context has the same keys, forms and order."""
    with bound_contextvars(request_id="r1", inquilino="osn"):
        logging_lib.get_logger("a").warning("chamado %d", 7, **FIELDS)
        logging.getLogger("b").warning("chamado %d", 7, extra=FIELDS)
    first, second = pair(lines())
    assert alike(first) == alike(second)
    assert list(first) == list(second)
    assert (first["logger"], second["logger"]) == ("a", "b")
    assert {key: first[key] for key in ("event", "level", "service", "texto", "quando", "nan")} == {
        "event": "chamado 7",
        "level": "WARNING",
        "service": "ti-osn",
        "texto": "olá\n\x00",
        "quando": "2024-01-15T00:00:00.000Z",
        "nan": None,
    }


def test_both_roads_tell_an_exception_alike(lines: Lines) -> None:
    """Type, message and stack trace of an exception are the same on either road."""
    try:
        int("abc")
    except ValueError:
        logging_lib.get_logger("a").exception("failed")
        logging.getLogger("b").exception("failed")
    first, second = pair(lines())
    assert alike(first) == alike(second)
    assert first["level"] == "ERROR"
    assert first["error_type"] == "ValueError"
    assert first["error_message"] == "invalid literal for int() with base 10: 'abc'"
    assert str(first["stack_trace"]).startswith("Traceback (most recent call last):\n")


def test_the_formatter_gives_the_files_line(configured: LoggingSettings) -> None:
    """The formatter can be put on any handler of the standard library and gives the line of the file."""
    assert configured.level == "DEBUG"
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(StandardFormatter())
    logger = logging.getLogger("elsewhere")
    logger.addHandler(handler)
    logger.info("hello", extra={"a": 1})
    logger.removeHandler(handler)
    (written,) = read_lines(configured.directory)
    shown = json.loads(stream.getvalue())
    assert alike(shown) == alike(written)


def test_a_message_that_does_not_fit_its_arguments_breaks_nothing(lines: Lines) -> None:
    """On either road the line is kept as it was written, with its arguments and what failed; the caller goes on."""
    logger = logging.getLogger("alone")
    logger.propagate = False  # the root logger has a handler of pytest that would raise
    logger.addHandler(StandardHandler())
    logger.info("%d tickets", "no number", extra={"a": 1})
    logging_lib.get_logger("alone").info("%d tickets", "no number", a=1)
    first, second = pair(lines())
    assert alike(first) == alike(second)
    assert (first["event"], first["message_arguments"], first["message_error"], first["a"]) == (
        "%d tickets",
        ["no number"],
        "TypeError",
        1,
    )


def test_reserved_names_are_kept_beside_the_librarys(lines: Lines) -> None:
    """An application's field called like one of ours loses neither: it gets an underscore."""
    logging_lib.get_logger().info("x", service="other", level=3, endpoint="/api")
    (record,) = lines()
    assert "endpoint" not in record, "the pipeline would take the line for a request"
    assert record["endpoint_"] == "/api"
    assert (record["service"], record["service_"]) == ("ti-osn", "other")
    assert (record["level"], record["level_"]) == ("INFO", 3)


def test_a_second_configure_replaces_the_first(tmp_path: Path) -> None:
    """Files are closed, one handler remains, and loggers made or bound before follow."""
    logging_lib.configure(service="one", directory=tmp_path / "1", level="DEBUG")
    log = logging_lib.get_logger("early").bind(a=1)
    log.debug("first")
    descriptors = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - a process's open descriptors
    logging_lib.configure(service="two", directory=tmp_path / "2", level="WARNING")
    assert len(os.listdir("/proc/self/fd")) == descriptors  # noqa: PTH208 - see above
    log.info("too low")
    log.warning("second")
    logging.getLogger("b").info("too low")
    assert [record["event"] for record in read_lines(tmp_path / "1")] == ["first"]
    (record,) = read_lines(tmp_path / "2")
    assert (record["event"], record["service"], record["a"]) == ("second", "two", 1)
    assert sum(isinstance(handler, StandardHandler) for handler in logging.getLogger().handlers) == 1
    logging_lib.shutdown()
    assert not any(isinstance(handler, StandardHandler) for handler in logging.getLogger().handlers)
    assert not structlog.is_configured()


def test_environment_variables_hold_where_no_argument_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each argument has its variable; an argument wins over its variable."""
    for name, value in {
        "SERVICE": "from-env",
        "ENVIRONMENT": "development",
        "VERSION": "1.2.3",
        "LOG_DIRECTORY": str(tmp_path / "env"),
        "LOG_LEVEL": "error",
        "LOG_CONSOLE": "no",
    }.items():
        monkeypatch.setenv(f"ATALAIA_{name}", value)
    settings = logging_lib.configure(level="warning")
    assert (settings.identity.service, settings.identity.environment) == ("from-env", "development")
    assert (settings.identity.version, settings.directory) == ("1.2.3", tmp_path / "env")
    assert (settings.level, settings.console) == ("WARNING", False)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"service": ""}, "needs the service's name"),
        ({"service": "../etc"}, "service= cannot be"),
        ({"service": "a", "environment": "pre-prod"}, "environment= cannot be"),
        ({"service": "a", "level": "loud"}, "level= cannot be"),
        ({"service": "a", "directory": "/proc/nowhere"}, "cannot write log files"),
    ],
)
def test_a_wrong_setting_is_refused_with_a_remedy(given: dict[str, str], said: str, tmp_path: Path) -> None:
    """The message names what is wrong, the remedy what to do; the configuration before stays in force."""
    logging_lib.configure(service="before", directory=tmp_path)
    with pytest.raises(AtalaiaError, match=said) as caught:
        logging_lib.configure(**given)  # type: ignore[arg-type] # wrong on purpose
    assert caught.value.remedy
    logging_lib.get_logger().info("still here")
    assert [record["event"] for record in read_lines(tmp_path)] == ["still here"]


def test_an_applications_own_structlog_comes_back(tmp_path: Path) -> None:
    """After ``shutdown``, and after a second ``configure``, structlog is as the application had set it up."""
    own = structlog.testing.LogCapture()
    structlog.configure(processors=[own])
    try:
        for service in ("one", "two"):
            logging_lib.configure(service=service, directory=tmp_path)
        structlog.get_logger().info("ours")
        logging_lib.shutdown()
        structlog.get_logger().info("the application's")
    finally:
        structlog.reset_defaults()
    assert own.entries == [{"event": "the application's", "log_level": "info"}]
    assert [record["event"] for record in read_lines(tmp_path)] == ["ours"]


def test_a_change_of_the_working_directory_moves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A relative directory is the one of the start, also when the file is opened anew."""
    monkeypatch.chdir(tmp_path)
    logging_lib.configure(service="ti-osn", directory="logs")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    current().close()  # the next line opens it again, as a new day does
    logging_lib.get_logger().info("after")
    assert [record["event"] for record in read_lines(tmp_path / "logs")] == ["after"]


def test_nothing_vanishes_before_configure(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A logger bound while configured prints to standard error after ``shutdown`` rather than into the void."""
    logging_lib.configure(service="ti-osn", directory=tmp_path)
    log = logging_lib.get_logger().bind(a=1)
    logging_lib.shutdown()
    log.info("late")
    assert json.loads(capsys.readouterr().err)["event"] == "late"
    monkeypatch.setattr(sys, "stderr", None)  # a service without a terminal may have none
    log.info("nowhere to go")


def test_the_console_is_for_eyes_and_coloured_only_on_a_terminal() -> None:
    """A record is shown with its level and fields; colours appear only where they are wanted."""
    record: Record = {"timestamp": "t", "level": "INFO", "service": "x", "event": "ready", "port": 8000}
    record |= {"request_id": "r", "trace_id": "a" * 32, "span_id": "b" * 16}  # for machines: they are in the file
    plain = render(record, colours=False)
    assert re.fullmatch(r"t \[info +\] ready +port=8000", plain)
    assert "\x1b[" in render(record, colours=True)
    stream = io.StringIO()
    Console(stream).write(record)
    assert stream.getvalue() == plain + "\n"


def test_what_is_shown_cannot_steer_the_terminal() -> None:
    """Escape sequences of a client or an exception are visible instead of obeyed; lines and tabs stay."""
    said = "\x1b[2Jcleared\r\x9b31m\tand\nmore"
    record: Record = {"timestamp": "t", "level": "INFO", "event": said, "\x1b]0;": [said], "stack_trace": said}
    shown = render(record, colours=False)
    assert not set(shown) & {"\x1b", "\r", "\x9b"}
    assert shown.count("\\x1b[2Jcleared\\r\\x9b31m") == 1, "in a list, as repr has it"
    assert shown.count("\\x1b[2Jcleared\\x0d\\x9b31m\tand\nmore") == 2


def test_a_request_is_one_line_to_the_eye() -> None:
    """What was asked for, what came of it and how long it took stand together; machines' ids are left out."""
    record: Record = {
        "timestamp": "t",
        "level": "INFO",
        "endpoint": "/chamados/<int:numero>",
        "user_id": None,
        "response_time": 0.001777,
        "status_code": 200,
        "trace_id": "0af7651916cd43dd8448eb211c80319c",
        "method": "GET",
        "path": "/chamados/7",
        "outcome": "completed",
    }
    shown = render(record, colours=False)
    assert re.fullmatch(r"t \[info +\] GET /chamados/7 200 in 1\.8 ms +endpoint=/chamados/<int:numero>", shown)
    assert "outcome=client_disconnected" in render({**record, "outcome": "client_disconnected"}, colours=False)


def test_captured_records_do_not_reach_the_file(lines: Lines) -> None:
    """Inside the block both roads are collected at every level; after it the file is written again."""
    with capture_records() as records:
        logging_lib.get_logger("a").debug("one", valor=float("inf"))
        logging.getLogger("b").debug("two")
    logging_lib.get_logger("a").info("three")
    assert [(record["event"], record["service"]) for record in records] == [("one", "test"), ("two", "test")]
    assert records[0]["valor"] is None
    assert [record["event"] for record in lines()] == ["three"]


EARLY = """
import logging_lib, structlog, sys
log = logging_lib.get_logger("early")
log.info("before")
structlog.configure(processors=[structlog.dev.ConsoleRenderer()])
log.info("configured otherwise")
logging_lib.configure(service="a")
log.info("after")
structlog.get_logger().info("structlog's own")
"""


def test_a_logger_before_configure_prints_json(tmp_path: Path) -> None:
    """Nothing is printed in another form or lost, whatever the application does with structlog itself."""
    ran = subprocess.run(
        [sys.executable, "-c", EARLY],
        cwd=tmp_path,
        env={"PYTHONPATH": str(Path(logging_lib.__file__).parents[1])},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout == ""
    assert [json.loads(line)["event"] for line in ran.stderr.splitlines()] == ["before", "configured otherwise"]
    assert [record["event"] for record in read_lines(tmp_path / "logs")] == ["after", "structlog's own"]


def test_structlogs_own_capture_sees_our_loggers(lines: Lines) -> None:
    """Tests that use ``structlog.testing.capture_logs`` capture the loggers of ``get_logger`` too."""
    log = logging_lib.get_logger("app")
    log.info("one")
    with structlog.testing.capture_logs() as captured:
        log.info("two", a=1)
    log.info("three")
    assert [(entry["event"], entry["a"]) for entry in captured] == [("two", 1)]
    assert [record["event"] for record in lines()] == ["one", "three"]

"""Foreign loggers lead into the log once, at the right level, and are put back by ``shutdown``."""

from __future__ import annotations

import logging
import logging.config
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy

import logging_lib
from logging_lib.errors import AtalaiaError
from logging_lib.standard import StandardFormatter, StandardHandler
from logging_lib.testing import capture_records
from tests.logging_lib.support import Lines, read_lines


def state() -> list[object]:
    """Return what ``configure`` may change of the loggers."""
    loggers = [logging.getLogger(name) for name in ("", "a", "a.b", "gunicorn.error", "uvicorn.access", "watchfiles")]
    return [(logger.level, logger.propagate, list(logger.handlers)) for logger in loggers]


def test_levels_of_single_loggers_hold_on_both_roads(tmp_path: Path) -> None:
    """A logger and those below it have the level they are given, the others the general one."""
    logging_lib.configure(service="a", directory=tmp_path, levels={"a": "ERROR", "a.b": "DEBUG"})
    for get in (logging.getLogger, logging_lib.get_logger):
        for name in ("a", "a.x", "a.b", "a.b.c", "b"):
            get(name).info(f"{name} info")
            get(name).debug(f"{name} debug")
    events = [record["event"] for record in read_lines(tmp_path)]
    assert events == 2 * ["a.b info", "a.b debug", "a.b.c info", "a.b.c debug", "b info"]


def test_a_level_the_application_sets_holds_on_both_roads(lines: Lines) -> None:
    """``logging.getLogger(name).setLevel`` counts for a structlog logger of that name."""
    logging.getLogger("quiet").setLevel(logging.ERROR)
    try:
        logging_lib.get_logger("quiet.part").warning("no")
        logging_lib.get_logger("quieter").warning("yes")
    finally:
        logging.getLogger("quiet").setLevel(logging.NOTSET)
    assert [record["event"] for record in lines()] == ["yes"]


def test_shutdown_puts_everything_back(tmp_path: Path) -> None:
    """Levels, handlers and propagation are what they were, after several ``configure`` and a capture too."""
    logging.getLogger().setLevel(logging.ERROR)
    logging.getLogger("gunicorn.error").propagate = False
    try:
        before = state()
        logging_lib.configure(service="a", directory=tmp_path, levels={"a": "ERROR"}, stream="stderr")
        logging_lib.configure(service="b", directory=tmp_path, levels={"a.b": "DEBUG"})
        changed = state()
        with capture_records():
            logging_lib.get_logger().info("x")
        assert state() == changed != before
        logging_lib.shutdown()
        assert state() == before
    finally:
        logging.getLogger().setLevel(logging.WARNING)
        logging.getLogger("gunicorn.error").propagate = True


@pytest.mark.parametrize(("stream", "printed"), [("none", "from the server\n"), ("stdout", "")])
def test_a_servers_own_lines_are_taken_and_not_doubled(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], stream: str, printed: str
) -> None:
    """A logger that passes nothing on is read all the same; its own output goes on, unless ours prints already."""
    server = logging.getLogger("gunicorn.error")
    handler = logging.StreamHandler(sys.stderr)
    server.addHandler(handler)
    server.propagate = False
    try:
        logging_lib.configure(service="a", directory=tmp_path, stream=stream)
        server.error("from the server")
        logging_lib.shutdown()
        assert server.handlers == [handler]
    finally:
        server.removeHandler(handler)
        server.propagate = True
    assert [record["event"] for record in read_lines(tmp_path)] == ["from the server"]
    assert capsys.readouterr().err == printed


def echoing_engine() -> sqlalchemy.Engine:
    """Return a database in memory that says what it does."""
    return sqlalchemy.create_engine("sqlite://", echo="debug")


@pytest.mark.parametrize("first", ["engine", "configure"])
def test_sqlalchemys_echo_is_logged_once_and_without_values(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], first: str
) -> None:
    """With ``echo`` each statement is one line, none on standard output, and no value of a parameter or a row."""
    steps: dict[str, Callable[[], object]] = {
        "engine": echoing_engine,
        "configure": lambda: logging_lib.configure(service="a", directory=tmp_path),
    }
    engine = steps[first]()
    other = steps["configure" if first == "engine" else "engine"]()
    made = engine if isinstance(engine, sqlalchemy.Engine) else other
    assert isinstance(made, sqlalchemy.Engine)
    with made.connect() as connection:
        row = connection.execute(sqlalchemy.text("select :senha as found"), {"senha": "s3creta"}).one()
    made.dispose()
    assert row == ("s3creta",)
    events = [str(record["event"]) for record in read_lines(tmp_path)]
    assert events.count("select ? as found") == 1
    assert any("[values hidden]" in event for event in events)
    assert not any("s3creta" in event for event in events)
    assert capsys.readouterr().out == ""


def test_sqlalchemy_says_nothing_by_itself(tmp_path: Path) -> None:
    """Without ``echo`` and at the level INFO no statement is logged; one asks for them by the logger's level."""
    logging_lib.configure(service="a", directory=tmp_path)
    with sqlalchemy.create_engine("sqlite://").connect() as connection:
        connection.execute(sqlalchemy.text("select 1"))
    assert read_lines(tmp_path) == []
    logging_lib.configure(service="a", directory=tmp_path, levels={"sqlalchemy.engine": "INFO"})
    with sqlalchemy.create_engine("sqlite://").connect() as connection:
        connection.execute(sqlalchemy.text("select 1"))
    assert "select 1" in [record["event"] for record in read_lines(tmp_path)]


@pytest.mark.parametrize("wrapped", [False, True])
def test_a_failed_statement_tells_no_values(lines: Lines, *, wrapped: bool) -> None:
    """SQLAlchemy's exception quotes the statement and no value, also as another's cause; it stays as it was."""
    failure: Exception | None = None
    planted = "s3-creta"  # not in the line that fails: a trace quotes it
    with sqlalchemy.create_engine("sqlite://").connect() as connection:
        try:
            connection.execute(sqlalchemy.text("insert into nowhere values (:senha)"), {"senha": planted})
        except sqlalchemy.exc.OperationalError as error:
            failure = error
    assert failure is not None
    shown: Exception = failure
    if wrapped:
        outer = LookupError("no user")
        outer.__cause__ = failure
        shown = ExceptionGroup("several", [outer])
    logging_lib.get_logger().error("failed", exc_info=shown)
    logging.getLogger("x").error("failed", exc_info=shown)
    assert planted in str(failure)
    for record in lines():
        assert "[SQL: insert into nowhere values" in str(record["stack_trace"])
        assert planted not in str(record)


CONFIG = {
    "version": 1,
    "formatters": {
        "plain": {"class": "logging_lib.standard.StandardFormatter"},
        "called": {"()": "logging_lib.standard.StandardFormatter"},
    },
    "handlers": {
        "log": {"class": "logging_lib.standard.StandardHandler", "level": "WARNING", "formatter": "called"},
        "file": {"class": "logging.FileHandler", "formatter": "plain", "filename": ""},
    },
    "loggers": {"configured": {"handlers": ["log", "file"], "level": "DEBUG", "propagate": False}},
    "disable_existing_loggers": False,
}


def test_dictconfig_can_name_handler_and_formatter(lines: Lines, tmp_path: Path) -> None:
    """An application that configures ``logging`` itself names ours by their paths."""
    CONFIG["handlers"]["file"]["filename"] = str(tmp_path / "own.log")  # type: ignore[index] # a literal's mixed values
    logging.config.dictConfig(CONFIG)
    logger = logging.getLogger("configured")
    logger.info("low")
    logger.warning("high")
    for handler in list(logger.handlers):
        logger.removeHandler(handler)
        handler.close()
    logger.propagate = True
    assert [record["event"] for record in lines()] == ["high"]
    own = (tmp_path / "own.log").read_text(encoding="utf-8").splitlines()
    assert ['"event":"low"' in own[0], '"event":"high"' in own[1], len(own)] == [True, True, 2]


def test_a_format_that_would_have_no_effect_is_refused() -> None:
    """The record's form is documented; a format, or another formatter on the handler, is not taken silently."""
    with pytest.raises(AtalaiaError, match="takes no format"):
        StandardFormatter("%(message)s")
    with pytest.raises(AtalaiaError, match="cannot use Formatter"):
        StandardHandler().setFormatter(logging.Formatter())


WERKZEUG = """
import threading, urllib.request, sys
from flask import Flask
from werkzeug.serving import make_server
import logging_lib
logging_lib.configure()
app = Flask("app")
app.add_url_rule("/", view_func=lambda: "x")
if "observed" in sys.argv:
    from logging_lib.flask import AtalaiaFlask
    AtalaiaFlask(app)
server = make_server("127.0.0.1", 0, app, threaded=True)
server.log_startup()
thread = threading.Thread(target=server.serve_forever); thread.start()
for path in ("", "nowhere"):
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{server.port}/{path}").read()
    except urllib.error.HTTPError as error:
        error.close()
server.shutdown(); thread.join(); server.server_close()
"""


@pytest.mark.parametrize("observed", [True, False])
def test_an_access_line_beside_a_request_record_is_dropped(tmp_path: Path, *, observed: bool) -> None:
    """Werkzeug's lines are there without the middleware, and needless with it; its other messages stay, uncoloured."""
    environment = {**os.environ, "ATALAIA_SERVICE": "a", "ATALAIA_LOG_DIRECTORY": str(tmp_path)}
    command = [sys.executable, "-c", WERKZEUG, "observed" if observed else "plain"]
    subprocess.run(command, env=environment, check=True, capture_output=True)
    records = read_lines(tmp_path)
    assert sum("endpoint" in record for record in records) == (2 if observed else 0)
    events = [str(record.get("event")) for record in records if record["logger"] == "werkzeug"]
    assert sum("HTTP/1.1" in event for event in events) == (0 if observed else 2)
    assert any("WARNING: This is a development server" in event for event in events)
    assert not any("\x1b" in event for event in events)

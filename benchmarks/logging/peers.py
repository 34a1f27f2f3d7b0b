"""The same request, written as a JSON line by this library and by those that people use today.

Each peer is set up as its own documentation does it, appends to a file with one write a line, and is given the same
fields. Only this library redacts.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TypeAlias

import ecs_logging
import loguru
import orjson
import structlog
import uuid6
from pythonjsonlogger.json import JsonFormatter

import logging_lib
from logging_lib.clock import system_clock
from logging_lib.identifiers import event_id, hexadecimal
from logging_lib.output import current
from logging_lib.record import RequestRecord

Write: TypeAlias = Callable[[], None]
"""Writes one request's line."""

AGENT: Final = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36"
IDENTITY: Final = {"service": "ti-osn", "environment": "production", "version": "1.2.3", "host": "web1"}
REQUEST: Final = {
    "endpoint": "/api/chamados/<int:id>",
    "user_id": 123,
    "response_time": 0.234123,
    "status_code": 200,
    "user_agent": AGENT,
    "ip_address": "192.168.1.100",
    "method": "GET",
    "path": "/api/chamados/77",
    "query": "pagina=2&ordem=data",
    "request_bytes": 0,
    "response_bytes": 5120,
    "outcome": "completed",
    "db_time": 0.0123,
    "db_queries": 4,
}


def fields() -> dict[str, object]:
    """Return what a caller of a general library has to hand over: the request's fields and new ids."""
    return {
        **REQUEST,
        "event_id": str(uuid6.uuid7()),
        "request_id": hexadecimal(32),
        "trace_id": hexadecimal(32),
        "span_id": hexadecimal(16),
        **IDENTITY,
    }


@contextmanager
def ours(directory: Path) -> Iterator[Write]:
    """Configure this library as an application does, redaction included."""
    logging_lib.configure(service="ti-osn", environment="production", version="1.2.3", directory=directory)

    def write() -> None:
        now = system_clock()
        record = RequestRecord(
            timestamp=now,
            event_id=event_id(now),
            endpoint="/api/chamados/<int:id>",
            user_id=123,
            response_time=0.234123,
            status_code=200,
            user_agent=AGENT,
            ip_address="192.168.1.100",
            request_id=hexadecimal(32),
            trace_id=hexadecimal(32),
            span_id=hexadecimal(16),
            method="GET",
            path="/api/chamados/77",
            query="pagina=2&ordem=data",
            request_bytes=0,
            response_bytes=5120,
            db_time=0.0123,
            db_queries=4,
        )
        current().emit(record)

    yield write
    logging_lib.shutdown()


@contextmanager
def with_structlog(directory: Path) -> Iterator[Write]:
    """Set structlog up for speed, as its page on performance says: orjson, bytes, a filtering and cached logger."""
    with (directory / "structlog.ndjson").open("ab") as file:
        processors: list[structlog.typing.Processor] = [
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(serializer=orjson.dumps),
        ]
        log = structlog.wrap_logger(
            structlog.BytesLogger(file),
            processors=processors,
            wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
            cache_logger_on_first_use=True,
        ).bind()
        yield lambda: log.info("request", **fields())


@contextmanager
def _standard(path: Path, formatter: logging.Formatter) -> Iterator[Write]:
    """Set up a logger of the standard library with a formatter."""
    logger = logging.Logger(path.stem, logging.INFO)  # noqa: LOG001 - its own, so that no handler of ours gets its lines
    handler = logging.FileHandler(path, encoding="utf-8")
    handler.setFormatter(formatter)
    logger.addHandler(handler)
    yield lambda: logger.info("request", extra=fields())
    handler.close()


@contextmanager
def with_ecs_logging(directory: Path) -> Iterator[Write]:
    """Use Elastic's own formatter."""
    with _standard(directory / "ecs-logging.ndjson", ecs_logging.StdlibFormatter()) as write:
        yield write


@contextmanager
def with_python_json_logger(directory: Path) -> Iterator[Write]:
    """Use python-json-logger with the level, the logger and the time."""
    formatter = JsonFormatter("{asctime}{levelname}{name}{message}", style="{")
    with _standard(directory / "python-json-logger.ndjson", formatter) as write:
        yield write


@contextmanager
def with_loguru(directory: Path) -> Iterator[Write]:
    """Use loguru with ``serialize``."""
    loguru.logger.remove()
    sink = loguru.logger.add(directory / "loguru.ndjson", serialize=True, level="INFO")
    yield lambda: loguru.logger.info("request", **fields())
    loguru.logger.remove(sink)

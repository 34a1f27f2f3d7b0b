"""What it costs to look for secrets, beside what structlog and orjson cost to write the same record.

Records without secrets, because almost all are: the same again (browsers, paths and queries that were seen before), and
with a path, a query and an id never seen; a text by the kilobyte, never seen; a record full of secrets.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from statistics import median
from typing import Final

import click
import orjson
import structlog

from benchmarks.store.main import Options
from logging_lib.record import Identity, RequestRecord
from logging_lib.redaction import Redactor
from logging_lib.values import Record

ROUNDS: Final = 15
TIMES: Final = 2_000
LIMIT: Final = 0.25
"""Share of structlog's and orjson's cost that a record seen before may add."""

_FRAME: Final = (
    '  File "/srv/app/lib/python3.11/site-packages/flask/app.py", line {}, in full_dispatch_request\n'
    "    rv = self.dispatch_request()\n"
)
_AGENT: Final = "Mozilla/5.0 (X11; Linux x86_64; rv:109.0) Gecko/20100101 Firefox/117.0"


def main(options: Options) -> bool:
    """Print the figures; tell whether a clean record stays under its limit."""
    del options
    ways = _ways()
    costs: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):  # in turn, so that a slow moment of the machine meets all
        for name, work in ways.items():
            costs[name].append(_microseconds(work))
    peer = costs["structlog + orjson"]
    for name, taken in costs.items():
        ratio = median(ours / theirs for ours, theirs in zip(taken, peer, strict=True))
        click.echo(f"{name:42} {median(taken):8.2f} µs {ratio:8.3f}")
    seen = costs["clean request record, seen before"]
    return median(ours / theirs for ours, theirs in zip(seen, peer, strict=True)) <= LIMIT


def _ways() -> dict[str, Callable[[int], object]]:
    redactor = Redactor()
    clean = _record(0)
    unseen = [_record(number) for number in range(ROUNDS * TIMES)]
    texts = ["".join(_FRAME.format(number * 10 + line) for line in range(8))[:1000] for number in range(ROUNDS * TIMES)]
    secret: Record = {**clean, "query": "token=abc&page=2", "event": "cpf 529.982.247-25, senha: abc"}
    logger = structlog.wrap_logger(
        structlog.ReturnLogger(),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.JSONRenderer(serializer=orjson.dumps),
        ],
        cache_logger_on_first_use=True,
    ).bind()
    fields = {key: value for key, value in clean.items() if key not in ("timestamp", "level")}
    drawn = iter(unseen)
    read = iter(texts)
    return {
        "structlog + orjson": lambda _: logger.info("request", **fields),
        "clean request record, seen before": lambda _: redactor.redact(clean),
        "clean request record, new path and ids": lambda _: redactor.redact(next(drawn)),
        "clean kilobyte of a new stack trace": lambda _: redactor.redact_text(next(read)),
        "record with secrets": lambda _: redactor.redact(secret),
    }


def _microseconds(work: Callable[[int], object]) -> float:
    """Return the CPU time of one call."""
    started = time.process_time()
    for number in range(TIMES):
        work(number)
    return (time.process_time() - started) / TIMES * 1e6


def _record(number: int) -> Record:
    identity = Identity("ti-osn", "production", "1.4.2", "web1")
    made = RequestRecord(
        timestamp=datetime(2026, 1, 15, 10, 30, tzinfo=UTC),
        event_id="019bc1a2-6c7e-7a3b-8f4d-2b1c3d4e5f60",
        endpoint="/api/chamados/<int:id>",
        user_id=123,
        response_time=0.234,
        status_code=200,
        user_agent=_AGENT,
        ip_address="192.168.1.100",
        request_id=f"{0xA5F00000 + number:08x}{0xC0FFEE:024x}",
        trace_id="4bf92f3577b34da6a3ce929d0e0e4736",
        span_id="00f067aa0ba902b7",
        method="GET",
        path=f"/api/chamados/{number}",
        query=f"pagina={number}&ordem=data",
        request_bytes=0,
        response_bytes=1234,
        db_time=0.012,
        db_queries=3,
    )
    return made.record(identity)

"""Records and the documents ``request.conf`` makes of them, as bytes with gaps where events differ.

A document is made once for each kind of request, by :mod:`benchmarks.request_by_hand`, which a test holds against the
pipeline; filling its gaps is some hundred times faster. ``tests/benchmarks`` runs filled records through the pipeline.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, TypeAlias

import orjson

from benchmarks.request_by_hand import Converter, Fields, Stored

LOG_FILE: Final = "/var/log/ti-osn/ti-osn.ndjson"
ENVIRONMENT: Final = "production"
STREAM: Final = f"logs-web.request-{ENVIRONMENT}"

Gaps: TypeAlias = dict[bytes, bytes | int]
"""What fills the gaps of one event, by name."""

_FIRST_ERROR: Final = 500
_READ_AT: Final = datetime(2002, 3, 4, 5, 6, 7, 890_000, tzinfo=UTC)
_AGENT: Final = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
_MARKS: Final = (
    # Text that stands nowhere else in a record or a document, and the gap it leaves. The duration goes first.
    (b"7654321000", b"%(nanos)d"),
    (b"7.654321", b"%(seconds)b"),
    (b"2001-02-03T04:05:06.789Z", b"%(instant)b"),
    (b"2002-03-04T05:06:07.890Z", b"%(ingested)b"),
    (b"deadbeef-dead-7eef-8ead-beefdeadbeef", b"%(id)b"),
    (b"abcdefabcdefabcd", b"%(request)b"),
    (b"fedcbafedcbafedcbafedcbafedcbafe", b"%(trace)b"),
    (b"cafecafecafecafe", b"%(span)b"),
    (b"99900111", b"%(user)d"),
    (b"10.98.97.96", b"%(address)b"),
    (b"77777777", b"%(number)d"),
    (b"66666666", b"%(bytes)d"),
    (b"0.54321", b"%(db)b"),
    (b"555550", b"%(queries)d"),
)
_TRACE: Final = "Traceback (most recent call last):\n" + "".join(
    f'  File "/srv/ti-osn/{module}.py", line {line}, in {function}\n    return {function}(session, number)\n'
    for module, line, function in (
        ("app", 212, "view"),
        ("tickets/service", 88, "load"),
        ("tickets/store", 41, "fetch"),
        ("database/session", 133, "execute"),
    )
)


@dataclass(frozen=True, slots=True)
class Template:
    """One kind of request.

    Attributes:
        line: Its record as a line of JSON with its end.
        document: Its document, as JSON.
    """

    line: bytes
    document: bytes


@dataclass(frozen=True, slots=True)
class Agent:
    """A user agent.

    Attributes:
        text: As a record has it, in JSON.
        parsed: As a document has it, an object in JSON.
    """

    text: bytes
    parsed: bytes


def template(method: str, route: str, path: str, status: int, *, anonymous: bool) -> Template:
    """Make the template of a kind of request; ``{}`` in the path becomes a number."""
    record: Fields = {
        "timestamp": "2001-02-03T04:05:06.789Z",
        "level": "ERROR" if status >= _FIRST_ERROR else "INFO",
        "service": "ti-osn",
        "endpoint": route,
        "user_id": None if anonymous else 99_900_111,
        "response_time": 7.654321,
        "status_code": status,
        "user_agent": _AGENT,
        "ip_address": "10.98.97.96",
        "event_id": "deadbeef-dead-7eef-8ead-beefdeadbeef",
        "request_id": "abcdefabcdefabcd",
        "trace_id": "fedcbafedcbafedcbafedcbafedcbafe",
        "span_id": "cafecafecafecafe",
        "method": method,
        "path": path.replace("{}", "77777777"),
        "response_bytes": 66_666_666,
        "environment": ENVIRONMENT,
        "version": "1.4.2",
        "host": "web1",
        "outcome": "completed",
        "db_time": 0.54321,
        "db_queries": 555_550,
    }
    if status >= _FIRST_ERROR:
        message = "could not connect to server: Connection refused"
        record |= {"error_type": "OperationalError", "error_message": message, "stack_trace": _TRACE}
    line, document = orjson.dumps(record), _document(record)
    agent = agent_of(_AGENT)
    return Template(_gaps(line, agent.text, b"%(agent)b") + b"\n", _gaps(document, agent.parsed, b"%(parsed)b"))


def agent_of(text: str) -> Agent:
    """Return an agent as records and as documents have it."""
    document = orjson.loads(
        _document({"timestamp": "2001-02-03T04:05:06.789Z", "status_code": 200, "user_agent": text})
    )
    return Agent(orjson.dumps(text), orjson.dumps(document["user_agent"]))


def _document(record: Fields) -> bytes:
    made = Converter(LOG_FILE, "web1")(orjson.dumps(record).decode(), _READ_AT)
    if not isinstance(made, Stored):
        raise TypeError(made)
    return made.source


def _gaps(text: bytes, agent: bytes, agent_gap: bytes) -> bytes:
    text = text.replace(b"%", b"%%").replace(agent, agent_gap)
    for mark, gap in _MARKS:
        text = text.replace(mark, gap)
    return text

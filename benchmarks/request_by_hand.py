"""What ``logstash/pipeline/request.conf`` does, as a person would write it in Python for this one job.

Same lines in, same documents and dead letters out (``tests/benchmarks`` holds that), with the same libraries. It knows
the record's shape, so that it may do in one step what the pipeline says in several.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from ipaddress import ip_address
from typing import Final, TypeAlias

import orjson
from ua_parser import OS, parse
from uuid6 import uuid7

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
Fields: TypeAlias = dict[str, Json]

_TIMESTAMP: Final = re.compile(
    r"(?:19[7-9]\d|2[01]\d\d|22[0-5]\d)-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:[Zz]|[+-]\d\d:\d\d)", re.ASCII
)
_EVENT_ID: Final = re.compile(r"[!-~]{1,512}")
_NO_NAMESPACE: Final = re.compile(r"[^a-z0-9_.]")
_NANOS: Final = 1_000_000_000
_STATUSES: Final = range(100, 600)
_FIRST_ERROR: Final = 500
_SECONDS_LIMIT: Final = 10_000_000
_MOST_WEIGHT: Final = 1_000_000

_COMMON: Final = (
    ("level", "log", "level"),
    ("logger", "log", "logger"),
    ("service", "service", "name"),
    ("environment", "service", "environment"),
    ("version", "service", "version"),
    ("host", "host", "name"),
    ("event_id", "event", "id"),
    ("user_id", "user", "id"),
    ("trace_id", "trace", "id"),
    ("span_id", "span", "id"),
    ("error_type", "error", "type"),
    ("error_message", "error", "message"),
    ("stack_trace", "error", "stack_trace"),
)
"""Key of the record, object and name in the document."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A document for the store, its body as JSON."""

    stream: str
    id: str
    source: bytes


_METRICS: Final = frozenset({"host.system", "postgresql.server", "redis.server"})
_OBJECTS: Final = {
    "host.system": "system",
    "postgresql.server": "postgresql",
    "redis.server": "redis",
    "sql.query": "sql",
}


@dataclass(frozen=True, slots=True)
class Letter:
    """What could not be understood."""

    body: Fields


class Converter:
    """Turns lines into documents and dead letters.

    Args:
        path: The file the lines stand in.
        host: The machine that reads it.
        environment: That of records that name none.
    """

    def __init__(self, path: str, host: str, environment: str = "default") -> None:
        self._path = path
        self._host = host
        self._environment = environment
        self._agent = lru_cache(maxsize=100_000)(_parsed_agent)

    def __call__(self, line: str, now: datetime) -> Stored | Letter:
        """Return what becomes of one line, without its end, read at an instant."""
        ingested = _text_of(now)
        if not line.lstrip().startswith("{"):
            return self._letter(line, ingested, ingested, "the line is not a JSON object")
        try:
            record: Fields = orjson.loads(line)
        except orjson.JSONDecodeError:
            return self._letter(line, ingested, ingested, "the line is not valid JSON")
        problems: list[str] = []
        timestamp = _timestamp(record, problems) or ingested
        said = _given(record, "event") and not _given(record, "endpoint") and not _given(record, "response_time")
        seconds = None if said else _request_numbers(record, problems)
        weight = None if said or not _given(record, "sample_weight") else _weight(record, problems)
        _texts(record, problems)
        if problems:
            return self._letter(line, timestamp, ingested, ",".join(problems))
        stored = self._stored(record, timestamp, ingested, seconds, said=said)
        if weight is None:
            return stored
        body = {**orjson.loads(stored.source), "sample_weight": weight, "_doc_count": weight}
        return Stored(stored.stream, stored.id, orjson.dumps(body))

    def _stored(self, record: Fields, timestamp: str, ingested: str, seconds: Decimal | None, *, said: bool) -> Stored:
        dataset = _dataset(record) if said else "web.request"
        kind = "metrics" if dataset in _METRICS else "logs"
        environment = record["environment"] if _given(record, "environment") else self._environment
        namespace = _namespace(environment)
        record["environment"] = environment
        event: Fields = {"kind": "event", "ingested": ingested, "dataset": dataset}
        host: Fields = {}
        log: Fields = {"file": {"path": self._path}}
        body: dict[str, Fields] = {"event": event, "log": log, "host": host}
        for key, group, name in _COMMON:
            if key in record:
                body.setdefault(group, {})[name] = record.pop(key)
        host.setdefault("name", self._host)
        document: Fields = {
            "@version": "1",
            "@timestamp": timestamp,
            "ecs": {"version": "9.0.0"},
            "data_stream": {"type": kind, "dataset": dataset, "namespace": namespace},
            **body,
        }
        request: Fields = {"id": record.pop("request_id")} if "request_id" in record else {}
        if said:
            _said(document, event, record, dataset)
            if request:
                document["http"] = {"request": request}
        else:
            self._request(document, event, request, record, seconds)
        if record:
            document["record"] = record
        return Stored(f"{kind}-{dataset}-{namespace}", str(event.get("id") or uuid7()), orjson.dumps(document))

    def _request(
        self, document: Fields, event: Fields, request: Fields, record: Fields, seconds: Decimal | None
    ) -> None:
        status = record.pop("status_code")
        event["category"] = "web"
        event["outcome"] = "failure" if isinstance(status, int) and status >= _FIRST_ERROR else "success"
        if seconds is not None:
            event["duration"] = int(seconds * _NANOS)
            document["response_time"] = float(seconds)
            del record["response_time"]
        if "event" in record:
            event["action"] = record.pop("event")
        document["http"] = _http(request, {"status_code": status}, record)
        url: Fields = {name: record.pop(name) for name in ("path", "query") if name in record}
        if url:
            document["url"] = url
        for name in ("db_time", "db_queries", "template_time", "template", "outcome"):
            if name in record:
                document[name] = record.pop(name)
        if "ip_address" in record:
            address = record.pop("ip_address")
            document["client"] = {"address": address, **_ip(address)}
        if "user_agent" in record:
            agent = record.pop("user_agent")
            parsed = self._agent(agent) if isinstance(agent, str) else {}
            document["user_agent"] = {"original": agent, **parsed}

    def _letter(self, line: str, timestamp: str, ingested: str, problem: str) -> Letter:
        return Letter(
            {
                "@version": "1",
                "@timestamp": timestamp,
                "host": {"name": self._host},
                "log": {"file": {"path": self._path}},
                "event": {"kind": "pipeline_error", "ingested": ingested, "original": line},
                "error": {"message": problem},
            }
        )


def _text_of(instant: datetime) -> str:
    """Return an instant with the fewest of three or six digits that lose nothing."""
    digits = "milliseconds" if instant.microsecond % 1_000 == 0 else "microseconds"
    return instant.isoformat(timespec=digits)[:-6] + "Z"


def _dataset(record: Fields) -> str:
    """Return what an event is: one of a sampler or a slow statement names its dataset, and carries its object."""
    named = record["event"]
    known = isinstance(named, str) and isinstance(record.get(_OBJECTS.get(named, "")), dict)
    return str(named) if known else "app.event"


def _said(document: Fields, event: Fields, record: Fields, dataset: str) -> None:
    """Move what an event says to its place."""
    named = record.pop("event")
    if dataset == "app.event":
        document["message"] = named
    elif dataset == "sql.query":
        document["sql"] = record.pop("sql")
    else:
        event["kind"] = "metric"
        if "metricset" in record:
            document["metricset"] = {"name": record.pop("metricset")}
        for name in ("process", *_OBJECTS.values()):
            if name in record and name != "sql":
                document[name] = record.pop(name)


def _given(record: Fields, name: str) -> bool:
    """Tell whether there is something in a field, as a condition of Logstash takes it."""
    value = record.get(name)
    return value is not None and value is not False and value not in ("", "false")


def _weight(record: Fields, problems: list[str]) -> int | None:
    """Take how many requests the record stands for; ``None`` when it is one."""
    given = record["sample_weight"]
    if not isinstance(given, int) or isinstance(given, bool) or not 1 <= given <= _MOST_WEIGHT:
        problems.append("sample_weight is not an integer from 1 to 1,000,000")
        return None
    del record["sample_weight"]
    return given if given > 1 else None


def _timestamp(record: Fields, problems: list[str]) -> str | None:
    """Take the record's timestamp, to the millisecond."""
    given = record.get("timestamp")
    if not isinstance(given, str) or _TIMESTAMP.fullmatch(given) is None:
        problems.append("timestamp is missing or not RFC 3339 from 1970 to 2259")
        return None
    try:
        instant = datetime.fromisoformat(given.upper()).astimezone(UTC)
    except ValueError:
        problems.append("timestamp names no real instant")
        return None
    del record["timestamp"]
    return instant.isoformat(timespec="milliseconds")[:-6] + "Z"


def _request_numbers(record: Fields, problems: list[str]) -> Decimal | None:
    """Check status and time; return the time exactly, in seconds."""
    status = record.get("status_code")
    if type(status) is not int or status not in _STATUSES:
        problems.append("status_code is missing or not an integer from 100 to 599")
    seconds = record.get("response_time")
    if seconds is None:
        record.pop("response_time", None)
        return None
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 <= seconds < _SECONDS_LIMIT:
        problems.append("response_time is not a number of seconds from 0 to below 10,000,000")
        return None
    return Decimal(repr(seconds))


def _texts(record: Fields, problems: list[str]) -> None:
    """Make text of what is text in the document; leave out what is empty."""
    for name in ("endpoint", "environment", "event_id", "service", "user_id"):
        value = record.get(name)
        if value is not None and not isinstance(value, str | dict | list):
            record[name] = str(value).lower() if isinstance(value, bool) else str(value)
    for name in ("user_id", "user_agent", "ip_address", "event_id"):
        if name in record and not _given(record, name):
            del record[name]
    identity = record.get("event_id")
    if identity is not None and (not isinstance(identity, str) or _EVENT_ID.fullmatch(identity) is None):
        problems.append("event_id is not printable ASCII of at most 512 characters")


def _http(request: Fields, response: Fields, record: Fields) -> Fields:
    if "method" in record:
        request["method"] = record.pop("method")
    if "request_bytes" in record:
        request["body"] = {"bytes": record.pop("request_bytes")}
    if "response_bytes" in record:
        response["body"] = {"bytes": record.pop("response_bytes")}
    http: Fields = {"response": response}
    if request:
        http["request"] = request
    if "endpoint" in record:
        http["route"] = record.pop("endpoint")
    return http


def _namespace(environment: Json) -> str:
    return _NO_NAMESPACE.sub("_", str(environment).lower())[:100] or "default"


def _ip(address: Json) -> Fields:
    try:
        known = isinstance(address, str) and "%" not in address and ip_address(address).version
    except ValueError:
        return {}
    return {"ip": address} if known else {}


def _parsed_agent(agent: str) -> Fields:
    if not agent:
        return {}
    found = parse(agent)
    fields: Fields = {"name": "Other", "device": {"name": found.device.family if found.device else "Other"}}
    if found.user_agent:
        fields["name"] = found.user_agent.family
        named = found.user_agent
        version = _version(named.major, named.minor, named.patch, named.patch_minor)
        if version:
            fields["version"] = version
    fields["os"] = _system(found.os.family, _version(*_os_parts(found.os))) if found.os else _system("Other", "")
    return fields


def _os_parts(system: OS) -> tuple[str | None, ...]:
    return system.major, system.minor, system.patch, system.patch_minor


def _system(family: str, version: str) -> Fields:
    fields: Fields = {"full": f"{family} {version}" if version else family, "name": family}
    if version:
        fields["version"] = version
    return fields


def _version(*parts: str | None) -> str:
    """Return the parts up to the first that is missing, joined by points."""
    known: list[str] = []
    for part in parts:
        if not part:
            break
        known.append(part)
    return ".".join(known)

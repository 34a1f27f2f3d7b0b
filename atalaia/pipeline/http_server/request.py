"""What a request says beside its body, and where it stands in an event.

Source: logstash-input-http 4, ``http.rb`` and ``MessageProcessor.java``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.event import Event
from atalaia.pipeline.reference import FieldReference
from atalaia.pipeline.values import Value

_RENAMED: Final = (("accept", "http_accept"), ("host", "http_host"), ("user_agent", "http_user_agent"))
_DOMAIN_AND_PORT: Final = re.compile(r"(?:([^:]+)|\[(.*)\]):(\d+)", re.ASCII)
_CHARSET: Final = re.compile(r';\s*charset\s*=\s*"?([\w.:-]{1,40})', re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class Request:
    """The head of a request.

    Attributes:
        method: Its method.
        target: What is asked for, the query included.
        version: ``HTTP/1.0`` or ``HTTP/1.1``.
        headers: Names, in lower case, to values; of equal names the last.
        remote: The client's address.
    """

    method: str
    target: str
    version: str
    headers: dict[str, str]
    remote: str

    @property
    def mime_type(self) -> str:
        """The content type without its parameters; empty when there is none."""
        return self.headers.get("content-type", "").partition(";")[0]

    @property
    def charset(self) -> str | None:
        """The charset that the content type names."""
        match = _CHARSET.search(self.headers.get("content-type", ""))
        return None if match is None else match[1]

    def fields(self) -> dict[str, Value]:
        """Return a new object of the headers under Logstash's names, credentials left out."""
        fields: dict[str, Value] = {
            name.replace("-", "_"): value for name, value in self.headers.items() if name != "authorization"
        }
        for name, field in _RENAMED:
            fields[field] = fields.pop(name, None)
        return {**fields, "request_method": self.method, "request_path": self.target, "http_version": self.version}


DescribeRequest: TypeAlias = Callable[[Event, Request], None]


def request_describer(
    ecs: EcsCompatibility, host_target: FieldReference, headers_target: FieldReference
) -> DescribeRequest:
    """Return what adds a request's facts to an event, over what the body says of them.

    It raises ``EventError`` where Logstash raises: a place lies below a scalar.

    Args:
        ecs: In ECS, facts are copied to fields of ECS.
        host_target: Where the client's address goes.
        headers_target: Where the headers go.
    """

    def describe(event: Event, request: Request) -> None:
        fields = request.fields()
        if ecs is EcsCompatibility.V8:
            _add_ecs(event, request)
        headers_target.set(event, fields)
        host_target.set(event, request.remote)

    return describe


_ECS: Final = tuple(
    (name, FieldReference.parse(place))
    for name, place in (
        ("user-agent", "[user_agent][original]"),
        ("content-length", "[http][request][body][bytes]"),
        ("content-type", "[http][request][mime_type]"),
    )
)
_VERSION: Final = FieldReference.parse("[http][version]")
_METHOD: Final = FieldReference.parse("[http][method]")
_PATH: Final = FieldReference.parse("[url][path]")
_DOMAIN: Final = FieldReference.parse("[url][domain]")
_PORT: Final = FieldReference.parse("[url][port]")


def _add_ecs(event: Event, request: Request) -> None:
    _VERSION.set(event, request.version)
    _METHOD.set(event, request.method)
    _PATH.set(event, request.target)
    for name, place in _ECS:
        if name in request.headers:
            place.set(event, request.headers[name])
    host = request.headers.get("host")
    if host is None:
        return
    match = _DOMAIN_AND_PORT.fullmatch(host)
    _DOMAIN.set(event, host if match is None else match[1] or match[2])
    if match is not None:
        _PORT.set(event, int(match[3]))

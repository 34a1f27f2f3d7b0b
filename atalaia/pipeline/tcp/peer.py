"""What the ``tcp`` input says in an event of the connection it came by. Source: logstash-input-tcp 7, ``tcp.rb``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.event import Event
from atalaia.pipeline.reference import FieldReference
from atalaia.pipeline.values import Value

_TCP: Final = "[@metadata][input][tcp]"


@dataclass(frozen=True, slots=True)
class Origin:
    """What is known of a connection.

    Attributes:
        name: The client's name, or its address when that has none or is not asked for.
        ip: The client's address.
        port: The client's port; text when a proxy says it.
        proxy_ip: The proxy's address, in the proxy protocol.
        proxy_port: The proxy's port.
        subject: The subject of the client's certificate.
    """

    name: str
    ip: str
    port: int | str
    proxy_ip: str | None = None
    proxy_port: str | None = None
    subject: str | None = None


DescribeOrigin: TypeAlias = Callable[[Event, Origin], None]


def origin_describer(ecs: EcsCompatibility) -> DescribeOrigin:
    """Return what adds a connection's facts to an event; what the line itself says comes first.

    It raises ``EventError`` where Logstash raises: a place lies below a scalar.
    """
    in_ecs = ecs is EcsCompatibility.V8
    names = (
        ("proxy_ip", f"{_TCP}[proxy][ip]", "proxy_host"),
        ("proxy_port", f"{_TCP}[proxy][port]", "proxy_port"),
        ("name", f"{_TCP}[source][name]", "host"),
        ("ip", f"{_TCP}[source][ip]", "[@metadata][ip_address]"),
        ("port", f"{_TCP}[source][port]", "port"),
        ("subject", f"{_TCP}[tls][client][subject]", "sslsubject"),
    )
    places = [(name, FieldReference.parse(ecs_name if in_ecs else own_name)) for name, ecs_name, own_name in names]

    def describe(event: Event, origin: Origin) -> None:
        for name, place in places:
            value: Value = getattr(origin, name)
            if value is not None and _is_false(place.get(event)):
                place.set(event, value)

    return describe


def _is_false(value: Value) -> bool:
    """Tell whether Ruby takes a value for false."""
    return value is None or value is False

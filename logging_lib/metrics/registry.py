"""Which samplers there are; each is imported when it is asked for, so that nobody pays for another's packages."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Final, Protocol, cast

from logging_lib.errors import AtalaiaError
from logging_lib.metrics.fields import MetricField
from logging_lib.metrics.sample import Sampler


@dataclass(frozen=True, slots=True)
class SamplerKind:
    """One kind of sampler.

    Attributes:
        name: The option of ``atalaia metrics run`` that asks for it.
        dataset: The ``event`` of its records, and the middle of its data stream's name.
        module: Where it stands. That of a server has ``sampler(target: str) -> Sampler``.
        fields: The module that documents its fields, in ``FIELDS: tuple[MetricField, ...]``; it imports no extra.
    """

    name: str
    dataset: str
    module: str
    fields: str


class _SamplerModule(Protocol):
    def sampler(self, target: str) -> Sampler: ...


class _FieldsModule(Protocol):
    @property
    def FIELDS(self) -> tuple[MetricField, ...]: ...  # noqa: N802 - a constant of a module


HOST: Final = "host"

KINDS: Final = (
    SamplerKind(HOST, "host.system", "logging_lib.metrics.host", "logging_lib.metrics.host.fields"),
    SamplerKind(
        "postgresql", "postgresql.server", "logging_lib.metrics.postgresql", "logging_lib.metrics.postgresql_fields"
    ),
    SamplerKind("redis", "redis.server", "logging_lib.metrics.redis", "logging_lib.metrics.redis_fields"),
)


def kinds() -> tuple[SamplerKind, ...]:
    """Return the kinds that this installation has."""
    return tuple(candidate for candidate in KINDS if find_spec(candidate.fields))


def kind(name: str) -> SamplerKind:
    """Return the kind of that name.

    Raises:
        AtalaiaError: There is none.
    """
    for candidate in kinds():
        if candidate.name == name:
            return candidate
    names = ", ".join(candidate.name for candidate in kinds())
    raise AtalaiaError(f"there is no sampler named {name!r}", f"use one of {names}")


def load(name: str, target: str) -> Sampler:
    """Return a sampler of a server; the machine's own are ``logging_lib.metrics.host.host_samplers``.

    Args:
        name: Its kind: ``postgresql`` or ``redis``.
        target: What it reads: a connection string or URL.

    Raises:
        AtalaiaError: There is no such kind, the target cannot be understood, or a package is missing.
    """
    found = kind(name)
    if found.name == HOST:
        raise AtalaiaError("the machine's samplers have no target", "call logging_lib.metrics.host.host_samplers()")
    module = cast("_SamplerModule", import_module(found.module))
    return module.sampler(target)


def fields_of(name: str) -> tuple[MetricField, ...]:
    """Return the documented fields of a kind; needs none of its packages."""
    module = cast("_FieldsModule", import_module(kind(name).fields))
    return module.FIELDS

"""Which samplers there are; each is imported when it is asked for, so that nobody pays for another's packages."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
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
        module: Where it stands. The module has ``sampler(target: str | None) -> Sampler``.
        fields: The module that documents its fields, in ``FIELDS: tuple[MetricField, ...]``; it imports no extra.
    """

    name: str
    dataset: str
    module: str
    fields: str


class _SamplerModule(Protocol):
    def sampler(self, target: str | None) -> Sampler: ...


class _FieldsModule(Protocol):
    @property
    def FIELDS(self) -> tuple[MetricField, ...]: ...  # noqa: N802 - a constant of a module


KINDS: Final = (
    SamplerKind("host", "host.system", "logging_lib.metrics.host", "logging_lib.metrics.host.fields"),
    SamplerKind(
        "postgresql", "postgresql.server", "logging_lib.metrics.postgresql", "logging_lib.metrics.postgresql_fields"
    ),
    SamplerKind("redis", "redis.server", "logging_lib.metrics.redis", "logging_lib.metrics.redis_fields"),
)


def kind(name: str) -> SamplerKind:
    """Return the kind of that name.

    Raises:
        AtalaiaError: There is none.
    """
    for candidate in KINDS:
        if candidate.name == name:
            return candidate
    names = ", ".join(candidate.name for candidate in KINDS)
    raise AtalaiaError(f"there is no sampler named {name!r}", f"use one of {names}")


def load(name: str, target: str | None) -> Sampler:
    """Return a sampler.

    Args:
        name: Its kind: ``host``, ``postgresql``, ``redis``.
        target: What it reads: a connection string or URL; ``None`` for the host.

    Raises:
        AtalaiaError: There is no such kind, the target cannot be understood, or a package is missing.
    """
    module = cast("_SamplerModule", import_module(kind(name).module))
    return module.sampler(target)


def fields_of(name: str) -> tuple[MetricField, ...]:
    """Return the documented fields of a kind; needs none of its packages."""
    module = cast("_FieldsModule", import_module(kind(name).fields))
    return module.FIELDS

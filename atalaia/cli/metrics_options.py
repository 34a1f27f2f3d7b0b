"""What ``atalaia metrics run`` is told, and the samplers it means."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Final, TypedDict

import click

from analyzers.store.lifecycle import parse_duration
from atalaia.cli.runtime import note
from logging_lib.errors import AtalaiaError
from logging_lib.metrics.host import HostOptions, host_samplers
from logging_lib.metrics.registry import load
from logging_lib.metrics.sample import Sampler

VARIABLES: Final[Mapping[str, str]] = {
    "postgresql": "ATALAIA_METRICS_POSTGRESQL",
    "redis": "ATALAIA_METRICS_REDIS",
}
"""Where the target of a sampler may stand, for nobody else to read."""
SHORTEST: Final = timedelta(seconds=1)
_PASSWORD: Final = re.compile(r"://[^/@]*:[^/@]+@|\bpassword\s*=", re.IGNORECASE)


class Interval(click.ParamType[timedelta]):
    """The time between two readings."""

    name = "interval"

    def convert(self, value: str | timedelta, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """Return the time, or say how to write one."""
        interval = value if isinstance(value, timedelta) else parse_duration(value)
        if interval is None or interval < SHORTEST:
            self.fail(f"{value!r} is no interval of at least a second; write 15s or 1m", param, ctx)
        return interval


class Typed(TypedDict):
    """The options of ``metrics run``, as click passes them."""

    host: bool
    patterns: tuple[str, ...]
    top: int
    postgresql: tuple[str, ...]
    redis: tuple[str, ...]
    interval: timedelta
    service: str
    environment: str | None
    directory: Path | None
    once: bool
    form: str


def samplers_of(typed: Typed, environ: Mapping[str, str] = os.environ) -> list[Sampler]:
    """Return the samplers that were asked for.

    Raises:
        AtalaiaError: None was, or one cannot be had.
    """
    options = HostOptions(top=typed["top"], patterns=typed["patterns"], itself=False)
    found = [*(host_samplers(options) if typed["host"] else ()), *_of_servers(typed, environ)]
    if not found:
        raise AtalaiaError(
            "there is nothing to sample", "leave out --no-host, or name a server with --postgresql or --redis"
        )
    return found


def _of_servers(typed: Typed, environ: Mapping[str, str]) -> Iterator[Sampler]:
    for name, given in (("postgresql", typed["postgresql"]), ("redis", typed["redis"])):
        _warn_of_passwords(name, given)
        variable = environ.get(VARIABLES[name])
        for target in given or ((variable,) if variable else ()):
            yield load(name, target)


def _warn_of_passwords(name: str, given: Sequence[str]) -> None:
    if any(_PASSWORD.search(target) for target in given):
        note(f"every user of this machine can read the password in --{name}; set {VARIABLES[name]} instead")

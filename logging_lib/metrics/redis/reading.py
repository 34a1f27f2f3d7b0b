"""The sampler of a Redis server."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from logging_lib.metrics.counters import Counters
from logging_lib.metrics.nesting import nested
from logging_lib.metrics.redis.connection import Server
from logging_lib.metrics.redis.info import counters, keyspaces, server_fields, slowlog_fields
from logging_lib.metrics.sample import MetricValue, Sample
from logging_lib.metrics.seconds import Monotonic

DATASET: Final = "redis.server"


class RedisSampler:
    """Reads a Redis server.

    A user of an access list needs ``INFO``, ``SLOWLOG`` and to name its connection: ``+info +slowlog +client|setname``.
    Without ``SLOWLOG`` the rest is read, and ``redis.missing`` says so.

    Args:
        target: The server's URL.
        monotonic: Measures the interval.

    Raises:
        AtalaiaError: The target is no URL of a Redis.
    """

    def __init__(self, target: str, *, monotonic: Monotonic = time.monotonic) -> None:
        self._server = Server(target)
        self._monotonic = monotonic
        self._counters = Counters()
        self._run: object = None

    @property
    def name(self) -> str:
        """``redis`` and where it is, without user and password."""
        return f"redis {self._server.address}"

    def sample(self, now: datetime) -> Sequence[Sample]:
        """Read everything once.

        Raises:
            SamplingError: The server cannot be reached, or refuses.
        """
        info = self._server.info()
        at = self._monotonic()
        log = self._server.slowlog()
        if info.get("run_id") != self._run:  # another process, whose counters began anew
            self._counters.forget()
            self._run = info.get("run_id")
        growth = self._counters.grow(at, counters(info))
        fields = {**server_fields(info, now.timestamp(), growth), **slowlog_fields(log)}
        if log is None:
            fields["missing"] = ["slowlog: allow this user SLOWLOG"]
        return [self._sample("server", fields), *(self._sample("keyspace", each) for each in keyspaces(info))]

    def close(self) -> None:
        """Close the connection; the next reading opens another."""
        self._server.close()

    def _sample(self, metricset: str, fields: dict[str, MetricValue | None]) -> Sample:
        return Sample(DATASET, metricset, {"redis": nested({"address": self._server.address, **fields})})

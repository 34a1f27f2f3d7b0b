"""A Redis server, read with redis-py over one connection that is kept.

    start_samplers([RedisSampler("redis://cache:6379")], settings.directory)

Names and meanings are those of Metricbeat's redis module wherever it has one.
"""

from __future__ import annotations

from logging_lib.extras import missing

try:
    import redis as _redis  # noqa: F401 - what the modules below need
except ModuleNotFoundError as error:
    raise missing("redis", "redis") from error
from logging_lib.metrics.redis.reading import RedisSampler

__all__ = ["RedisSampler", "sampler"]


def sampler(target: str) -> RedisSampler:
    """Return the sampler of a server.

    Raises:
        AtalaiaError: The target is no URL of a Redis, or redis-py is missing.
    """
    return RedisSampler(target)

"""The one connection to the server: kept, bounded in time, and made anew when it broke."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeAlias
from urllib.parse import SplitResult, unquote, urlsplit

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from logging_lib.errors import AtalaiaError
from logging_lib.metrics.sample import SamplingError

Info: TypeAlias = Mapping[str, object]

TIMEOUT: Final = 5.0
CLIENT: Final = "atalaia-metrics"
_SCHEMES: Final = frozenset({"redis", "rediss", "unix"})


class Server:
    """The server as the sampler asks it.

    Args:
        target: ``redis://[user:password@]host:port``, ``rediss://`` for TLS, or ``unix:///path``; what redis-py
            knows as parameters of the URL may follow (``?ssl_ca_certs=…``).

    Raises:
        AtalaiaError: It cannot be understood. The message repeats none of it, for a password may be in it.
    """

    def __init__(self, target: str) -> None:
        parts = _parts(target)
        self.address = _address(parts)
        self._secrets = _secrets(parts)
        try:
            self._client = redis.Redis.from_url(
                target,
                client_name=CLIENT,
                decode_responses=True,
                socket_timeout=TIMEOUT,
                socket_connect_timeout=TIMEOUT,
                retry=Retry(NoBackoff(), 1),  # a server that was started again meanwhile costs no reading
            )
        except (ValueError, TypeError):
            raise _not_understood() from None  # the cause may hold the password

    def info(self) -> Info:
        """Return what ``INFO`` says.

        Raises:
            SamplingError: The server cannot be reached, or lets this user not ask.
        """
        try:
            answer: Info = self._client.info()
        except (redis.RedisError, OSError) as error:
            raise self._failed(error) from error
        return answer

    def slowlog(self) -> tuple[int, Mapping[str, object] | None] | None:
        """Return how many entries the slow log has, and its latest; ``None`` where this user may not ask.

        Raises:
            SamplingError: The server went away.
        """
        try:
            length = self._client.slowlog_len()
            latest = self._client.slowlog_get(1)
        except redis.ResponseError:  # NOPERM, or a service that has no such command
            return None
        except (redis.RedisError, OSError) as error:
            raise self._failed(error) from error
        return int(length), (latest[0] if latest else None)

    def close(self) -> None:
        """Close the connection; the next question opens another."""
        self._client.close()

    def _failed(self, error: Exception) -> SamplingError:
        told = (str(error).strip() or type(error).__name__).splitlines()[0]
        for secret in self._secrets:
            told = told.replace(secret, "…")
        return SamplingError(told, "see whether the server runs and lets this user use INFO and SLOWLOG")


def _not_understood() -> AtalaiaError:
    remedy = "write redis://host:6379, with what is special in a password percent-encoded"
    return AtalaiaError("the Redis sampler's target is no URL of a Redis", remedy)


def _parts(target: str) -> SplitResult:
    try:
        parts = urlsplit(target)
        port = parts.port
    except ValueError:
        raise _not_understood() from None
    del port  # reading it is what checks it
    misread = "@" in parts.path or parts.fragment
    if parts.scheme not in _SCHEMES or misread or not (parts.hostname or parts.path):
        raise _not_understood()
    return parts


def _address(parts: SplitResult) -> str:
    """Return where the server is, without user and password."""
    return parts.path if parts.scheme == "unix" else f"{parts.hostname or 'localhost'}:{parts.port or 6379}"


def _secrets(parts: SplitResult) -> tuple[str, ...]:
    given = parts.password
    return () if not given else tuple({given, unquote(given)})

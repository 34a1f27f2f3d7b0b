"""How requests are observed: the proxies in front, the request id's header and the clocks."""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from logging_lib.clock import Clock, system_clock
from logging_lib.errors import AtalaiaError
from logging_lib.options import Option, text, whole

Monotonic: TypeAlias = Callable[[], float]
"""Returns seconds that never run backwards, as ``time.perf_counter`` does."""

TRUSTED_PROXIES: Final = Option(
    "trusted_proxies",
    "ATALAIA_TRUSTED_PROXIES",
    whole(0, "proxies in front"),
    0,
    "`0`",
    "How many proxies in front append to `X-Forwarded-For`; `0` believes no such header.",
)
REQUEST_ID_HEADER: Final = Option(
    "request_id_header",
    "ATALAIA_REQUEST_ID_HEADER",
    text(r"[A-Za-z0-9-]+", "use letters, digits and hyphens"),
    "X-Request-ID",
    "`X-Request-ID`",
    "The header that a request id comes in, and is sent back in.",
)
OPTIONS: Final = (TRUSTED_PROXIES, REQUEST_ID_HEADER)
"""What the environment can say, in the order of the documentation's table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestOptions:
    """How requests are observed.

    Attributes:
        trusted_proxies: How many proxies in front append to ``X-Forwarded-For``; 0 believes no such header.
        request_id_header: Read from the request where it has the shape of an id, and sent back with the response.
        clock: Tells when a request began.
        monotonic: Measures how long it took.

    Raises:
        AtalaiaError: The number of proxies is negative, or the header's name is none.
    """

    trusted_proxies: int = 0
    request_id_header: str = "X-Request-ID"
    clock: Clock = system_clock
    monotonic: Monotonic = time.perf_counter

    def __post_init__(self) -> None:
        for option in OPTIONS:
            option.value({option.name: getattr(self, option.name)}, {})

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> RequestOptions:
        """Return what the environment's variables say; this holds where an application passes no options.

        Raises:
            AtalaiaError: A variable has a value that is not allowed.
        """
        return cls(
            trusted_proxies=TRUSTED_PROXIES.value({}, environ),
            request_id_header=REQUEST_ID_HEADER.value({}, environ),
        )


def refuse_coroutine(name: str, callback: object) -> None:
    """Refuse a callback that cannot be called right before the record is written.

    Raises:
        AtalaiaError: It is a coroutine function.
    """
    if inspect.iscoroutinefunction(callback):
        raise AtalaiaError(
            f"the {name} callback is a coroutine function, and nobody would wait for it",
            "make it a plain function that reads what the application has left for it",
        )

"""How requests are observed: the proxies in front, the request id's header and the clocks."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from logging_lib.clock import Clock, system_clock
from logging_lib.errors import AtalaiaError

Monotonic: TypeAlias = Callable[[], float]
"""Returns seconds that never run backwards, as ``time.perf_counter`` does."""

_HEADER_NAME: Final = re.compile(r"[A-Za-z0-9-]+", re.ASCII)


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
        if self.trusted_proxies < 0:
            raise AtalaiaError(
                f"trusted_proxies is {self.trusted_proxies}", "give the number of proxies in front, 0 for none"
            )
        if not _HEADER_NAME.fullmatch(self.request_id_header):
            raise AtalaiaError(
                f"{self.request_id_header!r} cannot be a header's name", "use letters, digits and hyphens"
            )

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> RequestOptions:
        """Return what the environment says; this holds where an application passes no options.

        ``ATALAIA_TRUSTED_PROXIES`` is the number of proxies in front, ``ATALAIA_REQUEST_ID_HEADER`` the header's name.

        Raises:
            AtalaiaError: A variable has a value that is not allowed.
        """
        proxies = environ.get("ATALAIA_TRUSTED_PROXIES") or "0"
        if not (proxies.isascii() and proxies.isdigit()):
            raise AtalaiaError(
                f"ATALAIA_TRUSTED_PROXIES is {proxies!r}", "set it to the number of proxies in front, 0 for none"
            )
        header = environ.get("ATALAIA_REQUEST_ID_HEADER") or "X-Request-ID"
        return cls(trusted_proxies=int(proxies), request_id_header=header)

"""How the site is reached: by this machine alone, or with a token."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from typing import Final

from atalaia.web.security.hosts import host_name, is_loopback
from logging_lib.errors import AtalaiaError

SHORTEST: Final = 32
"""The least characters of a token: as many hexadecimal digits hold 128 bits, beyond any guessing."""
_MAKE: Final = "make one: python3 -c 'import secrets; print(secrets.token_urlsafe(32))'"


@dataclass(frozen=True, slots=True)
class Access:
    """How the site is reached.

    Attributes:
        token: What people and programs must show; ``None`` when only this machine can reach the site at all.
        hosts: The names in ``Host`` that it answers to, in small letters, beside those of this machine.
        cookie: The name of the session's cookie. Cookies do not tell ports apart: two servers on one machine need two.

    Raises:
        AtalaiaError: When the token is too short, or could not stand in a header.
    """

    token: str | None = field(default=None, repr=False)
    hosts: frozenset[str] = frozenset()
    cookie: str = "atalaia"

    def __post_init__(self) -> None:
        if self.token is None:
            return
        if len(self.token) < SHORTEST:
            raise AtalaiaError(f"the token has {len(self.token)} characters; it needs {SHORTEST}", _MAKE)
        if not (self.token.isascii() and self.token.isprintable() and " " not in self.token):
            raise AtalaiaError("the token has characters that a header cannot hold", _MAKE)

    def admits(self, token: str) -> bool:
        """Whether a token is the right one; the time it takes tells nothing about it."""
        return self.token is not None and hmac.compare_digest(token.encode(), self.token.encode())

    def answers_to(self, header: str) -> bool:
        """Whether a ``Host`` header names this site.

        A page of another site can make its own name resolve to this address and then read what it likes (DNS
        rebinding); the browser still sends that name in ``Host``.
        """
        name = host_name(header)
        return is_loopback(name) or name in self.hosts


def bound_address(host: str, token: str | None) -> str:
    """Return the address to listen on.

    Args:
        host: As a person named it.
        token: What whoever reaches it must show.

    Raises:
        AtalaiaError: When other machines could reach it and there is no token.
    """
    if not is_loopback(host) and token is None:
        raise AtalaiaError(
            f"the site would be open to other machines at {host!r}",
            "set a token (ATALAIA_WEB_TOKEN or --token-file), or give a loopback --host such as 127.0.0.1 and reach "
            "it from elsewhere through ssh -L",
        )
    return "127.0.0.1" if host.lower() == "localhost" else host

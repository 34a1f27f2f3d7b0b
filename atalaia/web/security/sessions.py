"""Sessions: a signed cookie for each browser, and the proof that a form is of this site.

The key is drawn when the server starts: who restarts it signs everybody out.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from threading import Lock
from typing import Final

from itsdangerous import BadSignature, Signer

from logging_lib.clock import Clock, system_clock

LIFE: Final = timedelta(hours=12)
"""How long a session lasts: a working day."""


@dataclass(frozen=True, slots=True)
class Session:
    """A browser that the site has seen.

    Attributes:
        key: Random; never shown to anyone else.
        ends: When it is over.
        signed_in: Whether its person has shown the token.
    """

    key: str
    ends: datetime
    signed_in: bool


class Sessions:
    """Makes, reads and ends sessions; threads may share it.

    Args:
        clock: What ``now`` is.
    """

    def __init__(self, clock: Clock = system_clock) -> None:
        self._clock = clock
        secret = secrets.token_bytes(32)
        self._cookies = Signer(secret, salt="atalaia session", digest_method=sha256)
        self._forms = Signer(secret, salt="atalaia form", digest_method=sha256)
        self._guard = Lock()
        self._ended: dict[str, datetime] = {}

    def start(self, *, signed_in: bool) -> Session:
        """Return a new session."""
        return Session(secrets.token_urlsafe(32), self._clock() + LIFE, signed_in)

    def cookie_of(self, session: Session) -> str:
        """Return the cookie's value."""
        plain = f"{session.key}:{int(session.ends.timestamp())}:{int(session.signed_in)}"
        return self._cookies.sign(plain).decode()

    def read(self, cookie: str | None) -> Session | None:
        """Return the session of a cookie; ``None`` when it is forged, over or ended."""
        if cookie is None:
            return None
        try:
            key, ends, signed_in = self._cookies.unsign(cookie).decode().split(":")
        except BadSignature:
            return None
        session = Session(key, datetime.fromtimestamp(int(ends), self._clock().tzinfo), signed_in == "1")
        with self._guard:
            is_over = session.ends <= self._clock() or key in self._ended
        return None if is_over else session

    def end(self, session: Session) -> None:
        """End a session for good: a copy of its cookie is worth nothing any more."""
        now = self._clock()
        with self._guard:
            self._ended = {key: ends for key, ends in self._ended.items() if ends > now} | {session.key: session.ends}

    def form_token(self, session: Session) -> str:
        """Return what a form of this session's pages sends along."""
        return self._forms.get_signature(session.key).decode()

    def is_form_token(self, session: Session, token: str) -> bool:
        """Whether a form is of a page that this session was shown."""
        return hmac.compare_digest(token.encode(), self.form_token(session).encode())

"""Secrets kept out of the log: query parameters whose name says that their value is one."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote_plus

REDACTED: Final = "[redacted]"

# Names in English and Portuguese; found anywhere in the parameter's name, so that user_password and senhaNova match.
_SECRET_PART: Final = re.compile(
    r"passw|pwd|senha|secret|segredo|token|api[-_]?key|chave|credential|credencia|authori[sz]ation|signature|session|jwt",
    re.IGNORECASE,
)
# Short names that are secrets only when they are the whole name (OAuth's code, a signed URL's sig, a Brazilian tax id).
_SECRET_NAMES: Final = frozenset({"auth", "code", "cpf", "key", "otp", "pass", "pin", "sid", "sig"})


def redact_query(query: str) -> str:
    """Return a URL's query string with the values of secret parameters replaced; everything else as it was.

    Args:
        query: The raw query string, without its question mark; ``&`` and ``;`` both separate parameters.
    """
    return "".join(_redact_parameter(part) for part in re.split(r"([&;])", query))


def _redact_parameter(part: str) -> str:
    name, equals, _ = part.partition("=")
    return f"{name}={REDACTED}" if equals and _is_secret(unquote_plus(name)) else part


def _is_secret(name: str) -> bool:
    return name.lower() in _SECRET_NAMES or _SECRET_PART.search(name) is not None

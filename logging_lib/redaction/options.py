"""What an application can say about redaction, and how a replaced value looks."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from logging_lib.errors import AtalaiaError

REDACTED: Final = "[redacted]"
"""Stands where a secret was that its name gave away; a shape's mark tells its kind: ``[redacted:card]``."""

MARK: Final = re.compile(r"\[redacted(?::[a-z]+)?\]")
"""Any mark of ours; a text that has one is not redacted there again."""

_LETTER: Final = re.compile("[A-Za-z]")  # by such letters names are told apart; accents and digits fall away


def mark(kind: str) -> str:
    """Return the mark of a secret known by its shape, e.g. ``[redacted:cpf]``."""
    return f"[redacted:{kind}]"


@dataclass(frozen=True, slots=True)
class RedactionOptions:
    """How secrets are kept out of the log.

    Attributes:
        enabled: ``False`` writes everything as it is.
        emails: Whether e-mail addresses are replaced too.
        keys: Further names whose values are secrets, in any spelling: ``numero_mae`` is ``numeroMae`` too. They hold as
            whole names and as the end of longer ones.
        allow: Whole names whose values are none, whatever else is said of them; their texts are still searched.
        patterns: Further regular expressions; what one of them finds is replaced.

    Raises:
        AtalaiaError: A pattern is no regular expression or finds the empty text, or a name has no letter from a to z.
    """

    enabled: bool = True
    emails: bool = False
    keys: frozenset[str] = frozenset()
    allow: frozenset[str] = frozenset()
    patterns: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in self.keys | self.allow:
            if not _LETTER.search(unicodedata.normalize("NFKD", name)):
                raise AtalaiaError(f"{name!r} cannot be a name to redact", "use names with letters from a to z")
        for pattern in self.patterns:
            _check_pattern(pattern)


def _check_pattern(pattern: str) -> None:
    try:
        empty = re.compile(pattern).search("")
    except re.error as error:
        raise AtalaiaError(
            f"the redaction pattern {pattern!r} is no regular expression: {error}", "correct it"
        ) from error
    if empty:
        raise AtalaiaError(f"the redaction pattern {pattern!r} finds the empty text", "let it need a character")

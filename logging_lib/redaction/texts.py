"""All that is looked for in one text."""

from __future__ import annotations

import re
from typing import Final

from logging_lib.redaction.assignments import may_assign, redact_assignments
from logging_lib.redaction.encoded import is_encoded, redact_encoded, redact_query
from logging_lib.redaction.keys import KeyRules
from logging_lib.redaction.numbers import may_hold_number, redact_numbers
from logging_lib.redaction.options import MARK, REDACTED, RedactionOptions, mark
from logging_lib.redaction.plain import is_plain_path, plain_names
from logging_lib.redaction.shapes import HINT, redact_shapes

_EMAIL: Final = re.compile(r"(?<![\w.+%-])[\w.+%-]{1,256}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,8}")
_SHORTEST: Final = 5
"""Characters of the shortest text that can hold a secret: ``pwd=x``."""
_REMEMBERED: Final = 4096
_LONGEST_REMEMBERED: Final = 256
_DEEPEST: Final = 4
"""How many encodings inside each other are taken off."""
_ROUNDS: Final = 3


class TextRedactor:
    """Redacts texts, and remembers short clean ones: the same browsers, paths and messages come again and again.

    Args:
        options: What else to look for.
        rules: Judges names.

    Attributes:
        clean: Texts known to hold no secret; at most some thousands, none long.
        clean_queries: Query strings known to hold none.
    """

    def __init__(self, options: RedactionOptions, rules: KeyRules) -> None:
        self._emails = options.emails
        self._patterns = tuple(re.compile(pattern) for pattern in options.patterns)
        self._rules = rules
        self.clean: set[str] = set()
        self.clean_queries: set[str] = set()

    def redact(self, text: str) -> str:
        """Return the text without secrets; the very same text where there are none."""
        if text in self.clean or len(text) < _SHORTEST:
            return text
        redacted = self._redact(text, 0) if self._suspicious(text) else text
        if redacted == text:
            _remember(self.clean, text)
            return text
        return redacted

    def redact_path(self, path: str) -> str:
        """Return a URL's path without secrets."""
        if path in self.clean:
            return path
        if self._patterns or not is_plain_path(path):
            return self.redact(path)
        _remember(self.clean, path)
        return path

    def redact_statement(self, statement: str) -> str:
        """Return an SQL statement without secrets, by their form alone.

        Its values are taken out already (``logging_lib.sql.statements``): ``a.token = b.token`` gives nothing away.
        """
        return self._by_form(redact_shapes(statement))

    def redact_query(self, query: str) -> str:
        """Return a query string without secrets: by the names of its parameters, then as any text."""
        if query in self.clean_queries:
            return query
        names = None if self._patterns else plain_names(query)
        if names is not None and self._rules.harmless(names):
            _remember(self.clean_queries, query)
            return query
        redacted = query
        for _ in range(_ROUNDS):
            before, redacted = redacted, self.redact(redact_query(redacted, self._part, self._rules))
            if redacted == before:
                break
        if redacted == query:
            _remember(self.clean_queries, query)
            return query
        return redacted

    def _part(self, part: str) -> str:
        return self._redact(part, 1) if self._suspicious(part) else part

    def _suspicious(self, text: str) -> bool:
        """Tell whether a text needs a closer look. False is certain, and most texts end here."""
        return bool(
            HINT.search(text)
            or may_assign(text, self._rules)
            or may_hold_number(text)
            or is_encoded(text)
            or (self._emails and "@" in text)
            or self._patterns
        )

    def _redact(self, text: str, depth: int) -> str:
        """Redact until nothing more is found: what one step leaves can be another's."""
        for _ in range(_ROUNDS):
            redacted = self._once(text, depth)
            if redacted == text:
                return text
            text = redacted
        return text

    def _once(self, text: str, depth: int) -> str:
        text = redact_assignments(redact_shapes(text), self._rules)
        if depth < _DEEPEST and is_encoded(text):
            text = redact_encoded(text, lambda part: self._redact(part, depth + 1), self._rules)
        return self._by_form(text)

    def _by_form(self, text: str) -> str:
        if may_hold_number(text):
            text = redact_numbers(text)
        if self._emails and "@" in text:
            text = _EMAIL.sub(mark("email"), text)
        for pattern in self._patterns:
            text = _outside_marks(pattern, text)
        return text


def _remember(clean: set[str], text: str) -> None:
    if len(text) <= _LONGEST_REMEMBERED:
        if len(clean) >= _REMEMBERED:
            clean.clear()
        clean.add(text)


def _outside_marks(pattern: re.Pattern[str], text: str) -> str:
    """Replace what an application's pattern finds, but nothing in our own marks."""
    pieces: list[str] = []
    position = 0
    for found in MARK.finditer(text):
        pieces += [pattern.sub(REDACTED, text[position : found.start()]), found[0]]
        position = found.end()
    return "".join([*pieces, pattern.sub(REDACTED, text[position:])])

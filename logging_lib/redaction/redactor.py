"""A whole record without its secrets."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise
from typing import Final

from logging_lib.keys import DOCUMENTED_KEYS, OPTIONAL_KEYS
from logging_lib.redaction.keys import KeyRules, Verdict
from logging_lib.redaction.numbers import is_card_integer
from logging_lib.redaction.options import REDACTED, RedactionOptions, mark
from logging_lib.redaction.routes import RouteSecrets
from logging_lib.redaction.texts import TextRedactor
from logging_lib.redaction.words import MEASURES, NAME_NAMES, VALUE_NAMES
from logging_lib.values import JsonValue, Record

_LIBRARY_KEYS: Final = frozenset(
    {"timestamp", "level", "service", "event_id", "environment", "version", "host", "logger"}
)
"""Written by the library in every record; nothing of a client's or a user's gets there."""

_REQUEST_TEXTS: Final = (
    "user_id",
    "user_agent",
    "request_id",
    "method",
    "path",
    "query",
    "error_message",
    "stack_trace",
)
"""What a client or the application has a say in, in the record of a request."""

_REQUEST_KEYS: Final = _LIBRARY_KEYS.union(
    _REQUEST_TEXTS,
    # Templates, names, numbers, checked addresses and ids, all written by the library.
    ("endpoint", "response_time", "status_code", "ip_address", "trace_id", "span_id", "request_bytes"),
    ("response_bytes", "error_type", "outcome", "db_time", "db_queries", "template_time", "template", "sample_weight"),
)
"""All there is in the record of a request; with any other key it is searched like an event."""

_ID_KEYS: Final = frozenset({"user_id", "request_id", "trace_id", "span_id"})
"""Never replaced by their name, and as a number not at all; a text is searched."""

_HEXADECIMAL: Final = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
"""Ids as the library and most others make them: none of our shapes fits in."""

_SPAN: Final = re.compile(r"[0-9a-f]{16}")
"""The library's own; one in two thousand has no letter, and of those some would pass for a card's number."""

_SEARCHED_KEYS: Final = _ID_KEYS | {
    "user_agent",
    "method",
    "path",
    "event",
    "error_message",
    "stack_trace",
    "error_type",
}
"""Never replaced by their name; only a text is searched."""

_OWN_LOGGERS: Final = frozenset({"logging_lib.metrics", "logging_lib.sqlalchemy"})
_MEASURED_KEYS: Final = ("system", "process", "postgresql", "redis", "sql")
"""What samplers and the listener of statements write under a name of their own: measured, not said by anybody."""

_NUMBER_OR_DIGEST: Final = re.compile(r"-?[0-9]{1,20}|[0-9a-f]{16}")
_IDENTIFYING: Final = frozenset({"id", "fingerprint"})
"""Ids of statements, which may have a card's digits by chance: one in forty of pg_stat_statements' has."""
_STATEMENT: Final = "text"
"""The normalised text of an SQL statement; nothing else that is measured is called so."""

_ORDINARY_KEYS: Final = frozenset(DOCUMENTED_KEYS + OPTIONAL_KEYS)
_PAIR: Final = 2


class Redactor:
    """Takes the secrets out of records. It may be shared by threads.

    Args:
        options: What to look for; the default looks for everything but e-mail addresses.
    """

    def __init__(self, options: RedactionOptions | None = None) -> None:
        self.options = options or RedactionOptions()
        self._rules = KeyRules(self.options)
        self._texts = TextRedactor(self.options, self._rules)
        self._routes = RouteSecrets(self._rules)
        queries = {"query": self._texts.clean_queries}
        self._known = tuple((key, queries.get(key, self._texts.clean)) for key in _REQUEST_TEXTS)

    def redact(self, record: Record) -> Record:
        """Return the record without secrets; the very same one where there are none. Never raises.

        Args:
            record: A cleaned record (``logging_lib.values``); it is not changed.
        """
        if not self.options.enabled:
            return record
        # Only the record of a request has no message, and only the library makes one.
        if "event" not in record and _REQUEST_KEYS.issuperset(record):
            return self._redact_request(self._without_route_secrets(record))
        measured = _MEASURED_KEYS if record.get("logger") in _OWN_LOGGERS else ()
        redacted = self._redact_fields(
            record, [key for key in record if key not in _LIBRARY_KEYS and key not in measured]
        )
        redacted = self._with_measures(redacted, measured)
        return redacted if _ORDINARY_KEYS.issuperset(record) else self._with_clean_keys(redacted)

    def _without_route_secrets(self, record: Record) -> Record:
        endpoint, path = record.get("endpoint"), record.get("path")
        if not isinstance(endpoint, str) or not isinstance(path, str):
            return record
        redacted = self._routes.redact(endpoint, path)
        return record if redacted is path else {**record, "path": redacted}

    def _redact_request(self, record: Record) -> Record:
        """Return the record of a request redacted; nearly always there is nothing to do, which is seen at once."""
        unknown: list[str] = []
        for key, known in self._known:
            value = record.get(key)
            if value is None or value.__class__ is int or (value.__class__ is str and value in known):
                continue
            if key != "request_id" or value.__class__ is not str or not _HEXADECIMAL.fullmatch(str(value)):
                unknown.append(key)
        return self._redact_fields(record, unknown) if unknown else record

    def _redact_fields(self, record: Record, keys: Iterable[str]) -> Record:
        """Return the record with these fields redacted, a copy where one changes."""
        changed: Record | None = None
        clean = self._texts.clean
        for key in keys:
            value = record.get(key)
            if value is None or (key in _SEARCHED_KEYS and value.__class__ is str and value in clean):
                continue
            redacted = self._field(key, value)
            if redacted is not value:
                changed = changed or dict(record)
                changed[key] = redacted
        return changed or record

    def _with_measures(self, record: Record, keys: Iterable[str]) -> Record:
        """Return the record with these objects redacted, their numbers and ids left as they are."""
        found = {key: record[key] for key in keys if key in record}
        return {**record, **{key: self._measured(key, value) for key, value in found.items()}} if found else record

    def _measured(self, key: str, value: JsonValue) -> JsonValue:
        if isinstance(value, dict):
            return {name: self._measured(name, member) for name, member in value.items()}
        if key == _STATEMENT and isinstance(value, str):
            return self._texts.redact_statement(value)
        identifies = key in _IDENTIFYING and isinstance(value, str) and _NUMBER_OR_DIGEST.fullmatch(value)
        return value if isinstance(value, int) or identifies else self._member(key, value)

    def redact_text(self, text: str) -> str:
        """Return a text without the secrets that its words and shapes give away."""
        return self._texts.redact(text) if self.options.enabled else text

    def _field(self, key: str, value: JsonValue) -> JsonValue:
        if key in _ID_KEYS:
            made = _SPAN if key == "span_id" else _HEXADECIMAL
            if isinstance(value, int | float) or (isinstance(value, str) and made.fullmatch(value)):
                return value
            return self._value(value)
        if key == "query" and isinstance(value, str):
            return self._texts.redact_query(value)
        if key == "path" and isinstance(value, str):
            return self._texts.redact_path(value)
        if key in _SEARCHED_KEYS and isinstance(value, str):
            return self._texts.redact(value)
        return self._member(key, value)

    def _member(self, key: str, value: JsonValue) -> JsonValue:
        """Return what stands under a name."""
        verdict = self._rules.judge(key)
        if verdict in (Verdict.SECRET, Verdict.SECRET_UNLESS_NUMBER) and _hides(verdict, value):
            return REDACTED
        if isinstance(value, int):
            return self._integer(key, value)
        return self._value(value)

    def _value(self, value: JsonValue) -> JsonValue:
        if isinstance(value, str):
            return self._texts.redact(value)
        if isinstance(value, dict):
            return self._mapping(value)
        if isinstance(value, list):
            return self._sequence(value)
        return self._integer("", value) if isinstance(value, int) else value

    def _integer(self, key: str, value: int) -> JsonValue:
        if isinstance(value, bool) or not is_card_integer(value) or not MEASURES.isdisjoint(self._rules.words(key)):
            return value
        return mark("card")

    def _mapping(self, mapping: dict[str, JsonValue]) -> dict[str, JsonValue]:
        named = self._named_value(mapping)
        members = {
            key: REDACTED if key in named and _hides(Verdict.SECRET, value) else self._member(key, value)
            for key, value in mapping.items()
        }
        changed = any(members[key] is not value for key, value in mapping.items())
        return self._with_clean_keys(members if changed else mapping)

    def _named_value(self, mapping: dict[str, JsonValue]) -> frozenset[str]:
        """Return the keys of secrets that another member names: ``value`` in ``{"name": "pin", "value": 1}``."""
        lowered = {key.lower(): key for key in mapping}
        values = frozenset(lowered[name] for name in VALUE_NAMES if name in lowered)
        if not values:
            return values
        names = [mapping[lowered[name]] for name in NAME_NAMES if name in lowered]
        return values if any(isinstance(name, str) and self._is_secret(name) for name in names) else frozenset()

    def _sequence(self, items: list[JsonValue]) -> list[JsonValue]:
        redacted = [self._value(item) for item in items]
        for place, (item, following) in enumerate(pairwise(items)):
            named = isinstance(item, str) and (item.startswith("--") or len(items) == _PAIR) and self._is_secret(item)
            if named and _hides(Verdict.SECRET, following):
                redacted[place + 1] = REDACTED
        return redacted if any(new is not old for new, old in zip(redacted, items, strict=True)) else items

    def _is_secret(self, name: str) -> bool:
        return self._rules.judge(name) in (Verdict.SECRET, Verdict.SECRET_UNLESS_NUMBER)

    def _with_clean_keys(self, members: dict[str, JsonValue]) -> dict[str, JsonValue]:
        """Return the members under names that hold no secret themselves."""
        if not any(self._texts.redact(key) is not key for key in members):
            return members
        renamed: dict[str, JsonValue] = {}
        for key, value in members.items():
            clean = self._texts.redact(key)
            while clean in renamed:
                clean += "'"
            renamed[clean] = value
        return renamed


def _hides(verdict: Verdict, value: JsonValue) -> bool:
    """Tell whether a value under a secret's name is replaced: nothing, yes and no are no secrets."""
    if value is None or isinstance(value, bool) or value in ("", REDACTED):
        return False
    return not (verdict is Verdict.SECRET_UNLESS_NUMBER and isinstance(value, int | float))

"""How long events are kept: the ``data_retention`` of the index templates, for both stores alike."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from analyzers.store.schema import index_template, load_templates
from logging_lib.errors import AtalaiaError

# Elasticsearch's time units: https://www.elastic.co/guide/en/elasticsearch/reference/current/api-conventions.html
_DURATION: Final = re.compile(r"(\d+)(d|h|m|s)", re.ASCII)
_UNITS: Final[Mapping[str, timedelta]] = MappingProxyType(
    {"d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1), "s": timedelta(seconds=1)}
)


def retention_of(stream: str) -> timedelta | None:
    """Return how long the events of a stream are kept, or ``None`` when its template says nothing: for ever.

    Raises:
        QueryError: When no index template is for this stream.
        AtalaiaError: When the template's ``data_retention`` cannot be read.
    """
    pattern, template = index_template(stream, load_templates())
    body = template.get("template")
    lifecycle = body.get("lifecycle") if isinstance(body, dict) else None
    text = lifecycle.get("data_retention") if isinstance(lifecycle, dict) else None
    if text is None:
        return None
    kept = parse_duration(text) if isinstance(text, str) else None
    if kept is None:
        raise AtalaiaError(f"the template of {pattern} keeps its events for {text!r}", "write a time as 30d or 12h")
    return kept


def parse_duration(text: str) -> timedelta | None:
    """Return a time in Elasticsearch's units (``30d``, ``12h``, ``5m``, ``10s``), or ``None`` when it is not one."""
    match = _DURATION.fullmatch(text)
    try:
        return None if match is None else int(match[1]) * _UNITS[match[2]]
    except OverflowError:
        return None

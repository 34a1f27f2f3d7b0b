"""Every kind of drill-down that the site offers, over an hour, a day and all 30 days."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Final, NamedTuple

from analyzers.fields import REQUEST_STREAM
from analyzers.selection.names import names_in
from analyzers.store.schema import load_schema
from atalaia.web.views.links import DRILL, EXPLAIN, STATEMENTS
from atalaia.web.views.statements import DIMENSIONS

ROUTE: Final = "where=http.route+%3D+%2Fapi%2Fchamados"
"""One endpoint, with a fifth of all requests."""
STRAIGHT: Final = "from=2024-01-30T12:00Z&to=2024-01-30T13:00Z"
"""The busiest hour of the last day."""
_SPANS: Final = (("an hour", STRAIGHT), ("a day", "window=24h"), ("30 days", "window=30d"))
_REQUESTS: Final = (("one endpoint", f"&{ROUTE}"), ("all requests", ""))
_CUTS: Final = ("rank=errors", "rank=p95", "heat=requests")
"""What else the page lets people choose; the bucket of time is the finest that a window of such a length has."""


class DrillDown(NamedTuple):
    """One drill-down.

    Attributes:
        span: The length of its window, in words.
        name: What it shows, in words.
        path: Its address.
    """

    span: str
    name: str
    path: str


def drill_downs() -> Iterator[DrillDown]:
    """Yield every drill-down: by each dimension, otherwise cut or ranked, of statements, and what is behind it."""
    ways = [(f"by {name}", f"{DRILL}?by={name}") for name in names_in(load_schema(REQUEST_STREAM))]
    ways += [(f"by user, {cut}", f"{DRILL}?by=user&{cut}") for cut in _CUTS]
    ways += [(f"statements by {name}", f"{STATEMENTS}?by={name}") for name in DIMENSIONS]
    ways += [("what is behind it", f"{EXPLAIN}?")]
    for (span, window), (requests, where), (name, path) in product(_SPANS, _REQUESTS, ways):
        yield DrillDown(span, f"{requests} {name}", f"{path}&{window}{where}".replace("?&", "?"))

"""The question that an address holds: a window, filters, a grouping, a language. Whoever has the address has the view.

``?window=1h`` or ``?from=2024-01-15&to=2024-01-16`` as the command line's ``--window``, ``--since`` and ``--until``;
``where=`` (repeatable) as ``--where``; ``by=`` (repeatable); ``environment=``, every one by default; ``lang=``. What
else an address holds is of its page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final, TypeAlias
from urllib.parse import quote, quote_plus
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from analyzers.fields import REQUEST_STREAM
from analyzers.selection import parse_where, parse_window, print_where
from analyzers.selection.errors import SelectionError
from analyzers.store.query import EVERYTHING, And, CalendarUnit, Equals, Exists, Not, Predicate, Window
from analyzers.store.schema import load_schema
from analyzers.store.validation import stream_refusal

STANDARD: Final = "1h"
"""The window of a page whose address names none."""
WINDOWS: Final = ("15m", "1h", "24h", "7d", "30d")
"""The windows that the chooser offers."""
COMMON: Final = ("window", "from", "to", "where", "by", "environment", "lang")
"""What a link to another page takes along."""

Change: TypeAlias = str | Sequence[str] | None
"""A parameter's new value or values; ``None`` takes it out."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a page was asked.

    Attributes:
        window: The span of time.
        params: Everything behind the ``?``, in order, as typed.
        default: The window meant where the address has none, e.g. ``1h``.
    """

    window: Window
    params: tuple[tuple[str, str], ...] = ()
    default: str = STANDARD

    @property
    def where(self) -> tuple[str, ...]:
        """The filters as typed; all of them hold."""
        return self.all("where")

    @property
    def by(self) -> tuple[str, ...]:
        """The names of the dimensions to group by."""
        return self.all("by")

    @property
    def environment(self) -> str | None:
        """The environment that is asked about, the last part of the streams' names; ``None`` for all of them."""
        return self.one("environment")

    @property
    def chosen(self) -> str | None:
        """The length asked for, ``1h``; ``None`` where a start is named."""
        return None if self.one("from") else self.one("window") or self.default

    @property
    def is_live(self) -> bool:
        """Whether the window ends now, so that the page moves on."""
        return self.one("from") is None and self.one("to") is None

    def one(self, name: str) -> str | None:
        """Return a parameter's first value; ``None`` where it is not there."""
        return next((value for key, value in self.params if key == name), None)

    def all(self, name: str) -> tuple[str, ...]:
        """Return every value of a parameter."""
        return tuple(value for key, value in self.params if key == name)

    def predicate(self, stream: str = REQUEST_STREAM) -> Predicate:
        """Return what all filters together mean for the events of a stream.

        Raises:
            SelectionError: When one cannot be read.
            QueryError: When one names a field that the stream does not have.
        """
        schema = load_schema(stream)
        parsed = tuple(parse_where(text, schema) for text in self.where)
        if not parsed:
            return EVERYTHING
        return parsed[0] if len(parsed) == 1 else And(parsed)

    def address(self, path: str, /, *, also: Sequence[str] = (), **changes: Change) -> str:
        """Return the address of a page with this question: the window, filters, grouping and language go along.

        Args:
            path: The page's path, ``/endpoints``.
            also: Filters to add, in the filter language (:func:`condition` writes one).
            **changes: Parameters to set, or with ``None`` to take out. ``start`` and ``end`` are ``from`` and ``to``.
                ``window`` takes ``from`` and ``to`` out, and ``start`` takes ``window`` out.
        """
        return _written(path, [each for each in self.params if each[0] in COMMON], also, changes)

    def same(self, path: str, /, *, also: Sequence[str] = (), **changes: Change) -> str:
        """Return the address with everything this one has, the page's own parameters too; else as :meth:`address`."""
        return _written(path, list(self.params), also, changes)

    def without(self, path: str, condition: str) -> str:
        """Return the address with one filter less."""
        return self.same(path, where=[each for each in self.where if each != condition])


def read_question(args: MultiDict[str, str], *, now: datetime, zone: ZoneInfo, default: str = STANDARD) -> Question:
    """Return what an address asks.

    Args:
        args: The parsed query string.
        now: The present instant.
        zone: Where dates and times without an offset are read.
        default: The window where the address names none.

    Raises:
        SelectionError: When it cannot be read.
        QueryError: When the window is empty or reversed.
    """
    params = tuple((name, value) for name, value in args.items(multi=True) if value)
    asked = Question(Window(now - timedelta(hours=1), now), params, default)  # read below
    for name in ("window", "from", "to", "environment", "lang"):
        if len(asked.all(name)) > 1:
            raise SelectionError(f"the address has {name}= twice", "leave one of them out")
    _check_environment(asked.environment)
    start, end, length = (asked.one(name) for name in ("from", "to", "window"))
    if start and end and length:
        raise SelectionError("from=, to= and window= together say too much", "leave one of them out")
    if not start:
        length = length or default
    window = parse_window(start, end, length, now=now, zone=zone, extent=None)
    return Question(window, params, default)


def _check_environment(name: str | None) -> None:
    if name is not None and stream_refusal(REQUEST_STREAM.replace("*", name)) is not None:
        raise SelectionError(f"environment={name[:40]!r} is no environment", "give its name, such as production")


def condition(field: str, value: str | float | bool | None) -> str:  # noqa: FBT001  a value of a field
    """Return the filter for a field's value: ``http.route = /login``; for ``None`` that it is absent."""
    return print_where(Not(Exists(field)) if value is None else Equals(field, value))


def path_of(*parts: str) -> str:
    """Return the path of parts that may hold anything: ``path_of("requests", "a/b")`` is ``/requests/a%2Fb``."""
    return "/" + "/".join(quote(part, safe="") for part in parts)


def fitting_unit(window: Window) -> CalendarUnit:
    """Return the bucket in which a window makes a readable chart: about 15 to 120 of them."""
    for longest, unit in _UNITS:
        if window.length <= longest:
            return unit
    return CalendarUnit.MONTH


_UNITS: Final = (
    (timedelta(hours=2), CalendarUnit.MINUTE),
    (timedelta(days=5), CalendarUnit.HOUR),
    (timedelta(days=120), CalendarUnit.DAY),
    (timedelta(days=800), CalendarUnit.WEEK),
)


def _written(path: str, params: list[tuple[str, str]], also: Sequence[str], changes: Mapping[str, Change]) -> str:
    renamed = {_NAMES.get(name, name): value for name, value in changes.items()}
    if renamed.get("window"):
        renamed = {"from": None, "to": None, **renamed}
    if renamed.get("from"):
        renamed = {"window": None, **renamed}
    kept = [(name, value) for name, value in params if name not in renamed]
    new = [(name, value) for name, change in renamed.items() for value in _values(change)]
    conditions = [value for name, value in (*kept, *new) if name == "where"]
    new += [("where", each) for each in also if each not in conditions]
    query = "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in (*kept, *new))
    return f"{path}?{query}" if query else path


@lru_cache(maxsize=4096)
def _quoted(text: str) -> str:
    """Quote a text; the hundreds of links of a page are made of the same few."""
    return quote_plus(text)


_NAMES: Final = {"start": "from", "end": "to"}


def _values(change: Change) -> Sequence[str]:
    if change is None:
        return ()
    return (change,) if isinstance(change, str) else change

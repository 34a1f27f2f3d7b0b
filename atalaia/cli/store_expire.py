"""``atalaia store expire``: let old days go."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TypedDict, Unpack

import click

from analyzers.store.embedded.records import Segment
from analyzers.store.embedded.retention import StoredDay, expired, older
from analyzers.store.interface import StoreError
from analyzers.store.lifecycle import parse_duration, retention_of
from atalaia.cli.render.counting import counted
from atalaia.cli.render.stored import size_text
from atalaia.cli.runtime import ExitStatus, Runtime
from atalaia.cli.store_options import LOCATION, STREAM, embedded_store, of_stream
from atalaia.cli.teaching import Command


class _Age(click.ParamType[timedelta]):
    """A time in Elasticsearch's units."""

    name = "age"

    def convert(self, value: str | timedelta, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """Return the time, or say how to write one."""
        age = value if isinstance(value, timedelta) else parse_duration(value)
        if age is None:
            self.fail(f"{value!r} is not an age; write 30d, 12h or 90m", param, ctx)
        return age


class Typed(TypedDict):
    """The options of ``store expire``, as click passes them."""

    location: str
    older_than: timedelta | None
    stream: str | None
    dry_run: bool
    yes: bool


@click.command(
    "expire",
    cls=Command,
    short_help="Let old days go",
    examples=(
        "atalaia store expire --dry-run",
        "atalaia store expire ./web --older-than 90d --stream logs-web.request-production",
    ),
)
@LOCATION
@click.option(
    "--older-than",
    metavar="AGE",
    type=_Age(),
    help="Delete the days whose every event is older than this by its own time, such as 30d or 12h, whenever it was "
    "ingested, and however long the templates keep it.",
)
@STREAM
@click.option("--dry-run", is_flag=True, help="Say what would go, and change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask before deleting what the templates would keep.")
@click.pass_obj
def expire(runtime: Runtime, /, **typed: Unpack[Typed]) -> int:
    """Delete the days of an embedded store that are past their retention; days go whole, in UTC.

    STORE is its directory; ATALAIA_STORE or ./atalaia-data when it is not given. Without --older-than the rule is that
    of whatever writes the store, which applies it by itself every hour: a day goes once the data_retention of its
    stream's template has passed since the end of that day, or since its last write when that was later. So an old log
    that was ingested yesterday stays, as it would in Elasticsearch.

    No other process may be writing, except with --dry-run.

    Exit status: 0 done, or there is nothing to do; 2 a mistake, or it was not confirmed.
    """
    with embedded_store(typed["location"], runtime.clock, writable=not typed["dry_run"]) as store:
        segments = of_stream(store.segments, typed["stream"])
        days = _chosen(segments, typed["older_than"], runtime.clock())
        sys.stdout.write(_listed(days))
        sys.stdout.flush()
        if typed["dry_run"] or not days:
            return ExitStatus.OK
        if _keeps(segments, days, runtime.clock()) and not typed["yes"]:
            _confirm()
        store.maintenance.drop([segment for day in days for segment in day.segments])
    sys.stdout.write(f"deleted: {_sum(days)}\n")
    return ExitStatus.OK


def _chosen(segments: Sequence[Segment], older_than: timedelta | None, now: datetime) -> tuple[StoredDay, ...]:
    return expired(segments, retention_of, now) if older_than is None else older(segments, older_than, now)


def _keeps(segments: Sequence[Segment], days: Sequence[StoredDay], now: datetime) -> bool:
    """Tell whether the templates would keep any of the days."""
    past = {(day.stream, day.day) for day in expired(segments, retention_of, now)}
    return any((day.stream, day.day) not in past for day in days)


def _confirm() -> None:
    if not sys.stdin.isatty():
        raise StoreError("the templates would keep these days", "give --yes to delete them all the same")
    click.confirm("The templates would keep these. Delete them all the same?", abort=True, err=True)


def _listed(days: Sequence[StoredDay]) -> str:
    if not days:
        return "nothing is old enough to go\n"
    return "".join(f"{day.day}  {counted(day.events, 'event'):>16}  {day.stream}\n" for day in days)


def _sum(days: Sequence[StoredDay]) -> str:
    size = sum(segment.size for day in days for segment in day.segments)
    events = sum(day.events for day in days)
    return f"{counted(events, 'event')} of {counted(len(days), 'day')}, {size_text(size)}"

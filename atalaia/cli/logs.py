"""``atalaia logs``: the lines themselves, searched, followed, or as the trail of one request."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import datetime
from threading import Event
from typing import Final, TypedDict, Unpack

import click

from analyzers.logs.following import Follower
from analyzers.logs.line import Line
from analyzers.logs.reading import LogQuestion, ask, lines
from analyzers.logs.streams import STREAMS, LogKind, parse_kinds
from analyzers.logs.trail import Trail, trace
from analyzers.logs.trail import request as request_trail
from analyzers.losses import losses_in
from analyzers.selection import parse_window, parse_zone
from analyzers.store.interface import Store
from analyzers.store.open import open_store
from atalaia.cli.locations import STORE
from atalaia.cli.losing import mention_losses
from atalaia.cli.options import WHERE, WINDOW, ZONE, stacked
from atalaia.cli.render.lines import print_line, print_step, print_whole
from atalaia.cli.runtime import ExitStatus, Runtime, note
from atalaia.cli.teaching import Command

DEFAULT_WINDOW: Final = "1h"
_LOOK_SECONDS: Final = 1.0
_MOST_NEWS: Final = 2_000


class Typed(TypedDict):
    """The options of ``logs``, as click passes them."""

    text: str
    stream: tuple[str, ...]
    where: tuple[str, ...]
    since: str | None
    until: str | None
    window: str | None
    most: int
    follow: bool
    trace: str | None
    request: str | None
    zone: str
    store: str
    form: str


@click.command(
    "logs",
    cls=Command,
    short_help="Show log lines: search them, follow them, or one request's trail",
    examples=(
        "atalaia logs --text 'pool exhausted' --window 24h",
        "atalaia logs --stream request --where 'status_code >= 500 and url.path ~ chamados' -n 20",
        "atalaia logs --follow --where 'level = ERROR'",
        "atalaia logs --trace 4bf92f3577b34da6a3ce929d0e0e4736",
    ),
)
@click.option(
    "--text",
    default="",
    help="Words, or parts of paths and statements, in any field; all must be found, one behind a minus must not.",
)
@click.option(
    "--stream",
    type=click.Choice([kind.value for kind in LogKind]),
    multiple=True,
    help="Which lines: requests, what applications said, slow statements; all by default.",
)
@stacked(WHERE, *WINDOW)
@click.option(
    "-n",
    "--limit",
    "most",
    type=click.IntRange(1),
    default=100,
    show_default=True,
    help="The last so many lines.",
)
@click.option("--follow", is_flag=True, help="Then go on with new lines as they come, until Ctrl-C.")
@click.option("--trace", metavar="ID", help="Everything that bears this trace.id, whenever it was.")
@click.option("--request", metavar="ID", help="The trail of a request, by its event.id or http.request.id.")
@click.option(
    "--format",
    "form",
    type=click.Choice(("lines", "json")),
    default="lines",
    show_default=True,
    help="A line for people, or a whole document as JSON for programs; one each line.",
)
@stacked(ZONE, STORE)
@click.pass_obj
def logs(runtime: Runtime, /, **typed: Unpack[Typed]) -> int:
    """Show log lines in order of time, the last ones of the last hour when nothing else is asked.

    Requests, what applications said and slow statements are one sequence. Words and conditions find the same lines in
    every store. With --follow, lines that arrive up to a minute late are shown too, and what comes too fast to be shown
    is counted. A trail has offsets from its beginning. Control characters are written out.

    Exit status: 0 there were lines, 2 there were none or a mistake, 130 following was stopped by Ctrl-C.
    """
    _check(typed)
    with open_store(typed["store"], clock=runtime.clock) as store:
        if typed["trace"] is not None:
            return _show_trail(trace(store, typed["trace"]), typed)
        if typed["request"] is not None:
            return _show_trail(request_trail(store, typed["request"]), typed)
        return _show_lines(store, runtime, typed)


def _check(typed: Typed) -> None:
    """Refuse what does not go together.

    Raises:
        click.UsageError: When two options contradict each other.
    """
    named = [f"--{name}" for name in ("trace", "request") if typed[name] is not None]
    others = [f"--{name}" for name in ("since", "until", "window", "text", "where", "stream", "follow") if typed[name]]
    if len(named) + bool(others) > 1 and named:
        raise click.UsageError(f"{named[0]} asks for one trail: leave out {', '.join([*named[1:], *others])}")
    if typed["follow"] and typed["until"] is not None:
        raise click.UsageError("--follow goes on: leave out --until")


def _show_lines(store: Store, runtime: Runtime, typed: Typed) -> int:
    zone = parse_zone(typed["zone"])
    length = DEFAULT_WINDOW if typed["since"] is None and typed["window"] is None else typed["window"]
    window = parse_window(typed["since"], typed["until"], length, now=runtime.clock(), zone=zone, extent=None)
    question = ask(window, parse_kinds(typed["stream"]), typed["where"], typed["text"])
    for kind, reason in question.without.items():
        note(f"no {kind.value} lines: {reason}")
    found = list(lines(store, question, limit=typed["most"]))
    _print(reversed(found), typed)
    mention_losses(losses_in(store, window))
    if not found:
        _mention_none(store, question)
    if typed["follow"]:
        return _follow(store, runtime, typed, question, found)
    return ExitStatus.OK if found else ExitStatus.ERROR


def _mention_none(store: Store, question: LogQuestion) -> None:
    """Say of which span nothing was found, and of which there are lines: silence looks like a fault."""
    window = question.window
    none = f"there are no such lines of {_moment(window.start)} to {_moment(window.end)} UTC"
    held = [extent for kind in question.conditions if (extent := store.extent(STREAMS[kind])) is not None]
    if not held:
        note(f"{none}; the store has none of their kind at all: ingest some first")
        return
    start, end = min(each.start for each in held), max(each.end for each in held)
    more = ": ask for more with --since or --window" if start < window.start or end > window.end else ""
    note(f"{none}; the store's lines are of {_moment(start)} to {_moment(end)} UTC{more}")


def _moment(instant: datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%M:%S}"


def _follow(store: Store, runtime: Runtime, typed: Typed, question: LogQuestion, told: list[Line]) -> int:
    """Go on with new lines; only Ctrl-C or a reader that goes away ends it."""
    follower = Follower(question, told[0].at if told else runtime.clock(), told)
    while True:
        news = follower.look(store, runtime.clock(), _MOST_NEWS)
        if news.passed:
            note(f"{news.passed:,} lines came too fast and are not shown")
        _print(news.lines, typed)
        Event().wait(_LOOK_SECONDS)


def _print(found: Iterable[Line], typed: Typed) -> None:
    zone = parse_zone(typed["zone"])
    for line in found:
        if typed["form"] == "json":
            print_whole(line, sys.stdout)
        else:
            print_line(line, zone, sys.stdout)
    sys.stdout.flush()


def _show_trail(trail: Trail, typed: Typed) -> int:
    if not trail.steps:
        note(f"nothing bears the id {trail.name!r}")
        return ExitStatus.ERROR
    if typed["form"] == "json":
        _print((step.line for step in trail.steps), typed)
        return ExitStatus.OK
    for step in trail.steps:
        print_step(step, trail, sys.stdout)
    sys.stdout.flush()
    if trail.cut:
        note(f"there are more lines; these are the first {len(trail.steps):,}")
    return ExitStatus.OK

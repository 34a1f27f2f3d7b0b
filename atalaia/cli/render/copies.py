"""A copy and its comparison, for people and for programs."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TextIO, TypeAlias

from rich import box
from rich.table import Table
from rich.text import Text

from analyzers.store.copying.comparison import Compared
from analyzers.store.copying.copy import Summary, Wanted
from analyzers.store.copying.parts import Part
from atalaia.cli.render.machine import dumped, rfc3339
from atalaia.cli.render.safe import printable
from atalaia.cli.render.table import console_for, print_whole

_Json: TypeAlias = Mapping[str, str | int]

_GOOD: Final = ("✔ ", "bold green")
_BAD: Final = ("✘ ", "bold red")


@dataclass(frozen=True, slots=True)
class Names:
    """How a person names the two stores, without credentials."""

    source: str
    target: str


def print_copy(names: Names, summary: Summary, stream: TextIO) -> None:
    """Print the verdict, what was done, and every day in both stores."""
    console = console_for(stream)
    console.print(_verdict(names, summary), soft_wrap=True)
    console.print(Text(_done(summary)), soft_wrap=True)
    if summary.days:
        print_whole(console, _table(summary.days, {day.part for day in summary.days if day.lacking}, "fewer"))


def print_plan(names: Names, days: Sequence[Compared], left: Collection[Part], stream: TextIO) -> None:
    """Print what would be copied, and every day in both stores."""
    console = console_for(stream)
    events = sum(day.source for day in days if day.part in left)
    sentence = f"would copy {events:,} events, {len(left):,} of {len(days):,} days of streams"
    console.print(Text(printable(f"{sentence}, from {names.source} to {names.target}")), soft_wrap=True)
    if days:
        print_whole(console, _table(days, left, "to copy"))


def copy_json(names: Names, wanted: Wanted, summary: Summary) -> str:
    """Return the copy as one JSON object."""
    tally = summary.tally
    return dumped(
        {
            "query": _query(names, wanted),
            "rows": [_row(day) for day in summary.days],
            "copied": {
                "days": summary.parts,
                "unfinished": summary.unfinished,
                "read": tally.read,
                "stored": tally.stored,
                "known": tally.known,
                "doubled": tally.doubled,
                "refused": tally.refused.total(),
                "positions": summary.positions,
            },
            "refused": [
                {"reason": reason, "events": count, "stream": tally.first[reason][0], "first": tally.first[reason][1]}
                for reason, count in tally.refused.most_common()
            ],
        }
    )


def plan_json(names: Names, wanted: Wanted, days: Sequence[Compared], left: Collection[Part]) -> str:
    """Return what would be copied as one JSON object."""
    rows = [{**_row(day), "copy": day.part in left} for day in days]
    return dumped({"query": _query(names, wanted), "rows": rows})


def _verdict(names: Names, summary: Summary) -> Text:
    lacking = [day for day in summary.days if day.lacking]
    days = f"{len(summary.days):,} days of streams"
    if lacking:
        short = sum(day.lacking for day in lacking)
        return Text.assemble(_BAD, printable(f"{names.target} lacks {short:,} events on {len(lacking):,} of {days}"))
    if not summary.is_whole:
        return Text.assemble(_BAD, printable(f"{names.target} has not taken everything from {names.source}"))
    return Text.assemble(_GOOD, printable(f"{names.target} has all events of {names.source}: {days}"))


def _done(summary: Summary) -> str:
    tally = summary.tally
    parts = [f"{tally.stored:,} stored", f"{tally.known:,} known already", f"{tally.refused.total():,} refused"]
    if tally.doubled:
        parts.append(f"{tally.doubled:,} twice in the source")
    if summary.positions:
        parts.append(f"{summary.positions:,} read positions taken over")
    return f"{tally.read:,} events read: {', '.join(parts)}"


def _table(days: Sequence[Compared], marked: Collection[Part], mark: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False, header_style="bold")
    table.add_column("day (UTC)", no_wrap=True)
    table.add_column("stream", overflow="fold", min_width=16)
    for name in ("from", "to"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    for day in days:
        word = f"✘ {mark}" if mark == "fewer" else mark
        table.add_row(
            day.part.key if len(day.part.key) == len("2024-01-15") else f"{day.part.day}*",
            printable(day.part.stream),
            f"{day.source:,}",
            f"{day.target:,}",
            word if day.part in marked else "",
        )
    return table


def _query(names: Names, wanted: Wanted) -> Mapping[str, str | Sequence[str] | None]:
    since, until = wanted.span.since, wanted.span.until
    return {
        "from": names.source,
        "to": names.target,
        "streams": list(wanted.streams),
        "since": None if since is None else rfc3339(since),
        "until": None if until is None else rfc3339(until),
    }


def _row(day: Compared) -> _Json:
    return {
        "stream": day.part.stream,
        "since": rfc3339(day.part.window.start),
        "until": rfc3339(day.part.window.end),
        "from": day.source,
        "doubled": day.doubled,
        "to": day.target,
        "lacking": day.lacking,
    }

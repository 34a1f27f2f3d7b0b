"""What a sealing run did, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from analyzers.sla.contract.serial import instant_text
from analyzers.sla.evidence import Restatement
from analyzers.sla.ledger import SealedEnvironment, SealSummary, Shortfall
from analyzers.store.query import Window
from atalaia.cli.render.counting import counted
from atalaia.cli.render.safe import printable

_MOST_LINES: Final = 20


def seal_text(summary: SealSummary) -> str:
    """Return what a run did in lines for people: times are UTC."""
    return "".join(f"{printable(line)}\n" for each in summary.environments for line in _lines(each, summary))


def seal_json(summary: SealSummary) -> Mapping[str, object]:
    """Return what a run did for programs."""
    return {
        "service": summary.service,
        "seal": instant_text(summary.seal),
        "horizon": instant_text(summary.horizon),
        "environments": [_object(each) for each in summary.environments],
    }


def _lines(each: SealedEnvironment, summary: SealSummary) -> Iterator[str]:
    sealed, slices = counted(each.minutes, "minute"), counted(each.slices, "slice")
    yield f"{each.environment}: sealed {sealed} up to {_minute(summary.horizon)}, {slices} written"
    if each.restated:
        restated = [f"    {_restated(one)}" for one in each.restated]
        yield f"  late events restate {counted(len(restated), 'minute')}:"
        yield from _shortened(restated)
    if each.shortfalls:
        short = [f"    {_short(one)}" for one in each.shortfalls]
        yield "  fewer raw events than were sealed (expired or damaged); the ledger keeps them:"
        yield from _shortened(short)
    if each.uncompared is not None:
        yield f"  before {_minute(each.uncompared.end)} no requests are left to compare the ledger with"


def _shortened(lines: list[str]) -> list[str]:
    left = len(lines) - _MOST_LINES
    return lines if left <= 0 else [*lines[:_MOST_LINES], f"    … and {left:,} more: --format json has them all"]


def _restated(one: Restatement) -> str:
    return f"{_minute(one.minute)}  revision {one.revision}: +{counted(one.total, 'request')}, {one.errors:,} failed"


def _short(one: Shortfall) -> str:
    return f"{one.window.start:%Y-%m-%d}  {counted(one.requests, 'request')}, {counted(one.events, 'event')}"


def _minute(instant: datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%M}Z"


def _object(each: SealedEnvironment) -> Mapping[str, object]:
    return {
        "environment": each.environment,
        "sealed": [_window(window) for window in each.sealed],
        "minutes": each.minutes,
        "slices": each.slices,
        "restated": [
            {"minute": instant_text(one.minute), "revision": one.revision, "requests": one.total, "errors": one.errors}
            for one in each.restated
        ],
        "shortfalls": [
            {**_window(one.window), "requests": one.requests, "events": one.events} for one in each.shortfalls
        ],
        "uncompared": None if each.uncompared is None else _window(each.uncompared),
        "lost": sum(lost.events for lost in each.lost),
    }


def _window(window: Window) -> dict[str, object]:
    return {"from": instant_text(window.start), "to": instant_text(window.end)}

"""The tables of the page of the alerts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from analyzers.alerts import Kind
from analyzers.alerts.records import Told, Waiting
from analyzers.alerts.rules.mutes import Mute, MuteKind
from analyzers.analysis import Unit
from analyzers.blocks import Cell, Heading, Table
from analyzers.language import Message, message
from analyzers.store.query import Window

NOTICES: Final = 50
"""So many notices of the past are shown."""
_KINDS: Final = {
    Kind.FIRING: message("fires"),
    Kind.ESCALATED: message("worse"),
    Kind.REPEATED: message("still fires"),
    Kind.UNACKNOWLEDGED: message("nobody looks after it"),
    Kind.RESOLVED: message("over"),
    Kind.UNMEASURED: message("unmeasured"),
    Kind.FLAPPING: message("flapping"),
    Kind.UNDELIVERED: message("not delivered"),
    Kind.TEST: message("a test"),
}
_MUTES: Final = {MuteKind.SILENCE: message("silence"), MuteKind.MAINTENANCE: message("maintenance")}


def mutes(planned: Sequence[Mute], now: datetime) -> Table:
    """Return the silences and maintenance of the rules' file that are not over."""
    standing = [each for each in planned if not isinstance(each.when, Window) or each.when.end > now]
    headings = _keys(
        ("kind", message("Kind")),
        ("when", message("When")),
        ("about", message("About")),
        ("reason", message("Reason")),
        ("by", message("By")),
        ("now", message("Now")),
    )
    rows = tuple(_mute(each, now) for each in standing)
    title = message("Silences and maintenance of the rules' file")
    return Table("mutes", title, headings, rows, message("The rules' file has no silence and no maintenance to come."))


def undelivered(waiting: Sequence[Waiting]) -> Table:
    """Return what channels have not taken, the oldest first."""
    headings = (
        *_keys(("notice", message("Notice")), ("channel", message("Channel"))),
        Heading("attempts", message("Attempts"), Unit.COUNT),
        *_keys(("reason", message("Reason")), ("next", message("Next attempt"))),
    )
    rows = tuple(
        (each.notice.subject, each.channel, each.attempts, each.reason or message("not tried yet"), _next(each))
        for each in waiting
    )
    return Table(
        "undelivered", message("Not delivered"), headings, rows, message("Every channel has taken its notices.")
    )


def history(told: Sequence[Told]) -> Table:
    """Return what was told, the newest first, a notice a row."""
    headings = _keys(
        ("at", message("At")),
        ("kind", message("Kind")),
        ("notice", message("Notice")),
        ("channels", message("Told")),
        ("missing", message("Not told")),
    )
    by_notice: dict[str, list[Told]] = {}
    for each in told:
        by_notice.setdefault(each.notice.id, []).append(each)
    rows = tuple(_notice(each) for each in list(by_notice.values())[:NOTICES])
    note = message("Notices are shown as they were sent, and are kept for 30 days.")
    return Table("history", message("What was told"), headings, rows, message("Nothing has been told yet."), note)


def _keys(*columns: tuple[str, Message]) -> tuple[Heading, ...]:
    return tuple(Heading(name, title, Unit.KEY) for name, title in columns)


def _mute(mute: Mute, now: datetime) -> tuple[Cell, ...]:
    about = [*mute.rules, *(f"{name}={'|'.join(values)}" for name, values in mute.labels.items())]
    holds = message("in force") if mute.holds(now) else message("not in force")
    when = mute.when if isinstance(mute.when, Window) else mute.when.said
    return (_MUTES[mute.kind], when, ", ".join(about) or message("every rule"), mute.reason, mute.by, holds)


def _next(waiting: Waiting) -> Cell:
    if waiting.given_up is not None:
        return message("given up on {instant}", instant=waiting.given_up)
    return waiting.next_attempt or message("at the next check")


def _notice(told: Sequence[Told]) -> tuple[Cell, ...]:
    notice = told[0].notice
    taken = sorted(each.channel for each in told if each.delivered is not None)
    missing = sorted(each.channel for each in told if each.delivered is None)
    return (notice.at, _KINDS[notice.kind], notice.subject, ", ".join(taken), ", ".join(missing))

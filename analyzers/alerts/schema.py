"""The tables of the alert state, and how the file of an earlier version becomes one of this."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final, TypeAlias, cast

from pydantic import TypeAdapter

from analyzers.alerts.alert import ANYBODY, Alert, Phase, identify
from analyzers.alerts.model import AlertDetail, Kind, Notice
from analyzers.alerts.mutes import Silence
from analyzers.alerts.notices import compose
from analyzers.store.query import Window
from analyzers.thresholds import Severity
from logging_lib.errors import AtalaiaError

VERSION: Final = 3
"""Of the tables below; version 1 did not write it down, version 2 did not note the last check."""
ALERT: Final = TypeAdapter(Alert)
NOTICE: Final = TypeAdapter(Notice)
SILENCE: Final = TypeAdapter(Silence)

_LAST_CHECK: Final = """CREATE TABLE last_check (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    at TEXT NOT NULL,
    judged INTEGER NOT NULL
) STRICT"""
_TABLES: Final = (
    """CREATE TABLE alert (
        id TEXT PRIMARY KEY,
        rule TEXT NOT NULL,
        phase TEXT NOT NULL,
        record TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE delivery (
        sequence INTEGER PRIMARY KEY,
        id TEXT NOT NULL,
        channel TEXT NOT NULL,
        notice TEXT NOT NULL,
        created TEXT NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0,
        next_attempt TEXT,
        reason TEXT,
        delivered TEXT,
        given_up TEXT,
        UNIQUE (id, channel)
    ) STRICT""",
    "CREATE TABLE silence (id TEXT PRIMARY KEY, record TEXT NOT NULL) STRICT",
    _LAST_CHECK,
)
_Flat: TypeAlias = Mapping[str, str | int | float | None]
_OldAlert: TypeAlias = tuple[str, str, str, str]
_OldDelivery: TypeAlias = tuple[int, str, str, str, int, str | None]


def is_current(base: sqlite3.Connection) -> bool:
    """Return whether a file is of this version."""
    return int(base.execute("PRAGMA user_version").fetchone()[0]) == VERSION


def prepare(base: sqlite3.Connection) -> None:
    """Bring a file to this version, in one transaction; a new one is made.

    Raises:
        AtalaiaError: When a later version has written it.
        sqlite3.Error: When it is no such file.
    """
    version = int(base.execute("PRAGMA user_version").fetchone()[0])
    if version == VERSION:
        return
    if version > VERSION:
        raise AtalaiaError(f"a later version has written the alert state (format {version})", "update this program")
    base.execute("BEGIN IMMEDIATE")
    if version == VERSION - 1:
        base.execute(_LAST_CHECK)
    else:
        _first(base)
    base.execute(f"PRAGMA user_version = {VERSION}")
    base.execute("COMMIT")


def _first(base: sqlite3.Connection) -> None:
    """Make the tables, and bring what version 1 has written into them."""
    old = base.execute("SELECT count(*) FROM sqlite_master WHERE name = 'alert'").fetchone()[0]
    if old:
        base.execute("ALTER TABLE alert RENAME TO old_alert")
        base.execute("ALTER TABLE delivery RENAME TO old_delivery")
    for table in _TABLES:
        base.execute(table)
    if old:
        _migrate(base)


def write_alert(base: sqlite3.Connection, alert: Alert) -> None:
    """Write an alert over what was there of it."""
    row = (alert.id, alert.rule, alert.phase.value, ALERT.dump_json(alert).decode())
    base.execute("INSERT OR REPLACE INTO alert VALUES (?, ?, ?, ?)", row)


def _migrate(base: sqlite3.Connection) -> None:
    deliveries: list[_OldDelivery] = base.execute(
        "SELECT sequence, id, channel, notice, attempts, delivered FROM old_delivery ORDER BY sequence"
    ).fetchall()
    alerts: list[_OldAlert] = base.execute("SELECT rule, severity, peak, since FROM old_alert").fetchall()
    for alert in alerts:
        write_alert(base, _alert(alert, deliveries))
    for sequence, identity, channel, text, attempts, delivered in deliveries:
        flat = _flat(text)
        notice = replace(_notice(flat), payload=dict(flat))
        row = (sequence, identity, channel, NOTICE.dump_json(notice).decode(), str(flat["at"]), attempts, delivered)
        base.execute(
            "INSERT INTO delivery (sequence, id, channel, notice, created, attempts, delivered)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            row,
        )
    base.execute("DROP TABLE old_alert")
    base.execute("DROP TABLE old_delivery")


def _alert(row: _OldAlert, deliveries: Iterable[_OldDelivery]) -> Alert:
    """Return an alert that was firing; who was told of it is among the deliveries, unless that is long ago."""
    rule, severity, peak, since_text = row
    since = datetime.fromisoformat(since_text).astimezone(UTC)
    about = [(each[2], flat) for each in deliveries if (flat := _flat(each[3]))["rule"] == rule]
    heard = [(channel, flat) for channel, flat in about if flat["since"] == since_text]
    last = heard[-1][1] if heard else None
    detail = _detail(last) if last is not None else _unknown(rule, Severity(severity), since)
    at = since if last is None else datetime.fromisoformat(str(last["at"])).astimezone(UTC)
    return Alert(
        detail=detail,
        group=rule,
        phase=Phase.FIRING,
        severity=Severity(severity),
        since=since,
        seen=at,
        changed=since,
        announced=Severity(peak),
        announced_at=at,
        told=frozenset(channel for channel, _ in heard) or frozenset({ANYBODY}),
        told_at=at,
    )


def _notice(flat: _Flat) -> Notice:
    at = datetime.fromisoformat(str(flat["at"])).astimezone(UTC)
    return compose(str(flat["id"]), Kind(str(flat["kind"])), str(flat["rule"]), at, (_detail(flat),))


def _detail(flat: _Flat) -> AlertDetail:
    value, events = flat["value"], flat["events"]
    return AlertDetail(
        id=identify(str(flat["rule"]), {}),
        rule=str(flat["rule"]),
        labels={},
        severity=Severity(str(flat["severity"])),
        message=str(flat["message"]),
        explanation=(),
        runbook=None,
        since=datetime.fromisoformat(str(flat["since"])).astimezone(UTC),
        value=value if isinstance(value, int | float) else None,
        events=events if isinstance(events, int) else None,
        limits={name: float(number) for name in ("warning", "critical") if (number := flat[name]) is not None},
        window=Window(_utc(flat["window_start"]), _utc(flat["window_end"])),
        sorting={"measure": str(flat["measure"])},
    )


def _unknown(rule: str, severity: Severity, since: datetime) -> AlertDetail:
    """Return the detail of an alert whose notices an earlier version has forgotten."""
    message = f"{rule} {severity} since {since:%Y-%m-%d %H:%M} UTC"
    window = Window(since - timedelta(seconds=1), since)
    return AlertDetail(
        identify(rule, {}), rule, {}, severity, message, (), None, since, None, None, {}, window, {"measure": rule}
    )


def _utc(text: str | float | None) -> datetime:
    return datetime.fromisoformat(str(text)).astimezone(UTC)


def _flat(text: str) -> _Flat:
    return cast("_Flat", json.loads(text))

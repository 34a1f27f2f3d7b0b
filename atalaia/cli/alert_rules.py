"""``atalaia alerts rules``: is the file right, what does it watch, and what would it say now?"""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TypedDict, Unpack

import click

from analyzers.alerts.rules.loading import default_rules
from analyzers.alerts.rules.model import RuleFile
from analyzers.alerts.rules.surroundings import Surroundings
from analyzers.alerts.rules.trying import Tried, try_rules
from analyzers.selection import parse_zone
from analyzers.selection.window import parse_instant
from analyzers.store.open import open_store
from analyzers.thresholds import Severity
from atalaia.cli.alert_files import HOST, RULES, named_rules
from atalaia.cli.locations import STORE
from atalaia.cli.options import ENVIRONMENT, TABLE_OR_JSON
from atalaia.cli.render.alert_rules import print_rules, rules_json
from atalaia.cli.runtime import ExitStatus, Runtime, note
from atalaia.cli.teaching import Command


class Typed(TypedDict):
    """The options of ``alerts rules``, as click passes them."""

    rules: Path | None
    trying: bool
    at: str | None
    host: bool
    environment: str
    store: str
    form: str


@click.command(
    "rules",
    cls=Command,
    short_help="Check the file of alert rules, and say what each rule watches",
    examples=(
        "atalaia alerts rules --rules examples/alerts.toml",
        "atalaia alerts rules --try",
        "atalaia alerts rules --try --at 2024-01-15T10:35:00Z --format json",
    ),
)
@RULES
@click.option("--try", "trying", is_flag=True, help="Evaluate each rule once. Nothing is sent or remembered.")
@click.option("--at", metavar="WHEN", help="With --try: as of this instant instead of now.")
@HOST
@ENVIRONMENT
@STORE
@TABLE_OR_JSON
@click.pass_obj
def rules(runtime: Runtime, /, **typed: Unpack[Typed]) -> int:
    """Check the file of alert rules, and say in words what each rule watches and when nobody is told.

    Every mistake in the file is told at once, with its place. With --try, each rule is evaluated once, as of now or
    --at: what would be told is shown, and nothing is sent.

    Exit status: 0 the file is right (and all is well), 1 something is breached, 2 a mistake or nothing to judge.
    """
    if typed["at"] is not None and not typed["trying"]:
        raise click.UsageError("--at says as of when to try the rules; give --try too")
    around = Surroundings(clock=runtime.clock, host=typed["host"])
    found = named_rules(typed["rules"], typed["environment"], around)
    if found is None:
        found = default_rules(typed["environment"], around=around)
    if not typed["trying"]:
        _show(found, None, typed["form"])
        return ExitStatus.OK
    at = _instant(runtime, found, typed["at"])
    with open_store(typed["store"], clock=runtime.clock) as store:
        tried = try_rules(store, found.rules, found.mutes, at)
    _show(found, tried, typed["form"])
    return _status(tried)


def _instant(runtime: Runtime, found: RuleFile, text: str | None) -> datetime:
    now = runtime.clock()
    return now if text is None else parse_instant(text, now=now, zone=parse_zone(found.zone))


def _show(found: RuleFile, tried: tuple[Tried, ...] | None, form: str) -> None:
    if form == "json":
        sys.stdout.write(rules_json(found, tried) + "\n")
    else:
        print_rules(found, tried, sys.stdout)
    sys.stdout.flush()


def _status(tried: tuple[Tried, ...]) -> ExitStatus:
    for each in tried:
        if each.refused is not None:
            note(f"{each.rule}: {each.refused}")
    severities = [signal.severity for each in tried for signal in each.signals]
    if any(each.refused is not None for each in tried):
        return ExitStatus.ERROR
    if any(severity.breached for severity in severities):
        return ExitStatus.BREACH
    if all(severity is Severity.UNMEASURED for severity in severities):
        note("nothing to judge: every rule is unmeasured")
        return ExitStatus.ERROR
    return ExitStatus.OK

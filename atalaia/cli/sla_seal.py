"""``atalaia sla seal``: minutes into the ledger, so that they outlast the raw logs."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import TypedDict, Unpack
from zoneinfo import ZoneInfo

import click

from analyzers.selection import parse_instant
from analyzers.sla.contract.model import EVERY, Contract
from analyzers.sla.ledger import SealOptions, SealSummary, open_ledger, seal
from analyzers.store.open import open_store
from atalaia.cli.locations import STORE
from atalaia.cli.losing import mention_losses
from atalaia.cli.noting import noted_logs
from atalaia.cli.options import TABLE_OR_JSON
from atalaia.cli.progressing import progress_bar
from atalaia.cli.render.machine import dumped
from atalaia.cli.render.sealed import seal_json, seal_text
from atalaia.cli.runtime import ExitStatus, Runtime, note
from atalaia.cli.sla_options import CONTRACT, LEDGER, contract_of
from atalaia.cli.teaching import Command


class Typed(TypedDict):
    """The options of ``sla seal``, as click passes them."""

    contract: Path | None
    store: str
    ledger: str | None
    since: str | None
    dry_run: bool
    form: str


@click.command(
    "seal",
    cls=Command,
    short_help="Keep what the objectives need of each minute, beyond the raw logs",
    examples=(
        "atalaia sla seal",
        "atalaia sla seal --dry-run --format json",
        "atalaia sla seal --since 2024-01-01 --contract ./sla.toml",
    ),
)
@CONTRACT
@STORE
@LEDGER
@click.option(
    "--since",
    metavar="WHEN",
    help="Seal nothing for the first time before this instant; by default from the first request on. Without an "
    "offset, in the contract's zone.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be written, and write nothing.")
@TABLE_OR_JSON
@click.pass_obj
def seal_command(runtime: Runtime, /, **typed: Unpack[Typed]) -> int:
    """Seal every minute whose events have had the time to arrive, and restate those that late events changed.

    What is sealed is never changed: a late event is added as a new revision, and every report says so. Run it often,
    every five minutes for one: a run seals what has come of age since the last one, makes up for one that was killed,
    and compares the rest with the raw events by cheap sums.

    Exit status: 0 done, also when nothing was of age; 2 a mistake, or there is no event of the service at all.
    """
    contract = contract_of(typed["contract"])
    summary = _sealed(runtime, typed, contract)
    if not summary.has_events:
        note(f"nothing to seal: there are no events of {_whose(contract)}")
        return ExitStatus.ERROR
    sys.stdout.write(f"{dumped(seal_json(summary))}\n" if typed["form"] == "json" else seal_text(summary))
    sys.stdout.flush()
    mention_losses([lost for each in summary.environments for lost in each.lost])
    return ExitStatus.OK


def _whose(contract: Contract) -> str:
    service = "any service" if contract.service == EVERY else f"the service {contract.service!r}"
    environment = "any environment" if contract.environment == EVERY else f"the environment {contract.environment!r}"
    return f"{service} in {environment}"


def _sealed(runtime: Runtime, typed: Typed, contract: Contract) -> SealSummary:
    options = SealOptions(_since(runtime, typed["since"], contract), typed["dry_run"])
    with ExitStack() as stack:
        stack.enter_context(noted_logs())
        store = stack.enter_context(open_store(typed["store"], clock=runtime.clock))
        writable = not typed["dry_run"]
        ledger = open_ledger(typed["store"], typed["ledger"], writable=writable, clock=runtime.clock)
        if ledger is not None:
            stack.enter_context(ledger)
        advance = stack.enter_context(progress_bar("sealing"))
        return seal(store, ledger, contract, runtime.clock, options, advance)


def _since(runtime: Runtime, text: str | None, contract: Contract) -> datetime | None:
    return None if text is None else parse_instant(text, now=runtime.clock(), zone=ZoneInfo(contract.zone))

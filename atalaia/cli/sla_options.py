"""The options that the commands of ``atalaia sla`` share, and what they lead to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, TypedDict
from zoneinfo import ZoneInfo

import click

from analyzers.fields import REQUEST_STREAM
from analyzers.losses import losses_in, lost_sentence
from analyzers.selection import parse_instant
from analyzers.selection.errors import SelectionError
from analyzers.sla.asked import LAST, THIS, Asked
from analyzers.sla.contract.default import DEFAULT_CONTRACT
from analyzers.sla.contract.loading import load_contract
from analyzers.sla.contract.model import Contract
from analyzers.sla.evidence import Evidence
from analyzers.sla.ledger.evidence import evidence_of
from analyzers.sla.ledger.places import open_ledger
from analyzers.sla.ledger.slices import slice_stream
from analyzers.sla.report import SlaReport
from analyzers.store.interface import LostEvents, Store
from analyzers.store.open import open_store
from analyzers.store.query import Window
from atalaia.cli.locations import STORE
from atalaia.cli.losing import mention_losses
from atalaia.cli.options import Decorator, stacked
from atalaia.cli.runtime import ExitStatus, Runtime, note
from atalaia.cli.status import STATUS_OF_STATE

DEFAULT_FILE: Final = "./sla.toml"

CONTRACT: Final = click.option(
    "--contract",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    envvar="ATALAIA_SLA",
    show_envvar=True,
    help=f"What was promised; by default {DEFAULT_FILE}, and where there is none three objectives that are built in.",
)
LEDGER: Final = click.option(
    "--ledger",
    metavar="URL",
    envvar="ATALAIA_LEDGER",
    show_envvar=True,
    help="Where the sealed slices are: by default a directory beside the store, or the same Elasticsearch.",
)
_PERIOD: Final = click.option(
    "--period",
    metavar="NAME",
    help="Which period: 2024-10, 2024-W41, 2024-Q4, 2024 or 2024-10-05; by default the present one of each objective.",
)
_LAST: Final = click.option("--last", is_flag=True, help="The period before the present one.")
_AS_OF: Final = click.option(
    "--as-of",
    metavar="WHEN",
    help="Judge by what happened before this instant instead of now; without an offset, in the contract's zone.",
)
_OBJECTIVE: Final = click.option(
    "--objective", metavar="NAME", multiple=True, help="Only this objective of the contract; repeatable."
)
ABOUT: Final[Decorator] = stacked(_PERIOD, _LAST, _OBJECTIVE, _AS_OF, CONTRACT, STORE, LEDGER)
"""What is to be judged, by which contract, from where."""


class Typed(TypedDict):
    """What a person typed of :data:`ABOUT`, as click passes it."""

    period: str | None
    last: bool
    objective: tuple[str, ...]
    as_of: str | None
    contract: Path | None
    store: str
    ledger: str | None


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be judged, read and checked.

    Attributes:
        contract: What was promised.
        asked: Which objectives and periods.
        as_of: The instant.
    """

    contract: Contract
    asked: Asked
    as_of: datetime


def question_of(runtime: Runtime, typed: Typed) -> Question:
    """Return what a person asks.

    Raises:
        SelectionError: When an option cannot be read, two contradict each other, or the instant is yet to come.
        TomlError: When the contract is wrong.
    """
    contract, now = contract_of(typed["contract"]), runtime.clock()
    as_of = now if typed["as_of"] is None else parse_instant(typed["as_of"], now=now, zone=ZoneInfo(contract.zone))
    if as_of > now:
        raise SelectionError(f"--as-of {typed['as_of']} is yet to come", "give an instant that has passed")
    if typed["last"] and typed["period"] is not None:
        raise SelectionError("--last and --period together say too much", "leave one of them out")
    period = LAST if typed["last"] else typed["period"] or THIS
    return Question(contract, Asked(period, typed["objective"]), as_of)


def contract_of(path: Path | None) -> Contract:
    """Return the contract of a file, of ``./sla.toml``, or the one that is built in, and say so.

    Raises:
        TomlError: When the file is wrong, or one that is named is not there.
    """
    if path is not None:
        return load_contract(path)
    if Path(DEFAULT_FILE).exists():
        return load_contract(Path(DEFAULT_FILE))
    note(f"there is no {DEFAULT_FILE}: judging by the three objectives that are built in, by month in UTC")
    return DEFAULT_CONTRACT


@dataclass(frozen=True, slots=True)
class Sources:
    """What a question is answered from.

    Attributes:
        store: The raw events.
        ledger: The sealed slices, where there are any.
        evidence: What both show.
    """

    store: Store
    ledger: Store | None
    evidence: Evidence


@contextmanager
def sources(runtime: Runtime, typed: Typed, question: Question) -> Iterator[Sources]:
    """Open the store and its ledger, where there is one.

    Raises:
        StoreError: When one of them cannot be opened.
    """
    with ExitStack() as stack:
        store = stack.enter_context(open_store(typed["store"], clock=runtime.clock))
        ledger = open_ledger(typed["store"], typed["ledger"], clock=runtime.clock)
        if ledger is not None:
            stack.enter_context(ledger)
        yield Sources(store, ledger, evidence_of(store, ledger, question.contract, question.as_of))


def windows_of(report: SlaReport) -> tuple[Window, ...]:
    """Return the time that a report judges, each window once."""
    found = (each.scope.elapsed for each in report.entries)
    return tuple(dict.fromkeys(each for each in found if each is not None))


def mention_lost(found: Sources, report: SlaReport) -> None:
    """Say what the disk took of what a report rests on: of the raw events, and of the ledger."""
    windows = windows_of(report)
    mention_losses(_lost(found.store, windows, REQUEST_STREAM))
    if found.ledger is None:
        return
    if slices := _lost(found.ledger, windows, slice_stream(report.contract.environment)):
        note(
            f"the ledger was damaged, so every number may be too small: {lost_sentence(slices)}; restore it from a "
            "copy, or seal what still has raw events again: atalaia sla seal, and then atalaia store verify LEDGER "
            "--restored"
        )


def _lost(store: Store, windows: Iterable[Window], stream: str) -> tuple[LostEvents, ...]:
    return tuple(dict.fromkeys(each for window in windows for each in losses_in(store, window, stream)))


def status_of(report: SlaReport) -> ExitStatus:
    """Return what the shell is told of a report: a suspected miss is not hidden among what could not be measured."""
    return ExitStatus.BREACH if report.suspected else STATUS_OF_STATE[report.state]

"""The options of ``atalaia report``, and the question that they mean."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final, TypedDict
from zoneinfo import ZoneInfo

import click

from analyzers.fields import REQUEST_STREAM
from analyzers.reports.document import Kind
from analyzers.reports.periods import EXAMPLES, UNITS, Period, last_complete, parse_period
from analyzers.reports.question import Question, Sources, built_in
from analyzers.reports.summary import FIGURES
from analyzers.selection import parse_zone
from analyzers.sla.contract.loading import load_contract
from analyzers.sla.contract.model import Contract
from analyzers.sla.ledger.places import open_ledger
from analyzers.store.open import open_store
from analyzers.store.schema import load_schema
from atalaia.cli.alert_files import RULES
from atalaia.cli.asking import parse_conditions
from atalaia.cli.locations import STORE
from atalaia.cli.options import WHERE, ZONE, Decorator, language_option, stacked
from atalaia.cli.runtime import Runtime, note
from atalaia.cli.sla_options import CONTRACT, DEFAULT_FILE, LEDGER

LAST: Final = "last"
FORMATS: Final = ("html", "pdf", "json", "text")


class Typed(TypedDict):
    """What a person typed of :func:`options_of`, as click passes it.

    Attributes:
        period: Which day, week or month, or :data:`LAST`.
        form: How it is written: some of :data:`FORMATS`.
        output: Where; ``None`` for nowhere, or for stdout where it is text.
        mail: To whom it is mailed.
        lang: In which language.
        metric: Which figures are shown; all where none is named.
        zone: Whose midnight.
        where: Which requests.
        contract: The file of the contract.
        store: Where the events are.
        ledger: Where the sealed slices are.
        rules: The file that names the mail server.
    """

    period: str
    form: tuple[str, ...]
    output: str | None
    mail: tuple[str, ...]
    lang: str
    metric: tuple[str, ...]
    zone: str
    where: tuple[str, ...]
    contract: Path | None
    store: str
    ledger: str | None
    rules: Path | None


def options_of(kind: Kind) -> Decorator:
    """Return what adds the options of one kind of report."""
    unit = UNITS[kind].value
    return stacked(
        click.option(
            f"--{unit}",
            "period",
            metavar=unit.upper(),
            default=LAST,
            show_default=True,
            help=f"{EXAMPLES[kind]}, or last: the last complete one.",
        ),
        *_WRITING,
        WHERE,
        ZONE,
        CONTRACT,
        STORE,
        LEDGER,
        RULES,
    )


_WRITING: Final = (
    click.option(
        "--format",
        "form",
        type=click.Choice(FORMATS),
        multiple=True,
        default=("html",),
        show_default=True,
        help="A page (one file, no scripts), a document for print, JSON for programs, text; repeatable for a folder.",
    ),
    click.option(
        "--output",
        metavar="FILE",
        help="The file to write; - is stdout. A folder, or a name that ends in /, gets a file named after the period.",
    ),
    click.option(
        "--mail",
        metavar="ADDRESS",
        multiple=True,
        help="Mail it there, with the PDF and the JSON attached where those formats are asked for; repeatable.",
    ),
    click.option(
        "--metric",
        metavar="NAME",
        type=click.Choice(FIGURES),
        multiple=True,
        help=f"Show only this figure of {', '.join(FIGURES)}; repeatable.",
    ),
    language_option("The language of page, document, text and mail; JSON is English."),
)


def question_of(runtime: Runtime, kind: Kind, typed: Typed) -> Question:
    """Return what a person asks.

    Raises:
        AtalaiaError: When an option cannot be read.
    """
    zone = parse_zone(typed["zone"])
    where = parse_conditions(typed["where"], load_schema(REQUEST_STREAM))
    period, contract = _period(runtime, kind, typed, zone), _contract(typed["contract"], zone)
    return Question(period, zone, contract, runtime.clock(), where, typed["metric"])


@contextmanager
def sources_of(runtime: Runtime, typed: Typed) -> Iterator[Sources]:
    """Open the store and its ledger, where there is one.

    Raises:
        StoreError: When one of them cannot be opened.
    """
    with ExitStack() as stack:
        store = stack.enter_context(open_store(typed["store"], clock=runtime.clock))
        ledger = open_ledger(typed["store"], typed["ledger"], clock=runtime.clock)
        if ledger is not None:
            stack.enter_context(ledger)
        yield Sources(store, ledger)


def _period(runtime: Runtime, kind: Kind, typed: Typed, zone: ZoneInfo) -> Period:
    if typed["period"] == LAST:
        return last_complete(kind, runtime.clock(), zone)
    return parse_period(kind, typed["period"])


def _contract(path: Path | None, zone: ZoneInfo) -> Contract:
    """Return the contract of a file, of ``./sla.toml``, or the one that is built in, and say so."""
    if path is not None:
        return load_contract(path)
    if Path(DEFAULT_FILE).exists():
        return load_contract(Path(DEFAULT_FILE))
    note(f"there is no {DEFAULT_FILE}: judging by the three objectives that are built in")
    return built_in(zone)

"""``atalaia verify``: derive every number of a report again."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from os.path import normpath
from pathlib import Path
from typing import Final, TypedDict, Unpack

import click

from analyzers.sla.contract.loading import load_contract
from analyzers.sla.ledger.places import open_ledger
from analyzers.store.document import JsonValue
from analyzers.store.open import open_store, shown_location
from analyzers.verification import Outcome, ReportError, Sources, Verification, kind_of, read_report, verify
from analyzers.verification.leaves import JsonObject
from atalaia.cli.locations import STORE
from atalaia.cli.options import TABLE_OR_JSON
from atalaia.cli.render.safe import one_line
from atalaia.cli.render.verification import print_verification, verification_json
from atalaia.cli.runtime import ExitStatus, Runtime, note
from atalaia.cli.sla_options import LEDGER
from atalaia.cli.teaching import Command

_STATUS: Final = {
    Outcome.EQUAL: ExitStatus.OK,
    Outcome.DIFFERS: ExitStatus.BREACH,
    Outcome.UNVERIFIABLE: ExitStatus.ERROR,
}
_STDIN: Final = "-"


class Typed(TypedDict):
    """The options of ``verify``, as click passes them."""

    report: Path
    store: str
    ledger: str | None
    contract: Path | None
    form: str


@click.command(
    "verify",
    cls=Command,
    short_help="Derive every number of a report again",
    examples=(
        "atalaia verify week.json",
        "atalaia sla show --last --format json | atalaia verify -",
        "atalaia verify october.json --contract sla.toml --store https://es1:9200",
    ),
)
@click.argument("report", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path))
@STORE
@LEDGER
@click.option(
    "--contract",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The contract that a report must be of; by default the one it carries is only checked by its hash.",
)
@TABLE_OR_JSON
@click.pass_obj
def verify_command(runtime: Runtime, /, **typed: Unpack[Typed]) -> int:
    """Derive every number of a report again, from raw events or sealed slices, and say what differs.

    REPORT is what 'report', 'sla show' or an analysis wrote with --format json; - is stdin. It says itself what
    was asked, when, and by which contract. The store may be another than the one it was made from, such as a copy.
    Percentiles are compared within Elasticsearch's stated error where one of the two is an Elasticsearch; everything
    else must be equal to the last digit.

    Exit status: 0 equal, 1 something differs, 2 it cannot be derived again (its events have expired), or a mistake.
    """
    document = _read(typed["report"])
    kind = kind_of(document)
    if typed["contract"] is not None and "contract" not in kind.asked(document):
        raise ReportError(f"this {kind.name} has no contract", "leave --contract out")
    found = _verify(runtime, document, typed)
    if typed["form"] == "json":
        sys.stdout.write(verification_json(found, store=typed["store"]) + "\n")
    else:
        print_verification(found, sys.stdout)
    sys.stdout.flush()
    for each in found.notes:
        note(one_line(each))
    if found.differences:
        _mention_other_store(kind.asked(document).get("store"), typed["store"])
    return _STATUS[found.outcome]


def _mention_other_store(named: JsonValue, location: str) -> None:
    """Say that the report tells of another store: another one may lack its events, or its ledger."""
    shown = shown_location(location)
    if isinstance(named, str) and normpath(named) != normpath(shown):
        note(
            f"the report says it was made from {one_line(named)}, and was compared with {shown}: name its with --store"
        )


def _read(path: Path) -> JsonObject:
    if str(path) == _STDIN:
        return read_report(sys.stdin.read(), "stdin")
    try:
        return read_report(path.read_text(encoding="utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise ReportError(f"cannot read the report {path}: {error}", "name a readable file in UTF-8") from error


def _verify(runtime: Runtime, document: JsonObject, typed: Typed) -> Verification:
    contract = None if typed["contract"] is None else load_contract(typed["contract"])
    with ExitStack() as stack:
        store = stack.enter_context(open_store(typed["store"], clock=runtime.clock))
        ledger = open_ledger(typed["store"], typed["ledger"], clock=runtime.clock)
        if ledger is not None:
            stack.enter_context(ledger)
        return verify(document, Sources(store, ledger, contract, runtime.clock()))

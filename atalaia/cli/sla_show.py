"""``atalaia sla show``: how every objective of the contract fared."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Unpack

import click

from analyzers.analysis import State
from analyzers.fields import REQUEST_STREAM, SERVICE_NAME
from analyzers.jobs.job import REQUESTS
from analyzers.numbers import plain
from analyzers.sla.contract.model import EVERY, Contract
from analyzers.sla.report import SlaReport, sla_report
from analyzers.sla.report_json import report_json
from analyzers.store.interface import Store
from analyzers.store.query import Equals, Query
from atalaia.cli.losing import EVER
from atalaia.cli.options import TABLE_OR_JSON
from atalaia.cli.render.sla import print_sla
from atalaia.cli.runtime import Runtime, note
from atalaia.cli.sla_options import ABOUT, Typed, mention_lost, question_of, sources, status_of
from atalaia.cli.teaching import Command
from atalaia.cli.writing import write_output


@click.command(
    "show",
    cls=Command,
    short_help="How every objective of the contract fared",
    examples=(
        "atalaia sla show",
        "atalaia sla show --last --objective availability",
        "atalaia sla show --period 2024-10 --format json --output october.json",
    ),
)
@ABOUT
@TABLE_OR_JSON
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the report there instead of to standard output, as JSON.",
)
@click.pass_obj
def show(runtime: Runtime, /, form: str, output: Path | None, **typed: Unpack[Typed]) -> int:
    """Judge every objective of the contract over its periods, by exact counts, without the excluded time.

    What is sealed is answered from the ledger, the rest from raw events. The state is met, missed, or unmeasured where
    too little of the period was measured: absent data is never health. A running period is judged so far. The JSON
    carries the whole contract, its hash and every number, so that it can be derived again.

    Exit status: 0 met, 1 an objective is missed, or by its measured part, 2 one is unmeasured or a mistake.
    """
    question = question_of(runtime, typed)
    with sources(runtime, typed, question) as found:
        report = sla_report(question.contract, found.evidence, question.as_of, question.asked)
        _write(report, form, output)
        mention_lost(found, report)
        _mention_absence(found.store, report, typed["as_of"])
    return status_of(report)


def _write(report: SlaReport, form: str, output: Path | None) -> None:
    if output is not None:
        write_output(output, report_json(report) + "\n")
        note(f"{report.verdict}; written to {output}")
    elif form == "json":
        sys.stdout.write(report_json(report) + "\n")
    else:
        print_sla(report, sys.stdout)
    sys.stdout.flush()


def _mention_absence(store: Store, report: SlaReport, as_of: str | None) -> None:
    """Say what to do about objectives that are unmeasured, each remedy once."""
    judged = [each.judgement for each in report.entries]
    if any(each.state is State.UNMEASURED and each.coverage.due and not each.coverage.measured for each in judged):
        _mention_extent(store, report.contract)
        if as_of is not None:
            note(f"of the ledger only what was sealed until --as-of {as_of} counts: leave it out to count all of it")
    if any(each.thin for each in judged):
        note(_remedy(report.contract))


def _remedy(contract: Contract) -> str:
    """Return what makes quiet minutes measured: samples under the contract's own names."""
    service = "" if contract.service == EVERY else f" --service {contract.service}"
    environment = "" if contract.environment == EVERY else f" --environment {contract.environment}"
    return (
        "a minute is measured when anything is heard of the service: keep "
        f"'atalaia metrics run{service}{environment}' running beside it and ingest its samples, so that quiet minutes "
        f"are measured too; or demand less than coverage = {plain(100 * contract.coverage)} in the contract"
    )


def _mention_extent(store: Store, contract: Contract) -> None:
    """Say what there is, for who asks about time of which nothing is known."""
    extent = store.extent(REQUEST_STREAM)
    if extent is None:
        note("the store holds no requests; ingest some first")
    elif contract.service != EVERY and not _has_requests(store, contract.service):
        note(
            f"the store holds no requests of the service {contract.service!r}: see whether the contract names it right"
        )
    else:
        note(f"the store's requests are of {extent.start:%Y-%m-%d} to {extent.end:%Y-%m-%d}: ask for one with --period")


def _has_requests(store: Store, service: str) -> bool:
    asked = Query(REQUEST_STREAM, EVER, (REQUESTS,), where=Equals(SERVICE_NAME, service))
    return bool(store.query(asked).rows[0][REQUESTS.name])

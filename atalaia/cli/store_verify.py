"""``atalaia store verify``: whether a store is what was written."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypedDict, Unpack

import click

from analyzers.store.embedded.records import Loss
from analyzers.store.embedded.verification import Finding, Verdict, VerifyProgress, verified
from analyzers.store.open import open_store
from atalaia.cli.options import TABLE_OR_JSON
from atalaia.cli.progressing import progress_bar
from atalaia.cli.recovering import recoveries
from atalaia.cli.render.counting import counted
from atalaia.cli.render.machine import dumped
from atalaia.cli.render.safe import one_line, printable
from atalaia.cli.render.stored import loss_json, size_text, span_text
from atalaia.cli.runtime import ExitStatus, Runtime, note
from atalaia.cli.store_options import LOCATION, directory_of, embedded_store
from atalaia.cli.teaching import Command


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a verification found, and what was done about it.

    Attributes:
        verdict: What was found.
        losses: What was set aside.
        restored: What is no longer taken to be lost.
    """

    verdict: Verdict
    losses: tuple[Loss, ...] = ()
    restored: tuple[Loss, ...] = ()


class Typed(TypedDict):
    """The options of ``store verify``, as click passes them."""

    location: str
    deep: bool
    set_aside: bool
    restored: bool
    form: str


@click.command(
    "verify",
    cls=Command,
    short_help="Read everything and say whether it is sound",
    examples=("atalaia store verify", "atalaia store verify ./web --deep", "atalaia store verify ./web --set-aside"),
)
@LOCATION
@click.option(
    "--deep",
    is_flag=True,
    help="Decode everything, too: counts, spans, order and days are as the commits say, no id is there twice, and no "
    "file lies around.",
)
@click.option(
    "--set-aside",
    is_flag=True,
    help="Take what is damaged out of the store: intact events are kept, what is lost is written down, the damaged "
    "file is kept in damaged/. No other process may be writing.",
)
@click.option(
    "--restored",
    is_flag=True,
    help="Write down that all that was lost has been ingested, or sealed, again, so that answers stop mentioning it. "
    "No other process may be writing.",
)
@TABLE_OR_JSON
@click.pass_obj
def verify(runtime: Runtime, /, **typed: Unpack[Typed]) -> int:
    """Read every segment of an embedded store and compare it with its checksums.

    STORE is its directory; ATALAIA_STORE or ./atalaia-data when it is not given. Nothing is changed, and another
    process may be writing, unless --set-aside or --restored is given.

    What is lost comes back exactly when the log files it came from are ingested again with --from-start: events that
    are there already are known by their ids. What a ledger lost comes back with 'atalaia sla seal', as far as the raw
    events are still there.

    Exit status: 0 sound, 1 damage was found (also when it was set aside), 2 a mistake, or the store cannot be opened.
    """
    if typed["set_aside"] and typed["restored"]:
        raise click.UsageError("--set-aside and --restored are two steps: bring back what was lost between them")
    directory_of(typed["location"])
    open_store(typed["location"], clock=runtime.clock).close()  # refuses what is no store
    outcome = _changing(runtime, typed) if typed["set_aside"] or typed["restored"] else Outcome(_verified(typed))
    sys.stdout.write(_json(outcome) if typed["form"] == "json" else _text(outcome))
    sys.stdout.flush()
    _advise(outcome, typed)
    return ExitStatus.BREACH if outcome.verdict.findings else ExitStatus.OK


def _changing(runtime: Runtime, typed: Typed) -> Outcome:
    with embedded_store(typed["location"], runtime.clock, writable=True) as store:
        restored = store.maintenance.mark_restored() if typed["restored"] else ()
        verdict = _verified(typed)
        damages = [found.damage for found in verdict.findings if found.damage is not None]
        losses = store.maintenance.set_aside(damages) if typed["set_aside"] else ()
    return Outcome(verdict, losses, restored)


def _verified(typed: Typed) -> Verdict:
    with progress_bar("verifying") as advance:

        def tell(state: VerifyProgress) -> None:
            advance(state.size, state.of_size)

        return verified(directory_of(typed["location"]), deep=typed["deep"], progress=tell)


def _text(outcome: Outcome) -> str:
    verdict = outcome.verdict
    held = f"{counted(verdict.segments, 'segment')}, {counted(verdict.events, 'event')}"
    read = f"{held}, {size_text(verdict.size)} read"
    if not verdict.findings:
        lines = [f"✔ sound: {read}"]
    else:
        lines = [f"✘ not sound, {counted(len(verdict.findings), 'finding')}: {read}"]
        lines += [line for found in verdict.findings for line in _finding(found)]
    if verdict.leftovers:
        lines.append(f"of interrupted writes: {counted(len(verdict.leftovers), 'file')}, which a writer removes")
    if outcome.losses:
        lost, kept = sum(loss.rows for loss in outcome.losses), _kept(outcome)
        segments = counted(len(outcome.losses), "segment")
        lines.append(f"set aside: {segments}; {counted(lost, 'event')} lost, {kept:,} kept")
    if outcome.restored:
        count = sum(loss.rows for loss in outcome.restored)
        lines.append(f"no longer taken to be lost: {counted(count, 'event')}")
    return "\n".join(lines) + "\n"


def _finding(found: Finding) -> Iterator[str]:
    yield printable(found.place)
    yield f"    {one_line(found.problem)}"
    if (segment := found.segment) is not None:
        yield f"    {counted(segment.rows, 'event')} of {segment.stream}"
        yield f"    {span_text(segment.first, segment.last)}"


def _kept(outcome: Outcome) -> int:
    damaged = [found.segment for found in outcome.verdict.findings if found.damage is not None and found.segment]
    return sum(segment.rows for segment in damaged) - sum(loss.rows for loss in outcome.losses)


def _json(outcome: Outcome) -> str:
    verdict = outcome.verdict
    findings = [
        {
            "place": found.place,
            "problem": found.problem,
            "stream": None if found.segment is None else found.segment.stream,
            "events": None if found.segment is None else found.segment.rows,
        }
        for found in verdict.findings
    ]
    return (
        dumped(
            {
                "sound": not findings,
                "segments": verdict.segments,
                "events": verdict.events,
                "bytes": verdict.size,
                "findings": findings,
                "leftovers": list(verdict.leftovers),
                "losses": [loss_json(loss) for loss in outcome.losses],
                "restored": [loss_json(loss) for loss in outcome.restored],
            }
        )
        + "\n"
    )


def _advise(outcome: Outcome, typed: Typed) -> None:
    """Say what to do next."""
    if lost := [loss.stream for loss in outcome.losses if loss.rows]:
        location = typed["location"]
        ways = "; ".join(recoveries(lost, location))
        note(f"{ways}; then 'atalaia store verify {printable(location)} --restored'")
    elif not typed["set_aside"] and any(found.damage is not None for found in outcome.verdict.findings):
        note(
            "restore the damaged segments from a copy, or keep what is intact of them: "
            f"atalaia store verify {printable(typed['location'])} --set-aside"
        )

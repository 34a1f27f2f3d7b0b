"""An explanation in short sentences."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction
from typing import Final
from zoneinfo import ZoneInfo

from analyzers.analysis import State
from analyzers.explanation.model import Aspect, Explanation, Finding, Share, Statement, Week
from analyzers.explanation.request import ExplainRequest, Tally
from analyzers.numbers import counted, percent, seconds
from analyzers.store.zones import load_zone

_LONGEST: Final = 60


def sentences(explanation: Explanation) -> tuple[str, ...]:
    """Return the verdict, what stands out, what it would have been without, and what is unusual about it."""
    lines = [_verdict(explanation), _usually(explanation.weeks)]
    if explanation.silent:
        lines.append(explanation.silent)
    for finding in explanation.findings:
        lines += _finding(finding, explanation)
    if len(explanation.findings) > 1:
        lines.append(_together(explanation))
    if explanation.made_of:
        lines.append(_made_of(explanation.made_of))
    lines += [_statement(each) for each in explanation.statements[:1]]
    return tuple(line for line in lines if line)


def evenly(aspects: Sequence[Aspect]) -> str:
    """Return that nothing stands out."""
    names = [each.name for each in aspects]
    listed = f"{', '.join(names[:-1])} or {names[-1]}" if len(names) > 1 else "".join(names)
    return f"spread evenly: no {listed} stands out"


def too_few(tally: Tally, least: int, noun: str) -> str:
    """Return that there is too little to go by."""
    return f"{noun}: {tally.bad:,}, too few to explain, which takes {least:,}"


def short(text: str) -> str:
    """Return a value for a sentence: one line, not too long."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"


def clock(instant: datetime, zone: ZoneInfo) -> str:
    """Return an instant in a zone to the minute, with the zone's offset."""
    return f"{instant.astimezone(zone):%Y-%m-%d %H:%M %z}"


def figure(tally: Tally, request: ExplainRequest) -> str:
    """Return a rate with its numbers."""
    if not tally.counted:
        return "nothing was counted"
    edge = request.limit if request.limit is not None else None if request.target is None else 1 - request.target
    return f"{percent(tally.bad, tally.counted, apart_from=edge)} {request.noun} ({tally.bad:,} of {tally.counted:,})"


def _verdict(explanation: Explanation) -> str:
    request = explanation.request
    promise = _promise(request)
    state = f"{explanation.state}: " if promise else ""
    return f"{state}{figure(explanation.tally, request)}{promise}"


def _promise(request: ExplainRequest) -> str:
    if request.limit is not None:
        return f", below {_share(request.limit)} wanted"
    if request.target is None:
        return ""
    word = "below" if request.strict else "at most"
    return f", {word} {_share(1 - request.target)} promised"


def _share(value: Fraction) -> str:
    text = f"{float(100 * value):.6f}".rstrip("0").rstrip(".")
    return f"{text} %"


def _usually(weeks: Sequence[Week]) -> str:
    if not weeks:
        return ""
    known = [week for week in weeks if not week.missing]
    missing = len(weeks) - len(known)
    if not known:
        return "nothing is known of the same hours of the weeks before: usual is what the others had"
    tally = Tally(sum(week.tally.counted for week in known), sum(week.tally.bad for week in known))
    before = f"the {counted(len(weeks), 'week')} before"
    of = f"{len(known)} of {before} looked at" if missing else before
    gone = f"; of {missing} nothing is known" if missing else ""
    usual = percent(tally.bad, tally.counted)
    return f"the same hours of {of}: {usual} ({tally.bad:,} of {tally.counted:,}){gone}"


def _finding(finding: Finding, explanation: Explanation) -> list[str]:
    everything, request = explanation.tally, explanation.request
    bad = percent(finding.tally.bad, everything.bad)
    traffic = percent(finding.tally.counted, everything.counted)
    words = short(finding.words)
    part = f"{finding.tally.bad:,} of the {everything.bad:,} {request.noun} ({bad})"
    lines = [f"{words}: {part} with {traffic} of the {request.events}, {_against_usual(finding)}"]
    if finding.same:
        lines.append(f"the same {request.events}: {', '.join(short(each.words) for each in finding.same)}")
    lines += _release(finding, request)
    lines.append(_without(words, finding.without, finding.state, explanation))
    return [line for line in lines if line]


def _against_usual(finding: Finding) -> str:
    expected = round(finding.expected)
    if finding.usual:
        return f"much as usual ({expected:,} expected)"
    return f"{finding.tally.bad - expected:,} more than the {expected:,} expected"


def _release(finding: Finding, request: ExplainRequest) -> list[str]:
    if finding.first is None:
        return []
    release = next(each for each in (*finding.conditions, *finding.same) if each.aspect.name == "version")
    zone = load_zone(request.zone)
    line = f"version {release.value} is new: it appeared {clock(finding.first, zone)}"
    if finding.first_bad is not None:
        line += f", the first of its {request.noun} came {clock(finding.first_bad, zone)}"
    return [line]


def _without(words: str, left: Tally, state: State, explanation: Explanation) -> str:
    request = explanation.request
    if explanation.state is not State.MISSED:
        return f"without {words}: {figure(left, request)}"
    outcome = {
        State.MET: "it would have been met",
        State.MISSED: "it would have been missed all the same",
        State.UNMEASURED: "nothing would be left to judge",
    }[state]
    return f"without {words} {outcome}: {figure(left, request)}"


def _together(explanation: Explanation) -> str:
    left, state = explanation.remaining
    words = "any of them" if len(explanation.findings) > 2 else "both"  # noqa: PLR2004 - two
    return _without(words, left, state, explanation)


def _statement(statement: Statement) -> str:
    count = counted(statement.count, "slow statement")
    return (
        f"{statement.kind}: {count} took {seconds(statement.seconds)}{_usual_time(statement)}: {short(statement.text)}"
    )


def _usual_time(statement: Statement) -> str:
    if statement.is_new:
        return ", new: none in the weeks before"
    return "" if statement.usual is None else f", usually {seconds(statement.usual)}"


def _made_of(shares: Sequence[Share]) -> str:
    listed = ", ".join(f"{each.condition.value}: {each.bad:,}" for each in shares)
    return f"{shares[0].condition.aspect.plural}: {listed}"

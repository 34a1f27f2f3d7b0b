"""What an explanation says, as sentences and tables whose cells lead to the drill-down."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from analyzers.analysis import State, Unit
from analyzers.blocks import Cell, Heading, Linked, Table
from analyzers.explanation import Condition, ExplainRequest, Explanation, Finding, Statement, Tally
from analyzers.explanation.choosing import LEAST_BAD
from analyzers.language import Message, Value, message, plural
from analyzers.language.parts import share, target
from analyzers.numbers import ratio
from analyzers.question import instant_text
from analyzers.selection import print_where
from atalaia.web.asked import Question
from atalaia.web.views import links
from atalaia.web.views.groups import shown

ASPECTS: Final[Mapping[str, Message]] = MappingProxyType(
    {
        "endpoint": message("endpoint"),
        "version": message("version"),
        "user": message("user"),
        "network": message("network"),
        "client": message("client"),
        "browser": message("browser"),
        "method": message("method"),
        "status": message("status"),
        "host": message("host"),
        "query type": message("query type"),
        "statement": message("statement"),
    }
)
"""Name of an aspect to what people call it within a sentence."""
SLOW: Final = "slow requests"
"""The noun of an explanation of slowness."""


def explained_words(found: Explanation) -> tuple[Message, ...]:
    """Return the verdict, what is usual, what stands out and what it would have been without."""
    return (*_verdict(found), *_usual(found), *_silence(found), *_first(found))


def findings_table(found: Explanation, question: Question) -> Table:
    """Return what stands out, the most important first."""
    bad = message("Slow") if found.request.noun == SLOW else message("Failed")
    return Table(
        "findings",
        message("What stands out"),
        (
            Heading("what", message("What"), Unit.KEY),
            Heading("bad", bad, Unit.COUNT),
            Heading("bad_share", message("Share of them"), Unit.RATIO),
            Heading("requests", message("Requests"), Unit.COUNT),
            Heading("share", message("Share of requests"), Unit.RATIO),
            Heading("expected", message("Expected"), Unit.COUNT),
            Heading("without", message("Rate without it"), Unit.RATIO),
            Heading("state", message("Then"), Unit.KEY),
        ),
        tuple(_finding(each, found, question) for each in found.findings),
        message("Nothing stands out."),
        message("Said is only what chance does not give, corrected for how many values were looked at."),
    )


def weeks_table(found: Explanation, question: Question) -> Table:
    """Return the same hours of the weeks before."""
    rows: list[tuple[Cell, ...]] = []
    for week in found.weeks:
        name: Cell = plural("{n} week before", "{n} weeks before", week.back)
        if week.window is not None:
            start, end = instant_text(week.window.start), instant_text(week.window.end)
            name = Linked(week.window, question.address(links.DRILL, start=start, end=end, by=None))
        counted = None if week.missing else week.tally.counted
        bad = None if week.missing else week.tally.bad
        rows.append((name, counted, bad, ratio(week.tally.bad, week.tally.counted)))
    return Table(
        "weeks",
        message("The same hours of the weeks before"),
        (
            Heading("week", message("When"), Unit.KEY),
            Heading("requests", message("Requests"), Unit.COUNT),
            Heading("bad", message("Slow") if found.request.noun == SLOW else message("Failed"), Unit.COUNT),
            Heading("rate", message("Share"), Unit.RATIO),
        ),
        tuple(rows),
        message("No week before was looked at."),
    )


def statements_table(found: Explanation) -> Table:
    """Return the slow statements that took twice their usual time or more."""
    return Table(
        "statements",
        message("Unusually slow statements"),
        (
            Heading("type", message("Query type"), Unit.KEY),
            Heading("statement", message("Statement"), Unit.KEY),
            Heading("count", message("Statements"), Unit.COUNT),
            Heading("seconds", message("Time together"), Unit.SECONDS),
            Heading("usual", message("Usual time"), Unit.SECONDS),
        ),
        tuple((each.kind, each.text, each.count, each.seconds, _usual_time(each)) for each in found.statements),
        message("No statement took twice its usual time."),
        message("New: none was logged in the same hours of the weeks before.")
        if any(each.is_new for each in found.statements)
        else None,
    )


def _usual_time(statement: Statement) -> float | Message | None:
    return message("new") if statement.is_new else statement.usual


def words_of(conditions: tuple[Condition, ...]) -> Message:
    """Return what some events have in common: ``endpoint /reports with version 2.4.0``."""
    first, *others = map(_condition, conditions)
    for each in others:
        first = message("{first} with {other}", first=first, other=each)
    return first


def tally_words(tally: Tally, request: ExplainRequest) -> Message:
    """Return a rate with its numbers, told from what was promised."""
    edge = request.limit if request.limit is not None else None if request.target is None else 1 - request.target
    if not tally.counted:
        return message("no request was counted")
    values: dict[str, Value] = {
        "share": share(tally.bad, tally.counted, apart_from=edge),
        "bad": tally.bad,
        "counted": tally.counted,
    }
    if request.noun == SLOW:
        return message("{share} of the requests were slow ({bad} of {counted})", **values)
    return message("{share} of the requests failed ({bad} of {counted})", **values)


def _verdict(found: Explanation) -> tuple[Message, ...]:
    request, what = found.request, tally_words(found.tally, found.request)
    if request.limit is not None:
        limit = target(request.limit)
        return (message("{what}; less than {limit} is wanted.", what=what, limit=limit),)
    if request.target is None:
        return (message("{what}.", what=what),)
    limit = target(1 - request.target)
    if request.strict:
        return (message("{what}; less than {limit} is promised.", what=what, limit=limit),)
    return (message("{what}; at most {limit} is promised.", what=what, limit=limit),)


def _usual(found: Explanation) -> tuple[Message, ...]:
    known = [week for week in found.weeks if not week.missing]
    if not found.weeks:
        return ()
    if not known:
        return (message("Nothing is known of the same hours of the weeks before: usual is what the others had."),)
    tally = Tally(sum(week.tally.counted for week in known), sum(week.tally.bad for week in known))
    return (
        plural(
            "In the same hours of {n} week before: {share} ({bad} of {counted}).",
            "In the same hours of {n} weeks before: {share} ({bad} of {counted}).",
            len(known),
            share=share(tally.bad, tally.counted),
            bad=tally.bad,
            counted=tally.counted,
        ),
    )


def _silence(found: Explanation) -> tuple[Message, ...]:
    if found.findings or not found.tally.bad:
        return ()
    if found.tally.bad < LEAST_BAD:
        return (message("Too few to explain: that takes {least}.", least=LEAST_BAD),)
    return (
        message("They are spread evenly: no endpoint, version, user, network, client, browser or method stands out."),
    )


def _first(found: Explanation) -> tuple[Message, ...]:
    return tuple(line for each in found.findings[:1] for line in _finding_words(each, found))


def _finding_words(finding: Finding, found: Explanation) -> tuple[Message, ...]:
    words = words_of(finding.conditions)
    part = message(
        "{what}: {bad} of these {all} ({share}) with {traffic} of the requests; {expected} were expected.",
        what=words,
        bad=finding.tally.bad,
        all=found.tally.bad,
        share=share(finding.tally.bad, found.tally.bad),
        traffic=share(finding.tally.counted, found.tally.counted),
        expected=round(finding.expected),
    )
    return (part, *_release(finding), _without(words, finding, found))


def _release(finding: Finding) -> tuple[Message, ...]:
    if finding.first is None:
        return ()
    return (message("That version is new: it appeared at {instant}.", instant=finding.first),)


def _without(words: Message, finding: Finding, found: Explanation) -> Message:
    left, state = tally_words(finding.without, found.request), found.state
    if state is State.MISSED and finding.state is State.MET:
        return message("Without it, it would have been met: {left}.", left=left)
    if state is State.MISSED and finding.state is State.MISSED:
        return message("Without it, it would have been missed all the same: {left}.", left=left)
    return message("Without {what}: {left}.", what=words, left=left)


def _finding(finding: Finding, found: Explanation, question: Question) -> tuple[Cell, ...]:
    conditions = [print_where(each.predicate) for each in finding.conditions]
    name = Linked(words_of(finding.conditions), question.address(links.DRILL, also=conditions, by=None))
    tally, everything = finding.tally, found.tally
    return (
        name,
        Linked(tally.bad, links.logs(question, (*conditions, *_bad(found)), found.request.window)),
        ratio(tally.bad, everything.bad),
        tally.counted,
        ratio(tally.counted, everything.counted),
        round(finding.expected),
        ratio(finding.without.bad, finding.without.counted),
        finding.state,
    )


def _bad(found: Explanation) -> tuple[str, ...]:
    """Return the filters for what is bad."""
    return (print_where(found.request.bad),)


def _condition(condition: Condition) -> Message:
    aspect = ASPECTS.get(condition.aspect.name) or message("{field}", field=condition.aspect.name)
    if condition.value is None:
        return message("no {aspect}", aspect=aspect)
    return message("{aspect} {value}", aspect=aspect, value=shown(condition.value))

"""``missing-index``: slow statements that look rows up by columns which an index could serve."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from analyzers.analysis import Unit
from analyzers.blocks import Advice
from analyzers.jobs.job import count
from analyzers.jobs.queries import SECONDS
from analyzers.language import Amount, Message, message, plural
from analyzers.recommendations.gaps import no_slow_statements
from analyzers.recommendations.indexes.reading import wanted_by
from analyzers.recommendations.indexes.trying import indexes_of, plan_of
from analyzers.recommendations.indexes.wanted import Unreadable, Wanted
from analyzers.recommendations.measuring import (
    ENOUGH,
    fraction,
    knows_statements,
    requests,
    share,
    statements,
    text,
    total,
)
from analyzers.recommendations.model import Aim, Asked, Finding, Gap, Rule, Suggestion
from analyzers.recommendations.wording import short
from analyzers.store.query import Avg, Count, Field, Max, Measure, Sum, Top
from analyzers.store.result import Row

NAME: Final = "missing-index"
PAGE: Final = "runbooks/slow-queries.md"
SYSTEM: Final = "postgresql"
MOST_SHAPES: Final = 50
"""Shapes that are read, those that took longest first."""
MOST_ADVICE: Final = 5
"""Indexes that are advised at once: each makes writing dearer, so one is made and measured before the next."""
LEAST_SHARE: Final = Fraction(1, 100)
"""Of the time of all recorded statements; what takes less is not worth an index that every write must keep up."""

_TEXT: Final = "sql.text"


@dataclass(frozen=True, slots=True)
class _Shape:
    """A statement's shape, and what was recorded of it."""

    system: str
    text: str
    recorded: int
    held_back: int
    seconds: Fraction
    slowest: Fraction
    rows: Fraction | None

    @property
    def enough(self) -> bool:
        return self.recorded + self.held_back >= ENOUGH


@dataclass(frozen=True, slots=True)
class _Need:
    """An index and the shapes that it would serve."""

    wanted: Wanted
    shapes: tuple[_Shape, ...]

    @property
    def seconds(self) -> Fraction:
        return sum((each.seconds for each in self.shapes), Fraction(0))


def judge(asked: Asked) -> Finding:
    """Read the shapes that took longest, and advise the indexes that they could use."""
    if not knows_statements(asked):
        return Finding(gaps=(Gap(message("slow statements do not know what the requests are chosen by")),))
    shapes = _shapes(asked)
    if not shapes:
        return Finding(gaps=(no_slow_statements(),))
    every = total(statements(asked, {"seconds": Sum(SECONDS)})[0], "seconds")
    likely = [each for each in shapes if each.enough and share(each.seconds, every) >= LEAST_SHARE]
    needs, remarks = _needs(likely)
    ranked = sorted(needs, key=lambda need: (-need.seconds, need.wanted.create))
    waited = total(requests(asked, {"seconds": Sum("response_time")})[0], "seconds")
    return Finding(
        suggestions=tuple(_suggestion(need, every, waited) for need in ranked[:MOST_ADVICE]),
        remarks=(*remarks, *_further(len(ranked) - MOST_ADVICE)),
    )


RULE: Final = Rule(NAME, message("Indexes that slow statements lack"), judge)


def _shapes(asked: Asked) -> tuple[_Shape, ...]:
    measures: dict[str, Measure] = {
        "recorded": Count(),
        "held_back": Sum("sql.held_back"),
        "seconds": Sum(SECONDS),
        "slowest": Max(SECONDS),
        "rows": Avg("sql.rows"),
    }
    by = (Field("sql.system"), Field(_TEXT))
    rows = statements(asked, measures, by, top=Top(MOST_SHAPES, "seconds"))
    return tuple(_shape(row) for row in rows if row[_TEXT] is not None)


def _shape(row: Row) -> _Shape:
    return _Shape(
        system=text(row, "sql.system"),
        text=text(row, _TEXT),
        recorded=count(row, "recorded"),
        held_back=int(total(row, "held_back")),
        seconds=total(row, "seconds"),
        slowest=total(row, "slowest"),
        rows=fraction(row, "rows"),
    )


def _needs(shapes: Sequence[_Shape]) -> tuple[tuple[_Need, ...], tuple[Message, ...]]:
    """Return the indexes that the shapes want, and what is to be said of those that want none."""
    found: list[_Need] = []
    remarks: list[Message] = []
    for shape in shapes:
        if shape.system != SYSTEM:
            remarks.append(_remark(shape, message("only PostgreSQL's statements are read")))
            continue
        try:
            found += (_Need(wanted, (shape,)) for wanted in wanted_by(shape.text))
        except Unreadable as refused:
            remarks.append(_remark(shape, refused.why))
    return tuple(_merged(found)), tuple(remarks)


def _merged(needs: Iterable[_Need]) -> Iterator[_Need]:
    """Yield one need for all that the same index serves, the widest of them."""
    widest = sorted(needs, key=lambda need: (-len(need.wanted.keys), need.wanted.create))
    kept: list[_Need] = []
    for need in widest:
        place = next((place for place, each in enumerate(kept) if each.wanted.serves(need.wanted)), None)
        if place is None:
            kept.append(need)
        else:
            shapes = tuple(dict.fromkeys((*kept[place].shapes, *need.shapes)))
            kept[place] = replace(kept[place], shapes=shapes)
    yield from kept


def _remark(shape: _Shape, why: Message) -> Message:
    return message(
        "no index for {statement} ({seconds} recorded): {why}",
        statement=short(shape.text),
        seconds=Amount(shape.seconds, Unit.SECONDS),
        why=why,
    )


def _further(number: int) -> tuple[Message, ...]:
    if number <= 0:
        return ()
    return (
        plural(
            "{n} further index is left out: make these first, and look again",
            "{n} further indexes are left out: make these first, and look again",
            number,
        ),
    )


def _suggestion(need: _Need, every: Fraction, waited: Fraction) -> Suggestion:
    worst = max(need.shapes, key=lambda each: (each.seconds, each.text))
    advice = Advice(
        rule=NAME,
        title=message("Index {table} on {columns}", table=need.wanted.relation, columns=need.wanted.columns),
        evidence=(_took(need, every), *(_recorded(each) for each in _by_time(need.shapes))),
        gain=_gain(need, every),
        commands=(indexes_of(need.wanted), *plan_of(worst.text), need.wanted.create),
        page=PAGE,
    )
    return Suggestion(advice, Aim.TIME, share(need.seconds, waited or every))


def _by_time(shapes: tuple[_Shape, ...]) -> list[_Shape]:
    return sorted(shapes, key=lambda each: (-each.seconds, each.text))


def _took(need: _Need, every: Fraction) -> Message:
    return message(
        "{shapes} took {seconds}, {share} of the {every} of all slow statements recorded",
        shapes=plural("{n} shape of statements", "{n} shapes of statements", len(need.shapes)),
        seconds=Amount(need.seconds, Unit.SECONDS),
        share=Amount(share(need.seconds, every), Unit.RATIO),
        every=Amount(every, Unit.SECONDS),
    )


def _recorded(shape: _Shape) -> Message:
    return message(
        "{statement}: recorded {times}, held back {held}; the slowest took {slowest}; {rows}",
        statement=short(shape.text),
        times=plural("{n} time", "{n} times", shape.recorded),
        held=plural("{n} time", "{n} times", shape.held_back),
        slowest=Amount(shape.slowest, Unit.SECONDS),
        rows=_rows(shape),
    )


def _rows(shape: _Shape) -> Message:
    if shape.rows is None:
        return message("how many rows it gave was not recorded")
    return message("it gave {rows} rows on average", rows=Amount(shape.rows, Unit.COUNT))


def _gain(need: _Need, every: Fraction) -> Message:
    return message(
        "At most {seconds} of {every}, those held back not counted. It is near that where few rows of many are found, "
        "and nothing where most of the table is read, a lock is waited for, or there is such an index already: so look "
        "at the plan first (Seq Scan), and at idx_scan of the new index after a day. Each write to the table gets a "
        "little dearer.",
        seconds=Amount(need.seconds, Unit.SECONDS),
        every=Amount(every, Unit.SECONDS),
    )

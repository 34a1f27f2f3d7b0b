"""The table of ``docs/alerts-table.md``: what the example's rules would have sent about what was planted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import median_high
from typing import Final

from benchmarks.alerts.scoring import Trial
from benchmarks.anomalies.incidents import WARM_UP, Incident
from benchmarks.anomalies.table import DAYS, about_incidents, listed, spread, told_after

_HEAD: Final = """# What the rules of the example would have sent

Made by `python -m benchmarks.alerts > docs/alerts-table.md`; `tests/benchmarks/alerts` makes a part of it anew and
compares.
"""
_ABOUT: Final = """`atalaia alerts replay --every 5m` with [examples/alerts.toml](../examples/alerts.toml) over
histories of {warm_up} + {days} days, those of [the detectors' table](anomalies-table.md): a small team's help desk with
weekends, holidays, Monday mornings and single failures, and {incidents} planted incidents each.{judged} Of the rules
only those about requests can find anything: a history has no samples of machines or databases, no statements and no
other events. Nor has the contract a word: by night there are minutes without any request, so that less than 95 % of the
minutes are measured. {looked}"""


def document(trials: Sequence[Trial], tuned: Sequence[int]) -> str:
    """Return the whole document.

    Args:
        trials: What became of the histories.
        tuned: Seeds of histories that were looked at while the rules of the example were written.
    """
    return "\n".join([_HEAD, *_lines(trials, tuned)])


def said_of(one: Trial) -> tuple[str, ...]:
    """Return the lines about one history's incidents and false alarms."""
    return about_incidents(_of_one(one))


def _lines(trials: Sequence[Trial], tuned: Sequence[int]) -> Iterator[str]:
    seen = [one.seed for one in trials if one.seed in tuned]
    looked = f"Looked at while the rules were written: seed {listed(tuned)}."
    looked += f" Of these, {listed(seen)} stand here too." if seen else " None of these stands here."
    judged = {one.days for one in trials}
    part = "" if judged == {DAYS} else f" Of each, the first {max(judged)} days are judged."
    yield _ABOUT.format(judged=part, warm_up=WARM_UP.days, days=DAYS, incidents=len(Incident), looked=looked)
    yield ""
    yield from _found(trials)
    yield from _of_rules(trials)
    for one in trials:
        yield from _of_one(one)


def _found(trials: Sequence[Trial]) -> Iterator[str]:
    yield "## Told"
    yield ""
    yield "A delay is that of the first notice; notices are all about an incident: firing, worse, again, over."
    yield ""
    yield "| incident | told | delay: median, longest | notices: median, most | by |"
    yield "| --- | --- | --- | --- | --- |"
    for incident in Incident:
        outcomes = [each for one in trials for each in one.outcomes if each.planted.incident is incident]
        delays = [each.delay for each in outcomes if each.delay is not None]
        numbers = [each.notices for each in outcomes if each.delay is not None]
        many = f"{median_high(numbers)}, {max(numbers)}" if numbers else "—"
        by = Counter(rule for each in outcomes for rule in each.told_by)
        told = ", ".join(f"{rule} {count}" for rule, count in by.most_common()) or "—"
        yield f"| {incident} | {len(delays)} of {len(outcomes)} | {spread(delays)} | {many} | {told} |"
    found = sum(each.delay is not None for one in trials for each in one.outcomes)
    yield ""
    yield f"Together {found} of {sum(len(one.outcomes) for one in trials)}."
    yield ""


def _of_rules(trials: Sequence[Trial]) -> Iterator[str]:
    weeks = sum(one.days for one in trials) / 7
    right = Counter(each.rule.split(" ")[0] for one in trials for each in one.right)
    false = Counter(each.rule.split(" ")[0] for one in trials for each in one.false_alarms)
    silent = Counter(rule for one in trials for rule in one.unmeasured)
    yield "## By rule"
    yield ""
    yield f"Alerts over {weeks:.0f} weeks. *Unmeasured* counts the notices that a rule cannot measure what it watches."
    yield ""
    yield "| rule | about incidents | about nothing | about nothing, a week | unmeasured |"
    yield "| --- | --- | --- | --- | --- |"
    for rule in trials[0].rules:
        yield f"| {rule} | {right[rule]} | {false[rule]} | {false[rule] / weeks:.2f} | {silent[rule]} |"
    numbers = (right.total(), false.total(), f"{false.total() / weeks:.2f}", silent.total())
    yield f"| together | {' | '.join(map(str, numbers))} |"
    yield ""


def _of_one(one: Trial) -> Iterator[str]:
    yield f"## Seed {one.seed}"
    yield ""
    yield "| incident | began (UTC) | told after | notices | by |"
    yield "| --- | --- | --- | --- | --- |"
    for each in one.outcomes:
        began = f"{each.planted.window.start:%Y-%m-%d %H:%M}"
        by = ", ".join(each.told_by) or "—"
        yield f"| {each.planted.incident} | {began} | {told_after(each.delay)} | {each.notices} | {by} |"
    yield ""
    if not one.false_alarms:
        yield "No false alarm."
    for alarm in one.false_alarms:
        yield f"- false alarm at {alarm.at:%Y-%m-%d %H:%M} UTC by {alarm.rule}: {alarm.message}"
    yield ""

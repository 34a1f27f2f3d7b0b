"""What a rule watches, in a sentence: for whoever checks a file."""

from __future__ import annotations

from analyzers.alerts.rules.burn import BurnRule
from analyzers.alerts.rules.file.burning import BurnForm, SlaForm
from analyzers.alerts.rules.file.context import Context
from analyzers.alerts.rules.file.evaluations import burn_rule, threshold_rule
from analyzers.alerts.rules.file.form import AnyRuleForm
from analyzers.alerts.rules.file.threshold import ThresholdForm
from analyzers.alerts.rules.file.unusual import AnomalyForm, FloodForm, ScanForm, UnusualForm
from analyzers.alerts.rules.pace import pairs_for
from analyzers.alerts.rules.threshold import ThresholdRule
from analyzers.alerts.rules.wording import amount, noun_of
from analyzers.alerts.signal import Rule
from analyzers.numbers import plain
from analyzers.selection import print_where
from analyzers.spans import length
from analyzers.store.query import EVERYTHING
from analyzers.thresholds.bounds import Side


def words_of(form: AnyRuleForm, rule: Rule, context: Context) -> str:
    """Return what a rule watches, from when on it is told, and what becomes of its alerts."""
    return f"{_watched(form, context)}{_handling(rule)}"


def _watched(form: AnyRuleForm, context: Context) -> str:
    match form:
        case ThresholdForm():
            return _threshold(threshold_rule(form, context), host=form.host or context.around.host)
        case BurnForm():
            return _burn(burn_rule(form, context), context)
        case SlaForm():
            names = ", ".join(form.objectives) or "every objective"
            return (
                f"{names} of the contract: missed, or less than {plain(100 * form.budget_below)} % of the budget left"
            )
        case _:
            return _unusual(form, context)


def _threshold(rule: ThresholdRule, *, host: bool) -> str:
    threshold = rule.threshold
    quantity, bounds = threshold.quantity, threshold.bounds
    sign = "at or above" if bounds.side is Side.ABOVE else "at or below"
    levels = (("warning", bounds.warning), ("critical", bounds.critical))
    limits = ", ".join(f"{name} {sign} {amount(value, quantity.unit)}" for name, value in levels if value is not None)
    text = f"{quantity.words}{_groups(threshold.subject.by)} over {length(rule.window)} of {threshold.subject.stream}"
    text += "" if threshold.subject.where == EVERYTHING else f" where {print_where(threshold.subject.where)}"
    text += f": {limits}"
    if threshold.needed > 1:
        text += f"; from {threshold.needed:,} {noun_of(threshold.subject.stream)}s on"
    if threshold.confidence is not None:
        text += f"; only where at least half of that is sure to {plain(100 * threshold.confidence)} %"
    return f"{text}; this machine, where none of its samples are stored" if host else text


def _burn(rule: BurnRule, context: Context) -> str:
    promise = rule.promise
    period = promise.period(context.around.clock())
    pairs = pairs_for(period, promise.target)
    rates = ", ".join(
        f"{plain(pair.factor)} over {length(pair.long)} and {length(pair.short)} ({pair.severity})" for pair in pairs
    )
    text = f"burn rate of {promise.name} ({plain(100 * promise.target)} % over {length(period)}): {rates}"
    return f"{text}; from {rule.minimum_events:,} {noun_of(promise.subject.stream)}s on"


def _unusual(form: UnusualForm, context: Context) -> str:
    stream = context.stream(form.stream)
    if isinstance(form, AnomalyForm):
        what = f"{', '.join(form.kinds)} of {stream} against the same hours of the weeks before"
    elif isinstance(form, FloodForm):
        what = f"one client or network with far more requests than busy clients have, in {stream}"
    elif isinstance(form, ScanForm):
        what = f"one client that tries many paths or is refused again and again, in {stream}"
    else:
        what = f"no or hardly any events in {stream} where the weeks before had enough"
    return what if form.where is None else f"{what}, where {form.where}"


def _groups(by: tuple[str, ...]) -> str:
    return f" for each {', '.join(by)}" if by else ""


def _handling(rule: Rule) -> str:
    spans = (
        (rule.pending, "told after"),
        (rule.keep_firing, "over after calm of"),
        (rule.repeat, "told again every"),
        (rule.escalate, "escalated after"),
    )
    told = "".join(f"; {what} {length(span)}" for span, what in spans if span)
    return f"{told}; group {rule.group}" if rule.group else told

"""What each table of a rule evaluates, and what it watches in words."""

from __future__ import annotations

from fractions import Fraction

from analyzers.alerts.rules.burn import BurnRule, Promise
from analyzers.alerts.rules.documented import DOCUMENTED, limit_of
from analyzers.alerts.rules.explaining import Explainer, explainer_of
from analyzers.alerts.rules.file.burning import BurnForm, SlaForm
from analyzers.alerts.rules.file.context import Context
from analyzers.alerts.rules.file.form import AnyRuleForm
from analyzers.alerts.rules.file.streams import both
from analyzers.alerts.rules.file.threshold import ThresholdForm
from analyzers.alerts.rules.file.values import known
from analyzers.alerts.rules.machine import HostRule, ThisMachine
from analyzers.alerts.rules.promised import SlaRule
from analyzers.alerts.rules.threshold import ThresholdRule
from analyzers.alerts.signal import Evaluate
from analyzers.anomalies.scope import Scope
from analyzers.fields import HTTP_ROUTE, RESPONSE_TIME, SERVICE_NAME
from analyzers.jobs.job import FAILED
from analyzers.sla.contract.model import Contract, Kind, Objective, RollingPeriod
from analyzers.sla.counting import REQUEST_KINDS
from analyzers.sla.judgement import limit_of as time_limit_of
from analyzers.sla.judgement import target_of
from analyzers.store.query import EVERYTHING, Equals, Exists, Predicate, Range
from analyzers.thresholds.bounds import Bounds, Side
from analyzers.thresholds.quantity import Statistic
from analyzers.thresholds.reading import Subject
from analyzers.thresholds.threshold import Threshold

_REQUESTS = "logs-web.request"
_EVERY = "*"
_MONTH = RollingPeriod(30)


class Unmeant(ValueError):  # noqa: N818 - a complaint, told with others
    """A table is right by itself, but not together with the rest of the file."""


def evaluation_of(form: AnyRuleForm, context: Context) -> Evaluate:
    """Return the judgement of a table.

    Raises:
        Unmeant: When it names an objective that the contract does not have, or needs a contract.
    """
    match form:
        case ThresholdForm():
            return _of_threshold(form, context)
        case BurnForm():
            return burn_rule(form, context)
        case SlaForm():
            return _of_contract(form, context)
        case _:
            where = both(context.of_service(form.stream), form.predicate)
            return form.evaluate(Scope(context.stream(form.stream), where, context.form.zone))


def _of_threshold(form: ThresholdForm, context: Context) -> Evaluate:
    rule = threshold_rule(form, context)
    if form.measure not in {"cpu", "memory", "disk"}:
        return rule
    machine = None
    if form.host or context.around.host:
        machine = ThisMachine.real(context.around.sampler, context.around.clock)
    return HostRule(rule, form.measure, machine)


def _of_contract(form: SlaForm, context: Context) -> Evaluate:
    contract = _contract(context)
    names = form.objectives or tuple(each.name for each in contract.objectives)
    chosen = [_objective(name, context) for name in names]
    pairs = [(each, period) for each in chosen for period in each.periods if form.period in {None, period}]
    if not pairs:
        raise Unmeant(f"period: none of these objectives is judged by {form.period.name if form.period else ''!r}")
    few = form.minimum_events or context.form.defaults.minimum_events
    return SlaRule(form.name, contract, tuple(pairs), form.budget_below, few, context.around.ledger, form.every)


def threshold_rule(form: ThresholdForm, context: Context) -> ThresholdRule:
    """Return the rule of a ``threshold`` table."""
    documented, dataset = DOCUMENTED.get(form.measure), form.dataset or ""
    where = both(context.of_service(dataset), documented.where if documented else EVERYTHING, form.predicate)
    by = documented.by if documented and documented.by else form.groups
    bounds = form.bounds or Bounds.over(limit_of(form.measure, context.thresholds))
    defaults = context.form.defaults
    few = form.few if form.few is not None else defaults.minimum_events
    threshold = Threshold(
        Subject(context.stream(dataset), where, by), form.quantity, bounds, few, _confidence(form, bounds, context)
    )
    explain = explainer_of(form.quantity, bounds, context.form.zone) if _is_of_requests(dataset, bounds) else None
    return ThresholdRule(form.name, threshold, form.window, explain)


def burn_rule(form: BurnForm, context: Context) -> BurnRule:
    """Return the rule of a ``burn_rate`` table.

    Raises:
        Unmeant: When its objective is not one of the contract, or has no share.
    """
    promise = _given(form, context) if form.objective is None else _promised(form, form.objective, context)
    defaults = context.form.defaults
    confidence = form.confidence if "confidence" in form.model_fields_set else defaults.confidence
    explain = Explainer(promise.bad, 1 - promise.target, EVERYTHING, context.form.zone, _noun(promise.bad))
    few = form.minimum_events or defaults.minimum_events
    return BurnRule(form.name, promise, few, confidence, explain if _REQUESTS in promise.subject.stream else None)


def _is_of_requests(dataset: str, bounds: Bounds) -> bool:
    """Tell whether a breach can be explained: of requests, and by there being too many bad ones."""
    return dataset.startswith(_REQUESTS) and bounds.side is Side.ABOVE


def _noun(bad: Predicate) -> str:
    if bad == FAILED:
        return "failed requests"
    return "slow requests" if isinstance(bad, Range) and bad.field == RESPONSE_TIME else "such requests"


def _confidence(form: ThresholdForm, bounds: Bounds, context: Context) -> Fraction | None:
    if form.quantity.statistic is not Statistic.SHARE or bounds.side is Side.BELOW:
        return None
    return form.confidence if "confidence" in form.model_fields_set else context.form.defaults.confidence


def _given(form: BurnForm, context: Context) -> Promise:
    where = both(context.of_service(form.stream), form.predicate, form.counted)
    period, target = form.period or _MONTH, form.target or Fraction(0)
    length = context.length_of(period, context.form.zone)
    return Promise(form.name, target, Subject(context.stream(form.stream), where), form.failing, length)


def _promised(form: BurnForm, name: str, context: Context) -> Promise:
    contract, objective = _contract(context), _objective(name, context)
    if objective.kind not in REQUEST_KINDS:
        raise Unmeant(
            f"objective: {name!r} is of kind {objective.kind.value!r}; burn rates are of availability, latency and "
            'error_rate: watch it with kind = "sla"'
        )
    period = form.period or objective.periods[0]
    if period not in objective.periods:
        raise Unmeant(f"period: {name!r} is not judged by {period.name!r}")
    stream = f"{_REQUESTS}-{contract.environment}"
    where, bad = _requests_of(contract, objective)
    length = context.length_of(period, contract.zone)
    return Promise(name, target_of(objective), Subject(stream, where), bad, length, contract.exclusions)


def _requests_of(contract: Contract, objective: Objective) -> tuple[Predicate, Predicate]:
    """Return which requests an objective is about, and which of them are bad."""
    service = EVERYTHING if contract.service == _EVERY else Equals(SERVICE_NAME, contract.service)
    route = EVERYTHING if objective.route is None else Equals(HTTP_ROUTE, objective.route)
    if objective.kind is Kind.LATENCY:
        seconds = time_limit_of(objective).total_seconds()
        return both(service, route, Exists(RESPONSE_TIME)), Range(RESPONSE_TIME, gte=seconds)
    return both(service, route), FAILED


def _contract(context: Context) -> Contract:
    if context.contract is None:
        raise Unmeant('objective: no contract is named; write contract = "sla.toml" at the top of the file')
    return context.contract


def _objective(name: str, context: Context) -> Objective:
    names = {each.name: each for each in _contract(context).objectives}
    try:
        return names[known(name, tuple(names), "objective")]
    except ValueError as error:
        raise Unmeant(f"objective: {error}") from error

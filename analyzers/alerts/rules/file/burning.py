"""``[[rule]]`` with ``kind = "burn_rate"`` or ``"sla"``: their forms."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from typing import Annotated, Final, Literal, Self, TypeAlias

from pydantic import AfterValidator, PlainValidator, StringConstraints, model_validator

from analyzers.alerts.rules.file.common import RuleForm
from analyzers.alerts.rules.file.streams import condition, numeric, schema_of
from analyzers.alerts.rules.file.threshold import Stream
from analyzers.alerts.rules.file.values import Confidence, Duration, Events, Percent, Text, known
from analyzers.fields import RESPONSE_TIME
from analyzers.jobs.job import FAILED
from analyzers.sla.contract.model import CalendarPeriod, Period, RollingPeriod
from analyzers.store.query import EVERYTHING, CalendarUnit, Exists, Predicate, Range

_UNITS: Final = ("day", "week", "month", "quarter", "year")
_REQUESTS: Final = "logs-web.request"
_SECOND: Final = timedelta(seconds=1)


def _period(value: object) -> Period:
    if isinstance(value, str) and value.endswith("d") and value[:-1].isdecimal() and 0 < int(value[:-1]) <= 366:  # noqa: PLR2004 - a year
        return RollingPeriod(int(value[:-1]))
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is no period; write {', '.join(_UNITS)}, or days such as '30d'")  # noqa: TRY004
    return CalendarPeriod(CalendarUnit(known(value, (*_UNITS, "30d"), "period")))


PeriodText: TypeAlias = Annotated[Period, PlainValidator(_period)]
Condition: TypeAlias = Annotated[str, StringConstraints(strict=True, min_length=1)]


class BurnForm(RuleForm):
    """How fast a budget is spent: an objective's of the contract, or one that is given here."""

    kind: Literal["burn_rate"]
    objective: Text | None = None
    target: Percent | None = None
    period: PeriodText | None = None
    stream: Stream = _REQUESTS
    where: Text | None = None
    bad: Condition | None = None
    under: Duration | None = None
    minimum_events: Events | None = None
    confidence: Confidence = None

    @model_validator(mode="after")
    def _one_promise(self) -> Self:
        given = self.model_fields_set
        wrong: list[str] = []
        if (self.objective is None) == (self.target is None):
            wrong.append("say either 'objective' or 'target'")
        if self.objective is not None:
            own = given & {"stream", "where", "bad", "under"}
            wrong += [f"{key!r} is the contract's to say where there is an 'objective'" for key in sorted(own)]
        if self.bad is not None and self.under is not None:
            wrong.append("'bad' and 'under' exclude each other")
        wrong += self._wrong_conditions()
        if wrong:
            raise ValueError(", ".join(wrong))
        return self

    @property
    def failing(self) -> Predicate:
        """Which events break a promise that is given here."""
        if self.under is not None:
            return Range(RESPONSE_TIME, gte=self.under / _SECOND)
        return FAILED if self.bad is None else condition(self.bad, schema_of(self.stream))

    @property
    def counted(self) -> Predicate:
        """Which events such a promise is about."""
        return EVERYTHING if self.under is None else Exists(RESPONSE_TIME)

    @property
    def predicate(self) -> Predicate:
        """Which of the stream's events are looked at."""
        return EVERYTHING if self.where is None else condition(self.where, schema_of(self.stream))

    def _wrong_conditions(self) -> list[str]:
        wrong: list[str] = []
        schema = schema_of(self.stream)
        for key, text in (("where", self.where), ("bad", self.bad)):
            try:
                _ = text and condition(text, schema)
            except ValueError as error:
                wrong.append(f"{key}: {error}")
        if self.under is not None:
            try:
                numeric(RESPONSE_TIME, schema)
            except ValueError as error:
                wrong.append(f"under: {error}")
        if self.bad is None and self.under is None and self.target is not None and self.stream != _REQUESTS:
            named = self.stream.startswith(f"{_REQUESTS}-")
            wrong += [] if named else [f"a budget of {self.stream} needs 'bad'"]
        return wrong


class SlaForm(RuleForm):
    """Whether the objectives of the contract are missed, or their budgets nearly spent."""

    kind: Literal["sla"]
    objectives: Annotated[tuple[Text, ...], AfterValidator(lambda names: tuple(dict.fromkeys(names)))] = ()
    period: PeriodText | None = None
    budget_below: Percent = Fraction(20, 100)
    minimum_events: Events | None = None
    every: Duration | None = None

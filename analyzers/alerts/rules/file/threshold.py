"""``[[rule]]`` with ``kind = "threshold"``: its form, and what it means."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import partial
from types import MappingProxyType
from typing import Annotated, Final, Literal, Self, TypeAlias

from pydantic import AfterValidator, Field, StrictBool, StringConstraints, model_validator

from analyzers.alerts.rules.documented import DOCUMENTED
from analyzers.alerts.rules.file.common import RuleForm
from analyzers.alerts.rules.file.streams import checked_stream, condition, field_of, grouping, numeric, schema_of
from analyzers.alerts.rules.file.values import Confidence, Duration, Events, Form, Number, Text, known
from analyzers.store.query import EVERYTHING, Predicate
from analyzers.store.schema import Schema
from analyzers.thresholds.bounds import Bounds, Side
from analyzers.thresholds.quantity import Quantity, Statistic

_PERCENTILE: Final = re.compile(r"p(\d{1,2}(\.\d{1,3})?|100)", re.ASCII)
_PLAIN: Final = ("count", "rate", "share", "avg", "min", "max", "sum", "distinct", "last")
_FIELDED: Final = frozenset({"avg", "min", "max", "sum", "distinct", "last"})
_CORRELATED: Final = frozenset({Statistic.AVG, Statistic.PERCENTILE, Statistic.SHARE})

STANDARD_WINDOW: Final = timedelta(minutes=5)


def _measure(name: str) -> str:
    if match := _PERCENTILE.fullmatch(name):
        if not Decimal(match[1]):
            raise ValueError("there is no percentile 0")
        return name
    return known(name, (*DOCUMENTED, *_PLAIN, "p95", "p99"), "measure")


Measure: TypeAlias = Annotated[str, StringConstraints(strict=True), AfterValidator(_measure)]
Stream: TypeAlias = Annotated[str, StringConstraints(strict=True), AfterValidator(checked_stream)]


class BoundsForm(Form):
    """``above`` or ``below``."""

    warning: Number | None = None
    critical: Number | None = None


@dataclass(frozen=True, slots=True)
class _Keys:
    """Which keys a measure must have beside those of every threshold, and which it may."""

    needed: tuple[str, ...]
    optional: tuple[str, ...]

    def wrong(self, given: frozenset[str], measure: str) -> list[str]:
        allowed = {*_ALWAYS, *self.needed, *self.optional}
        found = [f"there is no {key!r} in measure {measure!r}" for key in sorted(given - allowed)]
        return found + [f"measure {measure!r} needs {key!r}" for key in self.needed if key not in given]


_ALWAYS: Final = (*RuleForm.model_fields, "kind", "measure", "where", "window")
_FREE: Final = ("above", "below", "by")
_KEYS: Final[Mapping[str, _Keys]] = MappingProxyType(
    {
        "error_rate": _Keys((), ("above", "by", "minimum_events", "confidence", "stream")),
        "response_time": _Keys((), ("above", "by", "minimum_events", "stream")),
        "cpu": _Keys((), ("above", "minimum_events", "host", "stream")),
        "memory": _Keys((), ("above", "minimum_events", "host", "stream")),
        "disk": _Keys((), ("above", "minimum_events", "host", "stream")),
        "count": _Keys(("stream",), _FREE),
        "rate": _Keys(("stream",), _FREE),
        "share": _Keys(("stream", "of"), (*_FREE, "minimum_events", "confidence")),
    },
)
_OF_FIELD: Final = _Keys(("stream", "field"), (*_FREE, "minimum_events"))


class ThresholdForm(RuleForm):
    """A measure, and where it is bad."""

    kind: Literal["threshold"]
    measure: Measure
    stream: Stream | None = None
    field: Text | None = None
    of: Text | None = None
    where: Text | None = None
    by: Annotated[tuple[Text, ...], Field(max_length=4)] = ()
    above: BoundsForm | None = None
    below: BoundsForm | None = None
    window: Duration = STANDARD_WINDOW
    minimum_events: Events | None = None
    confidence: Confidence = None
    host: StrictBool = False

    @model_validator(mode="after")
    def _can_be_meant(self) -> Self:
        keys = _KEYS.get(self.measure, _OF_FIELD)
        wrong = keys.wrong(frozenset(self.model_fields_set), self.measure)
        wrong += self._wrong_bounds()
        wrong += self._wrong_names() if self.dataset is not None else []
        if wrong:
            raise ValueError(", ".join(wrong))
        return self

    @property
    def dataset(self) -> str | None:
        """The stream that is meant, maybe without an environment; ``None`` where none is named."""
        documented = DOCUMENTED.get(self.measure)
        return self.stream or (None if documented is None else documented.dataset)

    @property
    def mapping(self) -> Schema:
        """The fields of that stream."""
        return schema_of(self.dataset or "")

    @property
    def quantity(self) -> Quantity:
        """What is measured."""
        documented = DOCUMENTED.get(self.measure)
        if documented is not None:
            return documented.quantity
        if match := _PERCENTILE.fullmatch(self.measure):
            return Quantity(Statistic.PERCENTILE, self.field_name, float(match[1]))
        of = None if self.of is None else condition(self.of, self.mapping)
        label = "" if self.of is None else f"share of {self.of}"
        return Quantity(Statistic(self.measure), self.field_name, None, of, label)

    @property
    def field_name(self) -> str | None:
        """The stored name of the field that is measured."""
        return None if self.field is None else field_of(self.field, self.mapping).name

    @property
    def predicate(self) -> Predicate:
        """Which events count, without what the measure itself demands."""
        return EVERYTHING if self.where is None else condition(self.where, self.mapping)

    @property
    def groups(self) -> tuple[str, ...]:
        """The stored names of the fields that make groups."""
        return tuple(grouping(name, self.mapping) for name in self.by)

    @property
    def bounds(self) -> Bounds | None:
        """The thresholds that are given; ``None`` for the profile's."""
        given = self.above or self.below
        if given is None:
            return None
        return Bounds(Side.ABOVE if self.above else Side.BELOW, given.warning, given.critical)

    @property
    def few(self) -> int | None:
        """The least number of events that is given, or what suits the measure; ``None`` for the file's default.

        One sample of a machine is a measurement; one slow request is an accident.
        """
        if self.minimum_events is not None:
            return self.minimum_events
        noisy = self.quantity.statistic in _CORRELATED and not (self.dataset or "").startswith("metrics-")
        return None if noisy else 1

    def _wrong_bounds(self) -> list[str]:
        if self.above is not None and self.below is not None:
            return ["'above' and 'below' exclude each other; write two rules"]
        given = self.above or self.below
        if given is None:
            return [] if self.measure in DOCUMENTED else [f"measure {self.measure!r} needs 'above' or 'below'"]
        side = "above" if self.above else "below"
        if given.warning is None and given.critical is None:
            return [f"{side!r} needs 'warning' or 'critical'"]
        if given.warning is not None and given.critical is not None:
            farther = given.critical >= given.warning if self.above else given.critical <= given.warning
            if not farther:
                return [f"{side!r}: 'warning' lies beyond 'critical'"]
        return self._wrong_percent(given)

    def _wrong_percent(self, given: BoundsForm) -> list[str]:
        values = [value for value in (given.warning, given.critical) if value is not None]
        share = self.measure in {"share", "error_rate", "cpu", "memory", "disk"}
        if share and not all(0 <= value <= 100 for value in values):  # noqa: PLR2004 - per cent
            return ["the thresholds are percent, from 0 to 100"]
        percent = self.field is not None and self.field.endswith(".pct") and self.measure not in {"sum", "distinct"}
        if percent and self.above and any(0 < value < 1 for value in values):
            return ["fields that end in .pct are judged in percent: write 90 for nine tenths"]
        return []

    def _wrong_names(self) -> list[str]:
        """Return complaints about fields that the stream does not have, or that are of the wrong type."""
        wrong: list[str] = []
        schema = self.mapping
        for key, text in (("where", self.where), ("of", self.of)):
            wrong += [] if text is None else _complaint(key, partial(condition, text, schema))
        for name in self.by:
            wrong += _complaint("by", partial(grouping, name, schema))
        if self.field is not None and (self.measure in _FIELDED or _PERCENTILE.fullmatch(self.measure)):
            check = grouping if self.measure == "distinct" else numeric
            wrong += _complaint("field", partial(check, self.field, schema))
        if self.measure in DOCUMENTED and self.stream is not None:
            wrong += _complaint("stream", self._of_its_measure)
        return wrong

    def _of_its_measure(self) -> None:
        dataset = DOCUMENTED[self.measure].dataset
        if not (self.stream or "").startswith(dataset):
            raise ValueError(f"measure {self.measure!r} is of {dataset}; only its environment can be chosen")


def _complaint(key: str, check: Callable[[], object]) -> list[str]:
    try:
        check()
    except ValueError as error:
        return [f"{key}: {error}"]
    return []

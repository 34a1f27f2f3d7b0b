"""The form of ``sla.toml``: which keys there are, and what each may say by itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from fractions import Fraction
from types import MappingProxyType
from typing import Annotated, Final, Self, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictInt, StringConstraints, model_validator

from analyzers.selection import parse_zone
from analyzers.selection.errors import SelectionError
from analyzers.sla.contract.model import CalendarPeriod, Kind
from analyzers.sla.contract.values import (
    Coverage,
    Lateness,
    Limit,
    MinuteErrors,
    PeriodText,
    Target,
    Threshold,
    When,
)
from analyzers.store.query import CalendarUnit


def _zone(name: str) -> str:
    try:
        return parse_zone(name).key
    except SelectionError as error:
        raise ValueError(str(error)) from error


Text: TypeAlias = Annotated[str, StringConstraints(strict=True, strip_whitespace=True, min_length=1)]
Name: TypeAlias = Annotated[str, StringConstraints(strict=True, pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$")]
Environment: TypeAlias = Annotated[str, StringConstraints(strict=True, pattern=r"^(\*|[a-z0-9_.+]+)$")]
Zone: TypeAlias = Annotated[str, StringConstraints(strict=True), AfterValidator(_zone)]

_EVERYWHERE: Final = frozenset({"name", "kind", "periods"})


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Keys:
    """Which keys an objective of some kind must have, and which it may."""

    def __init__(self, needed: str, optional: str) -> None:
        self.needed, self.optional = needed.split(), optional.split()

    @property
    def known(self) -> frozenset[str]:
        return _EVERYWHERE.union(self.needed, self.optional)


_KEYS: Final[Mapping[Kind, _Keys]] = MappingProxyType(
    {
        Kind.AVAILABILITY: _Keys("target", "route expected_requests"),
        Kind.UPTIME: _Keys("target", "route minute_errors"),
        Kind.LATENCY: _Keys("target under", "route expected_requests"),
        Kind.ERROR_RATE: _Keys("target", "route expected_requests"),
        Kind.RPO: _Keys("limit", "backup"),
        Kind.RTO: _Keys("limit", "route minute_errors"),
    },
)


class ObjectiveForm(_Form):
    """One ``[[objective]]``."""

    name: Name
    kind: Kind
    periods: Annotated[tuple[PeriodText, ...], Field(min_length=1)] = (CalendarPeriod(CalendarUnit.MONTH),)
    target: Target | None = None
    under: Threshold | None = None
    limit: Limit | None = None
    route: Text | None = None
    minute_errors: MinuteErrors = Fraction(1, 2)
    backup: Text = "backup.completed"
    expected_requests: Annotated[StrictInt, Field(gt=0)] | None = None

    @model_validator(mode="after")
    def _keys_of_its_kind(self) -> Self:
        keys, given = _KEYS[self.kind], self.model_fields_set
        wrong = [f"there is no {key!r} in kind {self.kind.value!r}" for key in sorted(given - keys.known)]
        wrong += [f"kind {self.kind.value!r} needs {key!r}" for key in keys.needed if key not in given]
        if len(set(self.periods)) < len(self.periods):
            wrong.append("periods names one twice")
        if wrong:
            raise ValueError(", ".join(wrong))
        return self


class ExclusionForm(_Form):
    """One ``[[exclusion]]``."""

    start: When = Field(alias="from")
    end: When = Field(alias="to")
    reason: Text
    approved_by: Text
    objectives: tuple[Name, ...] = ()


class OutageForm(_Form):
    """One ``[[outage]]``."""

    start: When = Field(alias="from")
    end: When = Field(alias="to")
    reason: Text
    declared_by: Text


class ContractForm(_Form):
    """The whole file."""

    service: Text
    environment: Environment = "*"
    zone: Zone
    lateness: Lateness = timedelta(hours=1)
    coverage: Coverage = Fraction(95, 100)
    valid_from: When | None = None
    objective: Annotated[tuple[ObjectiveForm, ...], Field(min_length=1)]
    exclusion: tuple[ExclusionForm, ...] = ()
    outage: tuple[OutageForm, ...] = ()

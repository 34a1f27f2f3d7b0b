"""What a contract's form means: instants in its zone, names that must be unique or known."""

from __future__ import annotations

import difflib
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from analyzers.sla.contract.form import ContractForm, ExclusionForm, ObjectiveForm, OutageForm
from analyzers.sla.contract.model import Contract, Exclusion, Kind, Objective, Outage
from analyzers.store.instants import from_millis
from analyzers.store.query import Window
from analyzers.store.zones import first_instant

_MINUTE: Final = timedelta(minutes=1)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class MeaningError(ValueError):
    """The form is right, but says something that cannot be meant; the arguments are the complaints."""


def contract_of(form: ContractForm) -> Contract:
    """Return the contract that a file's form means.

    Raises:
        MeaningError: With every complaint, each naming its place.
    """
    reader = _Reader(form)
    contract = reader.contract()
    if reader.complaints:
        raise MeaningError(*reader.complaints)
    return contract


class _Reader:
    """Turns a form into a contract and collects what is wrong with it."""

    def __init__(self, form: ContractForm) -> None:
        self.complaints: list[str] = []
        self._form = form
        self._zone = ZoneInfo(form.zone)
        self._names = [each.name for each in form.objective]

    def contract(self) -> Contract:
        form = self._form
        self._unique_names()
        return Contract(
            service=form.service,
            environment=form.environment,
            zone=form.zone,
            objectives=tuple(map(_objective, form.objective)),
            lateness=form.lateness,
            coverage=form.coverage,
            exclusions=self._exclusions(),
            outages=self._outages(),
            valid_from=None if form.valid_from is None else self._whole_minute(form.valid_from, "valid_from"),
        )

    def _unique_names(self) -> None:
        for place, name in enumerate(self._names):
            if name in self._names[:place]:
                first = self._names.index(name) + 1
                self.complaints.append(f"objective[{place + 1}].name: {name!r} is the name of objective[{first}] too")

    def _exclusions(self) -> tuple[Exclusion, ...]:
        found = []
        for place, each in enumerate(self._form.exclusion, start=1):
            for name in each.objectives:
                self._known(name, f"exclusion[{place}].objectives")
            window = self._window(each, f"exclusion[{place}]")
            if window is not None:
                found.append(Exclusion(window, each.reason, each.approved_by, tuple(sorted(set(each.objectives)))))
        return tuple(sorted(found, key=lambda each: (each.window.start, each.window.end, each.reason, each.objectives)))

    def _outages(self) -> tuple[Outage, ...]:
        found = []
        for place, each in enumerate(self._form.outage, start=1):
            window = self._window(each, f"outage[{place}]")
            if window is not None:
                found.append(Outage(window, each.reason, each.declared_by))
        return tuple(sorted(found, key=lambda each: (each.window.start, each.window.end, each.reason)))

    def _known(self, name: str, place: str) -> None:
        if name not in self._names:
            near = difflib.get_close_matches(name, self._names, n=1)
            hint = f" (did you mean {near[0]!r}?)" if near else f" (there are {', '.join(self._names)})"
            self.complaints.append(f"{place}: there is no objective {name!r}{hint}")

    def _window(self, form: ExclusionForm | OutageForm, place: str) -> Window | None:
        start, end = self._whole_minute(form.start, f"{place}.from"), self._whole_minute(form.end, f"{place}.to")
        if start is None or end is None:
            return None
        if start >= end:
            self.complaints.append(f"{place}: 'to' ({form.end}) is not after 'from' ({form.start})")
            return None
        return Window(start, end)

    def _whole_minute(self, value: datetime | date, place: str) -> datetime | None:
        try:
            instant = _instant(value, self._zone)
        except ValueError as error:
            self.complaints.append(f"{place}: {error}")
            return None
        if (instant - _EPOCH) % _MINUTE:
            self.complaints.append(f"{place}: {value} is not on a whole minute")
            return None
        return instant


def _objective(form: ObjectiveForm) -> Objective:
    target = 1 - form.target if form.kind is Kind.ERROR_RATE and form.target is not None else form.target
    return Objective(
        name=form.name,
        kind=form.kind,
        periods=form.periods,
        target=target,
        limit=form.under if form.kind is Kind.LATENCY else form.limit,
        route=form.route,
        minute_errors=form.minute_errors,
        backup=form.backup,
        expected_requests=form.expected_requests,
    )


def _instant(value: datetime | date, zone: ZoneInfo) -> datetime:
    """Return the instant, UTC, of a date-time or of a date's first moment.

    Raises:
        ValueError: When the clock of the zone shows that local time never or twice.
    """
    if not isinstance(value, datetime):
        return from_millis(first_instant(zone, value))
    if value.tzinfo is not None:
        return value.astimezone(UTC)
    first, second = (value.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.utcoffset() != second.utcoffset():
        exists = first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == value
        problem = "comes twice" if exists else "does not exist"
        raise ValueError(
            f"{value} {problem} in {zone.key}: write its offset, such as {value.isoformat()}{_offset(first)}"
        )
    return first.astimezone(UTC)


def _offset(value: datetime) -> str:
    text = value.strftime("%z")
    return f"{text[:3]}:{text[3:5]}"

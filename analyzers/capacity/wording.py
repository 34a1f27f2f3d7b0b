"""What is said of capacity, as messages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from analyzers.analysis import Unit
from analyzers.capacity.forecast import Outlook
from analyzers.capacity.model import Kind, Planned, Resource
from analyzers.capacity.trend import LEAST_DAYS
from analyzers.language import Amount, Message, message, plural

MONTH: Final = 30
"""Growth is told for so many days: a day's is too little to picture."""


def title_of(resource: Resource) -> Message:
    """Return the name of a resource: ``disk /var of web-1``."""
    place = (*resource.place, "", "")
    match resource.kind:
        case Kind.DISK:
            return message("disk {mount} of {host}", host=place[0], mount=place[1])
        case Kind.MEMORY:
            return message("memory of {host}", host=place[0])
        case Kind.CONNECTIONS:
            return message("connections of {server}", server=place[0])
        case Kind.DATABASE:
            return message("database {name} of {server}", server=place[0], name=place[1])
        case Kind.REQUESTS:
            return message("requests in the busiest hour")


def outlook_of(planned: Planned) -> Message:
    """Return when it runs out, or why that cannot be told."""
    return _OUTLOOKS[planned.forecast.outlook](planned)


def sentence_of(planned: Planned) -> Message:
    """Return resource and outlook as a sentence."""
    return message("{resource}: {outlook}", resource=title_of(planned.resource), outlook=outlook_of(planned))


def growth_of(planned: Planned) -> Amount:
    """Return by how much it grows in :data:`MONTH` days; unmeasured where there is no trend."""
    slope = None if planned.trend is None else MONTH * planned.trend.slope
    return Amount(slope, planned.resource.kind.unit)


def level_of(planned: Planned) -> Amount:
    """Return its greatest value of the last measured day."""
    return Amount(planned.resource.used, planned.resource.kind.unit)


def limit_of(planned: Planned) -> Amount | None:
    """Return what there is of it."""
    limit = planned.resource.limit
    return None if limit is None else Amount(limit, planned.resource.kind.unit)


def share_of(planned: Planned) -> float | None:
    """Return which share of the limit is used."""
    limit = planned.resource.limit
    return planned.resource.used / limit if limit else None


def _runs_out(planned: Planned) -> Message:
    if planned.runs_out is None or planned.earliest is None:
        raise TypeError(f"{planned.resource.place} runs out on no day")
    if planned.latest is None:
        return message("runs out on {day}, not before {earliest}", day=planned.runs_out, earliest=planned.earliest)
    if planned.earliest == planned.latest:
        return message("runs out on {day}, certain to the day", day=planned.runs_out)
    return message(
        "runs out on {day}, between {earliest} and {latest}",
        day=planned.runs_out,
        earliest=planned.earliest,
        latest=planned.latest,
    )


def _too_noisy(planned: Planned) -> Message:
    if planned.earliest is None:
        raise TypeError(f"{planned.resource.place} has no first plausible day")
    return message("cannot be told: it varies too much; not before {earliest}", earliest=planned.earliest)


def _too_few(planned: Planned) -> Message:
    days = len(planned.resource.days)
    return plural(
        "cannot be told: {n} day is measured, {least} are needed",
        "cannot be told: {n} days are measured, {least} are needed",
        days,
        least=LEAST_DAYS,
    )


def _no_limit(planned: Planned) -> Message:
    growth, resource = growth_of(planned), planned.resource
    if resource.kind.unit is Unit.COUNT:
        day, peak = resource.peak
        return message(
            "{growth} more in 30 days; the most was {peak}, on {day}", growth=growth, peak=int(peak), day=day
        )
    return message("{growth} more in 30 days; nothing limits it that is measured", growth=growth)


_OUTLOOKS: Final[Mapping[Outlook, Callable[[Planned], Message]]] = MappingProxyType(
    {
        Outlook.FULL: lambda _: message("is full"),
        Outlook.RUNS_OUT: _runs_out,
        Outlook.NOT_GROWING: lambda _: message("does not run out within three years"),
        Outlook.SHRINKING: lambda _: message("shrinks"),
        Outlook.TOO_FEW_DAYS: _too_few,
        Outlook.TOO_NOISY: _too_noisy,
        Outlook.NO_LIMIT: _no_limit,
    }
)

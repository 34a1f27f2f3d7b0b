"""What differs between what is shipped and what a cluster has, fact by fact."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from analyzers.store.elastic.facts import VALUE, Facts, Kind, Subject


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as we ship it.

    Attributes:
        kind: What it is about.
        name: The field, the setting, the part of a template.
        parameter: Which parameter of it; empty when the whole is missing or extra, or when it has one value alone.
        shipped: What we ship; ``None`` when nothing.
        found: What the cluster has; ``None`` when nothing.
    """

    kind: Kind
    name: str
    parameter: str
    shipped: str | None
    found: str | None

    @property
    def change(self) -> str:
        """``missing`` or ``extra`` in the cluster, or ``changed``."""
        if self.found is None:
            return "missing"
        return "extra" if self.shipped is None else "changed"

    def __str__(self) -> str:
        what = " ".join(part for part in (self.kind.value, self.name, self.parameter) if part)
        if self.found is None:
            return f"{what} is missing (shipped: {self.shipped})"
        if self.shipped is None:
            return f"{what} is not ours (there: {self.found})"
        return f"{what} is {self.found}, shipped is {self.shipped}"


def differences(shipped: Facts, found: Facts) -> tuple[Difference, ...]:
    """Return all differences, in the order of their names."""
    subjects = sorted(shipped.keys() | found.keys())
    return tuple(each for subject in subjects for each in _of(subject, shipped.get(subject), found.get(subject)))


def _of(subject: Subject, shipped: Mapping[str, str] | None, found: Mapping[str, str] | None) -> Iterator[Difference]:
    if shipped is None or found is None:
        yield Difference(subject.kind, subject.name, "", _whole(shipped), _whole(found))
        return
    for parameter in sorted(shipped.keys() | found.keys()):
        ours, theirs = shipped.get(parameter), found.get(parameter)
        if ours != theirs:
            yield Difference(subject.kind, subject.name, "" if parameter == VALUE else parameter, ours, theirs)


def _whole(parameters: Mapping[str, str] | None) -> str | None:
    """Return all parameters of a field as one text: its type, then the others."""
    if parameters is None:
        return None
    others = [f"{name} {value}" for name, value in sorted(parameters.items()) if name not in {"type", VALUE}]
    first = parameters.get("type") or parameters.get(VALUE)
    return ", ".join([first, *others] if first is not None else others)

"""Helpers for tests of samplers of servers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

from logging_lib.metrics.registry import fields_of
from logging_lib.metrics.sample import MetricValue, Sample, Sampler

TYPES: dict[str, tuple[type, ...]] = {
    "long": (int,),
    "double": (int, float),
    "keyword": (str,),
    "date": (str,),
    "ip": (str,),
    "boolean": (bool,),
}


def read(sampler: Sampler) -> Sequence[Sample]:
    """Return a reading of now."""
    return sampler.sample(datetime.now(tz=UTC))


def flat(node: Mapping[str, MetricValue], prefix: str = "") -> Iterator[tuple[str, MetricValue]]:
    """Yield the dotted names and values of nested fields."""
    for name, value in node.items():
        if isinstance(value, Mapping):
            yield from flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def of(samples: Sequence[Sample], metricset: str, **wanted: MetricValue) -> list[dict[str, MetricValue]]:
    """Return the flat fields of the samples of one metricset that have these values; ``__`` stands for a dot."""
    found = [dict(flat(sample.values)) for sample in samples if sample.metricset == metricset]
    names = {name.replace("__", "."): value for name, value in wanted.items()}
    return [fields for fields in found if all(fields.get(name) == value for name, value in names.items())]


def number(fields: Mapping[str, MetricValue], name: str) -> float:
    """Return a field that must be a number."""
    value = fields[name]
    assert isinstance(value, int | float)
    return value


def undocumented(kind: str, samples: Sequence[Sample]) -> set[object]:
    """Return what a reading has that the reference does not: by metricset and name, or by type."""
    documented = {(field.metricset, field.name): field.kind for field in fields_of(kind)}
    everywhere = {field.name: field.kind for field in fields_of(kind) if field.name.endswith(".address")}
    found = [(sample.metricset, name, value) for sample in samples for name, value in flat(sample.values)]
    return {
        (metricset, name, value if isinstance(value, int | float | str) else str(value))
        for metricset, name, value in found
        if not _fits(documented.get((metricset, name), everywhere.get(name)), value)
    }


def _fits(kind: str | None, value: MetricValue) -> bool:
    if isinstance(value, list):
        return kind == "keyword" and all(isinstance(each, str) for each in value)
    return kind is not None and isinstance(value, TYPES[kind]) and (kind == "boolean" or not isinstance(value, bool))

"""The documented fields are those that are sampled, and those that the mapping has, of the same types."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

import pytest

from analyzers.store.schema import FieldType, load_schema, load_templates
from logging_lib.errors import AtalaiaError
from logging_lib.metrics import load
from logging_lib.metrics.fields import MetricField
from logging_lib.metrics.host import HostOptions, host_samplers
from logging_lib.metrics.registry import KINDS, fields_of, kinds
from logging_lib.metrics.sample import MetricValue

TYPES = {
    "long": (int,),
    "double": (int, float),
    "keyword": (str,),
    "date": (str,),
    "ip": (str,),
    "boolean": (bool,),
}
ENDINGS = {"pct": "share 0..1", "bytes": "bytes", "ms": "ms"}


def leaves(node: Mapping[str, MetricValue], prefix: str = "") -> Iterator[tuple[str, MetricValue]]:
    """Yield the dotted names and values of a sample."""
    for name, value in node.items():
        if isinstance(value, Mapping):
            yield from leaves(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


@pytest.mark.parametrize("kind", [kind.name for kind in kinds()])
def test_the_mapping_has_the_documented_fields(kind: str) -> None:
    """The stream's own component template adds the documented fields and metricset.name, of these types, no other."""
    dataset = next(each.dataset for each in KINDS if each.name == kind)
    schema = load_schema(f"metrics-{dataset}-*")
    common = set(load_schema("logs-app.event-*").fields)
    mapped = {name: str(spec.type) for name, spec in schema.fields.items() if name not in common}
    documented: dict[str, str] = {field.name: field.kind for field in fields_of(kind)}
    assert mapped == documented | {"metricset.name": "keyword"}
    assert schema.fields["metricset.name"].type is FieldType.KEYWORD


@pytest.mark.parametrize("kind", [kind.name for kind in kinds()])
def test_a_name_says_its_unit(kind: str) -> None:
    """A field that ends in pct is a share, one in bytes is bytes or bytes a second; no field is listed twice."""
    fields = fields_of(kind)
    assert len({field.name for field in fields}) == len(fields)
    for field in fields:
        ending = field.name.rpartition(".")[2]
        if ending in ENDINGS:
            assert field.unit.removesuffix("/s") == ENDINGS[ending], field


def test_what_the_host_samples_is_documented() -> None:
    """Every value of a second reading has a documented name, metricset and type, and every documented one is there.

    Only limits of a control group, and swap, are what a machine may lack.
    """
    samplers = host_samplers(HostOptions(patterns=("python",)))
    for sampler in samplers:
        sampler.sample(datetime.now(tz=UTC))
    time.sleep(0.2)
    samples = [sample for sampler in samplers for sample in sampler.sample(datetime.now(tz=UTC))]
    documented: dict[tuple[str, str], MetricField] = {
        (field.metricset, field.name): field for field in fields_of("host")
    }
    found = {(sample.metricset, name): value for sample in samples for name, value in leaves(sample.values)}
    assert set(found) - set(documented) == set()
    for place, value in found.items():
        assert isinstance(value, TYPES[documented[place].kind]), (place, value)
    missing = {name for metricset, name in set(documented) - set(found) if not name.startswith("system.cgroup.")}
    assert missing <= {"system.memory.swap.used.pct"}


def test_an_unknown_kind_is_refused_with_those_there_are() -> None:
    """A typing error in a kind's name is told with the right ones."""
    with pytest.raises(AtalaiaError, match=r"no sampler named 'postgres'.*use one of host"):
        load("postgres", "dsn")
    with pytest.raises(AtalaiaError, match="have no target"):
        load("host", "dsn")


def test_metrics_are_kept_longer_than_logs() -> None:
    """90 days for what shows a trend; the index template says so to Elasticsearch and the embedded store alike."""
    template = load_templates().index["atalaia-metrics-host.system"]
    assert template["template"] == {"lifecycle": {"data_retention": "90d"}}
    assert template["priority"] == 200  # above the built-in metrics-*-* of 100

"""Every plugin says what it does to an event."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from atalaia.pipeline.check.effects import inputs, registry
from atalaia.pipeline.check.subject import Subject
from atalaia.pipeline.config.parse import parse_configuration
from atalaia.pipeline.context import PipelineContext
from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.filters.registry import FILTERS
from atalaia.pipeline.inputs.registry import INPUTS
from atalaia.pipeline.pipeline import compile_pipeline
from atalaia.pipeline.timestamp import Timestamp
from atalaia.pipeline.values import Value
from tests.atalaia.pipeline.check.checking import NOW, in_filter


def test_every_filter_is_declared() -> None:
    """A filter without a declaration would end all knowledge of an event."""
    assert FILTERS.keys() <= registry.FILTERS.keys()


def test_every_input_is_declared() -> None:
    """So would an input."""
    assert INPUTS.keys() <= inputs.INPUTS.keys()


def test_a_filter_without_options_is_survived() -> None:
    """Whatever is missing in it, declarations and checks go on: only what is missing is told."""
    for name in FILTERS:
        found = [finding.code for finding in in_filter(f"{name} {{ }}")]
        assert set(map(str, found)) <= {"missing-option", "bad-value", "unreachable-statement", "plugin-warning"}, name


@pytest.mark.parametrize("ecs", list(EcsCompatibility))
@pytest.mark.parametrize(
    "source",
    [
        "file { path => '/x' type => tt tags => ['a'] add_field => { '[b][c]' => 'd' } }",
        "stdin { }",
        "generator { }",
        "stdin { codec => json }",
        "stdin { codec => json { target => '[doc]' } }",
        "tcp { port => 7 }",
    ],
)
def test_inputs_bring_what_is_declared(source: str, ecs: EcsCompatibility) -> None:
    """Every field of events that inputs and codecs really make may be there, and all that is certain is."""
    configuration = parse_configuration(f"input {{ {source} }}", "f.conf")
    context = PipelineContext("main", ecs, lambda: NOW, Path("/"))
    (loaded,) = compile_pipeline(configuration, context, {}).inputs
    end = Subject(configuration, context, {}).flow.end
    for line in (b"plain text", b'{"a": {"b": 1}, "tags": ["x"]}'):
        for event in loaded.codec.decoder().decode(line, Timestamp.from_datetime(NOW)):
            loaded.finish(event, "192.0.2.1:7" if source.startswith("tcp") else "/x")
            brought = places({**event.data, "@metadata": event.metadata}) - {("tags",)}  # tags are kept by themselves
            assert [path for path in brought if end.at(path).absent] == []
            certain = {path for path, found in end.fields.items() if found.certain}
            assert certain - brought - {("sequence",), ("event", "sequence")} == set()


def places(fields: Mapping[str, Value], path: tuple[str, ...] = ()) -> set[tuple[str, ...]]:
    """Return every place in an event."""
    inner = [places(value, (*path, name)) for name, value in fields.items() if isinstance(value, dict)]
    return {path, *((*path, name) for name in fields)}.union(*inner)

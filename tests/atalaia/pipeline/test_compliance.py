"""What every plugin keeps to: documented options, strict ones, counts that add up, and failures that are told."""

from __future__ import annotations

import inspect
import re
import sys
from dataclasses import dataclass
from typing import Final

import pytest
from pydantic import BaseModel

from atalaia.pipeline.codecs.registry import CODECS
from atalaia.pipeline.counters import PluginCounter
from atalaia.pipeline.errors import ConfigurationError
from atalaia.pipeline.event import Event
from atalaia.pipeline.filters.registry import FILTERS
from atalaia.pipeline.inputs.registry import INPUTS
from atalaia.pipeline.outputs.registry import OUTPUTS
from atalaia.pipeline.plugins import Plugins
from atalaia.pipeline.rejection import PluginError
from atalaia.pipeline.timestamp import Timestamp
from atalaia.pipeline.values import Value, copy_dict
from tests.atalaia.pipeline.corpus import corpus_root
from tests.atalaia.pipeline.delivered import NOW, Delivered, compiled

KINDS: Final[dict[str, Plugins[object]]] = {
    "codec": CODECS,  # type: ignore[dict-item] # of these only names and modules are asked for
    "filter": FILTERS,  # type: ignore[dict-item] # as above
    "input": INPUTS,  # type: ignore[dict-item] # as above
    "output": OUTPUTS,  # type: ignore[dict-item] # as above
}
ALL: Final = [(kind, name) for kind, plugins in KINDS.items() for name in plugins]

Fields = dict[str, Value]


@dataclass(frozen=True)
class Sample:
    """A filter at work.

    Attributes:
        settings: What stands between its braces.
        good: An event it works on.
        bad: An event on which it fails; ``None`` for a filter that cannot.
        tag: How it tags the failure; ``None`` when it says so by the count alone.
        leaves: How many events come of the good one.
    """

    settings: str
    good: Fields
    bad: Fields | None = None
    tag: str | None = None
    leaves: int = 1


DATABASE: Final = corpus_root() / "geoip" / "GeoIP2-City-Test.mmdb"
SAMPLES: Final[dict[str, Sample]] = {
    "cidr": Sample('address => ["%{ip}"] network => ["10.0.0.0/8"]', {"ip": "10.1.1.1"}),
    "clone": Sample('clones => ["a", "b"]', {"x": 1}, leaves=3),
    "csv": Sample("", {"message": "a,b"}, {"message": 'a,"b'}, "_csvparsefailure"),
    "date": Sample('match => ["t", "ISO8601"]', {"t": "2024-01-15T10:30:00Z"}, {"t": "soon"}, "_dateparsefailure"),
    "dissect": Sample(
        'mapping => { "message" => "%{a} %{b}" }', {"message": "x y"}, {"message": "x"}, "_dissectfailure"
    ),
    "drop": Sample("", {"x": 1}, leaves=0),
    "fingerprint": Sample('source => "x" method => "SHA256"', {"x": "1"}),
    "geoip": Sample(
        f'source => "ip" target => "[client][geo]" database => "{DATABASE}"',
        {"ip": "81.2.69.142"},
        {"ip": "nowhere"},
        "_geoip_lookup_failure",
    ),
    "grok": Sample('match => { "message" => "%{NUMBER:n}" }', {"message": "5"}, {"message": "x"}, "_grokparsefailure"),
    "json": Sample('source => "message" target => "j"', {"message": "{}"}, {"message": "{"}, "_jsonparsefailure"),
    "kv": Sample("", {"message": "a=1"}),
    "mutate": Sample('convert => { "n" => "integer" }', {"n": "5"}, {"n": "five"}, "_mutate_error"),
    "prune": Sample('whitelist_names => ["x"]', {"x": 1}),
    "split": Sample('field => "x"', {"x": ["a", "b"]}, {"x": 5}, "_split_type_failure", leaves=2),
    "translate": Sample('source => "x" target => "y" dictionary => { "a" => "b" }', {"x": "a"}),
    "truncate": Sample('fields => ["x"] length_bytes => 1', {"x": "abc"}),
    "urldecode": Sample('field => "x"', {"x": "a%20b"}),
    "useragent": Sample('source => "x" target => "agent"', {"x": "curl/8.5.0"}),
    "uuid": Sample('target => "x"', {}),
}


def test_every_filter_has_a_sample() -> None:
    """A filter that comes without one would not be held to anything below."""
    assert set(SAMPLES) == set(FILTERS)


@pytest.mark.parametrize(("kind", "name"), ALL)
def test_the_source_is_named(kind: str, name: str) -> None:
    """A plugin's module says after which plugin of Logstash, and which version, it was written."""
    assert re.search(rf"Source: logstash-({kind}-{name}|core) \d", module_text(kind, name))


@pytest.mark.parametrize(("kind", "name"), ALL)
def test_every_option_is_documented(kind: str, name: str) -> None:
    """Each option stands under ``Attributes:`` of its model, or of a model that one extends."""
    model = options_of(kind, name)
    described = "\n".join(inspect.getdoc(each) or "" for each in model.__mro__ if issubclass(each, BaseModel))
    names = {field.alias or option for option, field in model.model_fields.items()}
    missing = {option for option in names if f"    {option}: " not in described and f"``{option}``" not in described}
    assert not missing


@pytest.mark.parametrize(("kind", "name"), ALL)
def test_an_unknown_option_is_refused_by_name(kind: str, name: str) -> None:
    """The message names plugin, option and place."""
    option = f"{name} {{ no_such_option => 1 }}"
    owned = f'output {{ file {{ path => "/x" codec => {option} }} }}'  # which takes any codec as it is named
    text = owned if kind == "codec" else f"{kind} {{ {option} }}"
    with pytest.raises(ConfigurationError, match=r"no_such_option|needs the option") as refused:
        compiled(text)
    assert refused.value.plugin == name
    assert refused.value.position.line == 1


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_counts_add_up(name: str) -> None:
    """What goes in comes out, is dropped, or is rejected; a filter that copies gives out what it made."""
    sample = SAMPLES[name]
    counter, events, rejected = run(name, [sample.good] * 3)
    assert not rejected
    assert (counter.events_in, counter.failed) == (3, 0)
    assert counter.events_out == len(events) == 3 * sample.leaves
    assert counter.dropped == (3 if sample.leaves == 0 else 0)


@pytest.mark.parametrize("name", sorted(name for name, sample in SAMPLES.items() if sample.bad is not None))
def test_a_failure_is_tagged_and_counted(name: str) -> None:
    """An event that cannot be worked on goes on with the tag, and is counted once, beside one that can."""
    sample = SAMPLES[name]
    assert sample.bad is not None
    counter, events, rejected = run(name, [sample.bad, sample.good])
    assert not rejected
    assert (counter.events_in, counter.failed) == (2, 1)
    tags = events[0].data.get("tags")
    assert tags == [sample.tag]
    assert "tags" not in events[1].data


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_the_common_options_are_applied_on_success_only(name: str) -> None:
    """``add_tag`` marks an event the filter worked on, and no other."""
    sample = SAMPLES[name]
    _, events, _ = run(name, [sample.good], common='add_tag => ["done"]')
    if sample.leaves:
        assert "done" in str(events[-1].data.get("tags"))
    if sample.bad is not None:
        _, failed, _ = run(name, [sample.bad], common='add_tag => ["done"]')
        assert failed[0].data["tags"] == [sample.tag]


@pytest.mark.parametrize("name", ["stdout", "file", "elasticsearch"])
def test_outputs_count_what_they_take(name: str) -> None:
    """Each event an output takes is counted once, in and out."""
    settings = {"file": 'path => "/x"', "elasticsearch": 'data_stream => "true"', "stdout": ""}[name]
    pipeline = compiled(f"output {{ {name} {{ {settings} }} }}")
    pipeline.output([event({"x": 1}), event({"x": 2})], Delivered())
    (counter,) = pipeline.counters.plugins
    assert (counter.events_in, counter.events_out, counter.failed) == (2, 2, 0)


def run(name: str, given: list[Fields], common: str = "") -> tuple[PluginCounter, list[Event], list[PluginError]]:
    """Run events through one filter."""
    pipeline = compiled(f"filter {{ {name} {{ {SAMPLES[name].settings} {common} }} }}")
    rejected: list[PluginError] = []
    events = pipeline.filter([event(copy_dict(each)) for each in given], lambda _event, error: rejected.append(error))
    (counter,) = pipeline.counters.plugins
    return counter, events, rejected


def event(fields: Fields) -> Event:
    """Make an event."""
    return Event.create(fields, Timestamp.from_datetime(NOW))


def module_text(kind: str, name: str) -> str:
    """Return the docstring of a plugin's module."""
    assert KINDS[kind][name] is not None
    return sys.modules[f"atalaia.pipeline.{kind}s.{name}"].__doc__ or ""


def options_of(kind: str, name: str) -> type[BaseModel]:
    """Return the model of a plugin's options."""
    model = getattr(KINDS[kind][name], "options")  # noqa: B009 - every plugin has it, the registries' protocol does not say so
    assert isinstance(model, type)
    assert issubclass(model, BaseModel)
    return model

"""What is said of an event's fields is true: of all that Logstash printed, and where ways part and meet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import pytest

from atalaia.pipeline.check.flow.fields import Field, Kind, Path, Presence, State
from atalaia.pipeline.check.flow.walk import follow
from atalaia.pipeline.check.sites import SiteFinder
from atalaia.pipeline.config.parse import parse_configuration
from atalaia.pipeline.ecs import EcsCompatibility
from tests.atalaia.pipeline.corpus import Case, Json, corpus_root, read_cases

CASES = [case for case in read_cases() if not case.refused]


def end_of(
    text: str, start: State | None = None, *, ecs: bool = False, variables: dict[str, str] | None = None
) -> State:
    """Return what is known of an event after the filters."""
    configuration = parse_configuration(text, "f.conf")
    sites = SiteFinder(configuration, variables or {}, ecs=ecs, directory=corpus_root())
    return follow(configuration, sites, start).end


def places(fields: Json, path: Path = ()) -> Iterator[tuple[Path, Json]]:
    """Yield every place in an event with its value; places in lists are left out."""
    yield path, fields
    if isinstance(fields, dict):
        for name, value in fields.items():
            yield from places(value, (*path, name))


_HELD: Final[Mapping[Kind, tuple[type, ...]]] = {
    Kind.TEXT: (str,),
    Kind.TIMESTAMP: (str,),
    Kind.NUMBER: (int, float),
    Kind.NUMERIC: (int, float, str, dict),
    Kind.BOOLEAN: (bool,),
    Kind.LOGICAL: (bool, int, float, str, dict),
    Kind.OBJECT: (dict,),
}


def is_of(kind: Kind, value: Json) -> bool:
    """Tell whether a printed value is of a kind: null, one such value, or a list of them."""
    if kind is Kind.ANY or value is None:
        return True
    if isinstance(value, list):
        return all(is_of(kind, item) for item in value)
    return isinstance(value, _HELD[kind]) and (kind in (Kind.BOOLEAN, Kind.LOGICAL) or not isinstance(value, bool))


def before(case: Case) -> State:
    """Return what may be in the events of a case: any field that one of them has, and nothing else."""
    fields = {(): Field(Presence.CERTAIN, Kind.OBJECT), ("@metadata",): Field(Presence.CERTAIN, Kind.OBJECT)}
    lines = (case.folder / "input.ndjson").read_text(encoding="utf-8").split("\n")
    read = [event for event in map(parsed, lines) if isinstance(event, dict)]
    for name in (
        "message",
        "@timestamp",
        "_@timestamp",
        "@version",
        "tags",
        "_tags",
        *(name for event in read for name in event),
    ):
        fields[name,] = Field(Presence.POSSIBLE, Kind.ANY, open=True)
    return State(fields, frozenset({"_jsonparsefailure", "_timestampparsefailure", "_tagsparsefailure"}))


def parsed(line: str) -> Json:
    """Return a line of JSON; nothing for what is none."""
    import json  # noqa: PLC0415 - the name of a filter elsewhere here

    try:
        value: Json = json.loads(line)
    except ValueError:
        return None
    return value


@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_logstash_printed_was_thought_possible(case: Case) -> None:
    """Every field of every printed event may be there, of that kind, and every field that is certain is there."""
    text = (case.folder / "pipeline.conf").read_bytes().decode("utf-8")
    end = end_of(text, before(case), ecs=case.ecs is EcsCompatibility.V8, variables=case.variables)
    for event in case.expected:
        printed = dict(places(event))
        for path, value in printed.items():
            found = end.at(path)
            assert not found.absent, path
            assert is_of(found.kind, value), (path, found, value)
        certain = {path for path, found in end.fields.items() if found.certain and path[:1] != ("@metadata",)}
        assert certain <= printed.keys()
    tags = {tag for event in case.expected for tag in tags_of(event)}
    assert end.any_tags or tags <= end.tags | tags_before(case)


def tags_of(event: dict[str, Json]) -> list[str]:
    """Return an event's tags."""
    tags = event.get("tags")
    return [str(tag) for tag in tags] if isinstance(tags, list) else []


def tags_before(case: Case) -> set[str]:
    """Return the tags that events of a case come with."""
    lines = (case.folder / "input.ndjson").read_text(encoding="utf-8").split("\n")
    read = [event for event in map(parsed, lines) if isinstance(event, dict)]
    given = [tags if isinstance(tags, list) else [tags] for event in read for tags in [event.get("tags")]]
    return {str(tag) for tags in given for tag in tags}


@pytest.mark.parametrize(
    ("source", "ecs", "there", "absent"),
    [
        ("file { path => '/x' }", False, ["message", "host", "path"], ["log", "event"]),
        ("file { path => '/x' }", True, ["message", "host.name", "log.file.path", "event.original"], ["path"]),
        ("stdin { }", True, ["message", "host.hostname", "event.original"], ["sequence"]),
        ("stdin { codec => plain { ecs_compatibility => disabled } }", True, ["message"], ["event"]),
        ("stdin { type => tt add_field => { '[a][b]' => 1 } }", False, ["type", "a.b"], ["host"]),
        ("generator { }", False, ["host", "sequence"], ["event"]),
        ("stdin { codec => json { target => doc } }", False, ["doc.any.thing", "message"], ["any"]),
        ("stdin { codec => json }", False, ["any.thing"], []),
        ("pipeline { address => a1 }", False, ["any.thing"], []),
        ("stdin { } generator { }", False, ["message", "host"], ["event"]),
        ("http { }", True, ["http.method", "url.path", "any.thing"], []),
        ("tcp { port => 1 }", False, ["message", "host", "port", "sslsubject"], ["path"]),
        ("tcp { port => 1 }", True, ["message", "@metadata.input.tcp.source.ip"], ["host", "port"]),
    ],
)
def test_what_inputs_bring(source: str, ecs: bool, there: list[str], absent: list[str]) -> None:  # noqa: FBT001 - a case
    """By input, codec and ECS compatibility; with several inputs what one of them may bring."""
    end = end_of(f"input {{ {source} }}", ecs=ecs)
    assert [name for name in there if end.at(tuple(name.split("."))).absent] == []
    assert [name for name in absent if not end.at(tuple(name.split("."))).absent] == []


@pytest.mark.parametrize(
    ("filters", "field", "expected"),
    [
        ("if [m] { mutate { replace => { 'a' => 'x' } } }", "a", (Presence.POSSIBLE, Kind.TEXT)),
        ("if [m] { mutate { replace => { 'a' => 'x' } } } else { drop { } }", "a", (Presence.CERTAIN, Kind.TEXT)),
        (
            "if [m] { mutate { replace => { 'a' => 'x' } } } else { uuid { target => 'a' overwrite => true } }",
            "a",
            (Presence.CERTAIN, Kind.TEXT),
        ),
        ("mutate { replace => { 'a' => '1' } convert => { 'a' => 'integer' } }", "a", (Presence.CERTAIN, Kind.NUMERIC)),
        (
            "mutate { replace => { '[a][b]' => '1' } rename => { '[a]' => '[c]' } }",
            "a",
            (Presence.CERTAIN, Kind.OBJECT),
        ),
        (
            "mutate { replace => { '[a][b]' => '1' } } mutate { rename => { '[a]' => '[c]' } }",
            "c.b",
            (Presence.CERTAIN, Kind.TEXT),
        ),
        (
            "mutate { replace => { '[a][b]' => '1' } } mutate { rename => { '[a]' => '[c]' } }",
            "a.b",
            (Presence.ABSENT, Kind.ANY),
        ),
        (
            "mutate { remove_field => ['message'] } mutate { add_field => { '[message][x]' => 'y' } }",
            "message",
            (Presence.CERTAIN, Kind.OBJECT),
        ),
        ("grok { match => { 'message' => '%{INT:[n][m]:int}' } }", "n.m", (Presence.POSSIBLE, Kind.NUMBER)),
        ("date { match => ['message', 'ISO8601'] target => 'at' }", "at", (Presence.POSSIBLE, Kind.TIMESTAMP)),
        ("json { source => 'message' target => 'doc' }", "doc.a.b", (Presence.POSSIBLE, Kind.ANY)),
        ("mutate { add_field => { 'message' => 'x' } }", "message", (Presence.CERTAIN, Kind.TEXT)),
        ("mutate { add_field => { '%{message}' => 'x' } }", "whatever", (Presence.POSSIBLE, Kind.ANY)),
        ("ruby { code => 'x' }", "whatever", (Presence.POSSIBLE, Kind.ANY)),
        ("prune { whitelist_names => ['^b'] }", "message", (Presence.ABSENT, Kind.ANY)),
    ],
)
def test_where_ways_part_and_meet(filters: str, field: str, expected: tuple[Presence, Kind]) -> None:
    """A field is certain only when every way sets it, and of a kind only when all ways agree."""
    found = end_of(f"input {{ generator {{ }} }} filter {{ {filters} }}").at(tuple(field.split(".")))
    assert (found.presence, found.kind) == expected

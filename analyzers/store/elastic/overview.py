"""The state of a cluster as far as it concerns us: its health, our templates, our data streams."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final, cast
from urllib.parse import quote

from analyzers.store.elastic.answers import JsonObject, a_count, a_text, an_object
from analyzers.store.elastic.connection import Connection
from analyzers.store.elastic.lifecycles import lifecycles
from analyzers.store.elastic.mapping import Misfit, first_misfit
from analyzers.store.elastic.streams import mapping_of, our_names
from analyzers.store.elastic.templates import Template, TemplateState, read_templates
from analyzers.store.schema import load_schema

_MAJOR: Final = "9."
_WORST_FIRST: Final = (
    TemplateState.MISSING,
    TemplateState.OLDER,
    TemplateState.DIFFERENT,
    TemplateState.NEWER,
    TemplateState.EQUAL,
)
_WRONG: Final = frozenset({TemplateState.MISSING, TemplateState.OLDER, TemplateState.DIFFERENT})


@dataclass(frozen=True, slots=True)
class StreamState:
    """One data stream.

    Attributes:
        name: Its name.
        documents: How many documents it holds; ``None`` when no shard of it can say.
        bytes: How much disk it takes, replicas included; ``None`` likewise.
        backing_indices: How many backing indices it has.
        retention: How long documents are kept, as in ``30d``; ``None`` when for ever.
        template: The worst state among the templates it is made of.
        misfit: The first field that its write index maps otherwise than we do.
    """

    name: str
    documents: int | None
    bytes: int | None
    backing_indices: int
    retention: str | None
    template: TemplateState
    misfit: Misfit | None


@dataclass(frozen=True, slots=True)
class Overview:
    """A cluster as far as it concerns us.

    Attributes:
        url: Its address, without credentials.
        name: Its name.
        health: ``green``, ``yellow`` or ``red``.
        unassigned: How many shards are nowhere.
        nodes: Node name to version.
        templates: Our templates.
        streams: Our data streams, by name.
        strangers: What stands under our names and is no data stream, in words.
    """

    url: str
    name: str
    health: str
    unassigned: int
    nodes: Mapping[str, str]
    templates: tuple[Template, ...]
    streams: tuple[StreamState, ...]
    strangers: tuple[str, ...]

    @property
    def problems(self) -> tuple[str, ...]:
        """What is wrong, in words, each with what to do about it."""
        return tuple(_problems(self))

    @property
    def remarks(self) -> tuple[str, ...]:
        """What is worth a look and not wrong."""
        return tuple(_remarks(self))


def look(connection: Connection) -> Overview:
    """Look at a cluster.

    Raises:
        StoreError: When it cannot answer.
    """
    health = connection.call("GET", "/_cluster/health")
    nodes = an_object(connection.call("GET", "/_nodes/http").get("nodes"), "nodes")
    described = [an_object(node, "node") for node in nodes.values()]
    templates, names = tuple(read_templates(connection)), our_names(connection)
    return Overview(
        connection.url,
        a_text(health.get("cluster_name"), "cluster_name"),
        a_text(health.get("status"), "status"),
        a_count(health.get("unassigned_shards"), "unassigned_shards"),
        {a_text(node.get("name"), "name"): a_text(node.get("version"), "version") for node in described},
        templates,
        tuple(_streams(connection, templates, names.streams)),
        names.strangers,
    )


def _streams(
    connection: Connection, templates: Sequence[Template], streams: Mapping[str, tuple[str, ...]]
) -> Iterator[StreamState]:
    kept = lifecycles(connection) if streams else {}
    for name, indices in sorted(streams.items()):
        documents, size = _volume(connection, name)
        misfit = first_misfit(mapping_of(connection, indices[-1]), load_schema(name))
        retention = _retention(kept.get(name, {}))
        yield StreamState(name, documents, size, len(indices), retention, _template_state(name, templates), misfit)


def _volume(connection: Connection, stream: str) -> tuple[int | None, int | None]:
    """Return the documents of a stream, and its bytes on disk with replicas, as far as its shards can say."""
    everything = an_object(connection.call("GET", f"/{quote(stream)}/_stats/docs,store").get("_all"), "_all")
    return _sum(everything, "primaries", "docs", "count"), _sum(everything, "total", "store", "size_in_bytes")


def _sum(everything: JsonObject, shards: str, what: str, name: str) -> int | None:
    found = an_object(everything.get(shards), shards).get(what)  # not there when no shard is, as in a red cluster
    return None if found is None else a_count(an_object(found, what).get(name), name)


def _retention(lifecycle: JsonObject) -> str | None:
    value = lifecycle.get("effective_retention") or lifecycle.get("data_retention")
    return value if isinstance(value, str) and lifecycle.get("enabled") is not False else None


def _template_state(stream: str, templates: Sequence[Template]) -> TemplateState:
    names: set[tuple[str, str]] = set()
    for template in templates:
        patterns = cast("list[str]", template.shipped.get("index_patterns", []))
        if any(fnmatchcase(stream, pattern) for pattern in patterns):
            names.add((template.kind, template.name))
            names |= {("component", each) for each in cast("list[str]", template.shipped["composed_of"])}
    states = {template.state for template in templates if (template.kind, template.name) in names}
    return next(state for state in _WORST_FIRST if state in states)


def _problems(overview: Overview) -> Iterator[str]:
    if overview.health == "red":
        yield "the cluster is red: data is missing; GET _cluster/allocation/explain says why"
    for node, version in overview.nodes.items():
        if not version.startswith(_MAJOR):
            yield f"the node {node} has version {version}; 9 is needed"
    for template in overview.templates:
        if template.state in _WRONG:
            yield f"the {template.kind} template {template.name} is {template.state}; run 'atalaia elasticsearch setup'"
    yield from overview.strangers
    for stream in overview.streams:
        if stream.misfit is not None:
            field = f"{stream.misfit.name} as {stream.misfit.found}, not as {stream.misfit.wanted}"
            yield f"{stream.name} maps {field}; run 'atalaia elasticsearch setup --rollover'"


def _remarks(overview: Overview) -> Iterator[str]:
    if overview.health == "yellow":
        yield f"the cluster is yellow: {overview.unassigned} shards have no copy yet"
    for template in overview.templates:
        if template.state is TemplateState.NEWER:
            yield f"the {template.kind} template {template.name} is newer than this atalaia"

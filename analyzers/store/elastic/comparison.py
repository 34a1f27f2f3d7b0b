"""What a cluster has against what we ship: the templates, and the data streams that exist already."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import cast
from urllib.parse import quote

from analyzers.store.elastic.answers import JsonObject, an_object
from analyzers.store.elastic.connection import Connection
from analyzers.store.elastic.differences import Difference, differences
from analyzers.store.elastic.facts import (
    Facts,
    Kind,
    Subject,
    lifecycle_facts,
    mapping_facts,
    setting_facts,
    template_facts,
)
from analyzers.store.elastic.lifecycles import lifecycles
from analyzers.store.elastic.streams import our_names
from analyzers.store.elastic.templates import Template, TemplateState, read_templates
from analyzers.store.schema import load_templates


@dataclass(frozen=True, slots=True)
class Compared:
    """One thing of a cluster beside what we ship.

    Attributes:
        what: ``component template``, ``index template``, ``data stream`` or ``backing index``.
        name: Its name.
        state: How it compares.
        differences: What differs.
    """

    what: str
    name: str
    state: TemplateState
    differences: tuple[Difference, ...]


def compare(connection: Connection) -> list[Compared]:
    """Compare all templates, and all data streams of ours with all their backing indices.

    Raises:
        StoreError: When the cluster cannot answer.
    """
    return [*map(compared_template, read_templates(connection)), *_streams(connection)]


def compared_template(template: Template) -> Compared:
    """Return a template's comparison."""
    return Compared(f"{template.kind} template", template.name, template.state, template.differences)


def compared_indices(connection: Connection, stream: str, indices: Sequence[str]) -> list[Compared]:
    """Compare the fields, and the settings that we ship, of a stream's backing indices with our templates.

    Other settings are the cluster's: what it allocates where, under which name, since when.

    Args:
        connection: The way to Elasticsearch.
        stream: The data stream.
        indices: Its backing indices; the answer is in their order.
    """
    shipped = {key: value for key, value in shipped_facts(stream).items() if key.kind is not Kind.LIFECYCLE}
    answer = connection.call("GET", f"/{quote(stream)}")
    return [
        _compared("backing index", index, differences(shipped, _found(an_object(answer.get(index), index), shipped)))
        for index in indices
    ]


def shipped_facts(stream: str) -> Facts:
    """Return what a new data stream of this name gets from our templates: later ones override, field by field."""
    templates = load_templates()
    facts: dict[Subject, dict[str, str]] = {}
    for body in templates.index.values():
        if any(fnmatchcase(stream, pattern) for pattern in cast("list[str]", body["index_patterns"])):
            parts = [*(templates.component[name] for name in cast("list[str]", body["composed_of"])), body]
            for part in parts:
                facts.update({key: dict(value) for key, value in template_facts(cast("JsonObject", part)).items()})
    return {subject: value for subject, value in facts.items() if subject.kind is not Kind.TEMPLATE}


def _streams(connection: Connection) -> Iterator[Compared]:
    streams = our_names(connection).streams
    kept = lifecycles(connection) if streams else {}
    for stream, indices in sorted(streams.items()):
        ours = {key: value for key, value in shipped_facts(stream).items() if key.kind is Kind.LIFECYCLE}
        yield _compared("data stream", stream, differences(ours, lifecycle_facts(kept.get(stream, {}))))
        yield from compared_indices(connection, stream, indices)


def _found(index: JsonObject, shipped: Facts) -> Facts:
    settings = setting_facts(an_object(index.get("settings"), "settings"))
    return {
        **mapping_facts(an_object(index.get("mappings"), "mappings")),
        **{subject: value for subject, value in settings.items() if subject in shipped},
    }


def _compared(what: str, name: str, found: tuple[Difference, ...]) -> Compared:
    return Compared(what, name, TemplateState.DIFFERENT if found else TemplateState.EQUAL, found)

"""The fields of a stream and their types, read from the Elasticsearch templates: the one source of the mapping.

Both stores use it: the Elasticsearch store installs the templates as they are, the embedded store derives its columns
from them, and queries are checked against them before any backend sees them.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias, cast

from analyzers.assets import asset_root
from analyzers.fields import stored_name
from analyzers.store.query import QueryError
from logging_lib.errors import AtalaiaError

JsonObject: TypeAlias = "dict[str, JsonObject | list[str] | str | int | bool | None]"


class FieldType(StrEnum):
    """The Elasticsearch types that the templates use. All belong to the server's core."""

    KEYWORD = "keyword"
    TEXT = "text"
    DATE = "date"
    IP = "ip"
    BOOLEAN = "boolean"
    SHORT = "short"
    INTEGER = "integer"
    LONG = "long"
    FLOAT = "float"
    DOUBLE = "double"


INTEGRAL = frozenset({FieldType.SHORT, FieldType.INTEGER, FieldType.LONG})
NUMERIC = INTEGRAL | {FieldType.FLOAT, FieldType.DOUBLE}

LIST_FIELDS = frozenset({"tags", "event.category", "event.type"})
"""Fields that hold a set of values by their meaning in ECS; they can be tested but not grouped by."""


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One stored field.

    Attributes:
        name: The dotted stored name.
        type: How it is indexed.
        ignore_above: Keywords longer than this many UTF-16 units are kept in the source but are absent for queries;
            ``None`` for other types.
    """

    name: str
    type: FieldType
    ignore_above: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Schema:
    """The fields of a stream; there is one for each stream's pattern, equal to itself only.

    Attributes:
        stream: The index pattern they belong to, e.g. ``logs-web.request-*``.
        fields: Stored name to field, without aliases, sorted by name.
        aliases: Alias in the mapping to stored name. A document must not carry a field of such a name.
    """

    stream: str
    fields: Mapping[str, FieldSpec]
    aliases: Mapping[str, str]

    def field(self, name: str) -> FieldSpec:
        """Return the field that a stored name or an alias means.

        Raises:
            QueryError: When there is none; the remedy names those that look like it.
        """
        stored = self.aliases.get(name, stored_name(name))
        if stored not in self.fields:
            raise QueryError(f"{self.stream} has no field {name!r}", self._nearest(name))
        return self.fields[stored]

    def _nearest(self, name: str) -> str:
        names = [*self.fields, *self.aliases]
        near = difflib.get_close_matches(name, names, n=3, cutoff=0.5)
        near = near or sorted(known for known in names if name.lower() in known)[:3]
        return f"did you mean {', '.join(near)}?" if near else "see elasticsearch/component_templates for the fields"


@dataclass(frozen=True, slots=True)
class Templates:
    """The template files of one folder, by name: the bodies of ``PUT _component_template`` and ``_index_template``."""

    component: Mapping[str, JsonObject]
    index: Mapping[str, JsonObject]


@cache
def load_templates(root: Path | None = None) -> Templates:
    """Read the template files.

    Args:
        root: The folder that holds ``component_templates`` and ``index_templates``; the shipped one by default.

    Raises:
        AtalaiaError: When a file is not a JSON object.
    """
    folder = root or asset_root("elasticsearch")
    return Templates(_read(folder / "component_templates"), _read(folder / "index_templates"))


@lru_cache(maxsize=1024)  # a stream's last part comes from the records, so there may be any number
def load_schema(stream: str) -> Schema:
    """Return the fields of a stream, as the shipped templates have them.

    Args:
        stream: A data stream's name (``logs-web.request-production``) or pattern (``logs-web.request-*``).

    Raises:
        QueryError: When no index template is for this stream.
    """
    pattern, _ = index_template(stream, load_templates())
    return _shipped(pattern)


def read_schema(stream: str, templates: Templates) -> Schema:
    """Return the fields of a stream, as some templates have them.

    Raises:
        QueryError: When no index template is for this stream.
    """
    pattern, template = index_template(stream, templates)
    fields: dict[str, FieldSpec] = {}
    aliases: dict[str, str] = {}
    for mapping in _mappings(template, templates):
        for name, leaf in _leaves(mapping, ""):
            if leaf["type"] == "alias":
                aliases[name] = cast("str", leaf["path"])
            else:
                limit = cast("int | None", leaf.get("ignore_above"))
                fields[name] = FieldSpec(name, FieldType(cast("str", leaf["type"])), limit)
    ordered = {name: fields[name] for name in sorted(fields)}
    return Schema(pattern, MappingProxyType(ordered), MappingProxyType(aliases))


@cache
def _shipped(pattern: str) -> Schema:
    return read_schema(pattern, load_templates())


def _read(folder: Path) -> Mapping[str, JsonObject]:
    return MappingProxyType({path.stem: _read_object(path) for path in sorted(folder.glob("*.json"))})


def _read_object(path: Path) -> JsonObject:
    try:
        value: object = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise AtalaiaError(f"cannot read the template {path}: {error}", "repair it or install atalaia again") from error
    if not isinstance(value, dict):
        raise AtalaiaError(f"the template {path} is not a JSON object", "repair it or install atalaia again")
    return cast("JsonObject", value)


def index_template(stream: str, templates: Templates) -> tuple[str, JsonObject]:
    """Return the pattern that a stream matches, and the index template it belongs to.

    Raises:
        QueryError: When no index template is for this stream.
    """
    patterns: list[str] = []
    for template in templates.index.values():
        for pattern in cast("list[str]", template["index_patterns"]):
            if fnmatchcase(stream, pattern) and stream != pattern.rstrip("*"):
                return pattern, template
            patterns.append(pattern)
    raise QueryError(f"there is no stream {stream!r}", f"name one that matches {', '.join(patterns)}")


def _mappings(template: JsonObject, templates: Templates) -> Iterator[JsonObject]:
    """Yield the ``properties`` a stream is composed of, later ones overriding earlier ones, as Elasticsearch does."""
    parts = [templates.component[name] for name in cast("list[str]", template["composed_of"])]
    for part in (*parts, template):
        body = cast("JsonObject", part.get("template", {}))
        mappings = cast("JsonObject", body.get("mappings", {}))
        yield cast("JsonObject", mappings.get("properties", {}))


def _leaves(properties: JsonObject, prefix: str) -> Iterator[tuple[str, JsonObject]]:
    for name, value in properties.items():
        node = cast("JsonObject", value)
        if "properties" in node:
            yield from _leaves(cast("JsonObject", node["properties"]), f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", node

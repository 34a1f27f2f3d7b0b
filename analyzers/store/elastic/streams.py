"""What a stream's name stands for in a cluster, and whether it may be written to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, cast
from urllib.parse import quote

from analyzers.store.elastic.answers import Json, JsonObject, a_list, a_text, an_object
from analyzers.store.elastic.connection import NOT_FOUND, Connection, RequestError
from analyzers.store.elastic.mapping import first_misfit
from analyzers.store.interface import StoreError
from analyzers.store.schema import load_schema, load_templates

_NO_ALIAS: Final = "remove the alias, or write to another environment"
_MAKE_ROOM: Final = "reindex it into a data stream and delete it, or write to another environment"


def backing_indices(connection: Connection, stream: str) -> tuple[str, ...]:
    """Return the backing indices of a data stream, the write index last; none when nothing has that name.

    Raises:
        StoreError: When the name is that of an index or an alias.
    """
    try:
        found = connection.call("GET", f"/_resolve/index/{quote(stream)}", expand_wildcards="all")
    except RequestError as error:
        if error.status == NOT_FOUND:
            return ()
        raise
    if indices := data_streams(found).get(stream):
        return indices
    if a_list(found.get("aliases"), "aliases"):
        raise StoreError(f"{stream} is an alias in {connection.url}, not a data stream", _NO_ALIAS)
    strangers = a_list(found.get("indices"), "indices")
    if strangers:
        closed = "closed" in a_list(_entry(strangers[0]).get("attributes"), "attributes")
        what = "a closed index" if closed else "a plain index"
        raise StoreError(f"{stream} is {what} in {connection.url}, not a data stream", _MAKE_ROOM)
    return ()


@dataclass(frozen=True, slots=True)
class OurNames:
    """What a cluster has under the names that our templates are for.

    Attributes:
        streams: Data streams, by name, with their backing indices, the write index last.
        strangers: What is no data stream, in words: nothing can be written under such a name.
    """

    streams: Mapping[str, tuple[str, ...]]
    strangers: tuple[str, ...]


def our_names(connection: Connection) -> OurNames:
    """Return what a cluster has under our names.

    Raises:
        StoreError: When it cannot answer.
    """
    found = connection.call("GET", f"/_resolve/index/{quote(our_patterns(), safe='*,')}", expand_wildcards="all")
    strangers = [
        f"{a_text(_entry(each).get('name'), 'name')} is {what}, not a data stream; {remedy}"
        for kind, what, remedy in (("indices", "an index", _MAKE_ROOM), ("aliases", "an alias", _NO_ALIAS))
        for each in a_list(found.get(kind), kind)
    ]
    return OurNames(data_streams(found), tuple(strangers))


def data_streams(resolved: JsonObject) -> Mapping[str, tuple[str, ...]]:
    """Return the data streams in an answer of ``_resolve/index``, each with its backing indices, the write index last.

    Raises:
        StoreError: When it is not what Elasticsearch sends.
    """
    streams = map(_entry, a_list(resolved.get("data_streams"), "data_streams"))
    return {a_text(each.get("name"), "name"): _backing(each) for each in streams}


def our_patterns() -> str:
    """Return the patterns of the shipped index templates, as a request names several."""
    bodies = load_templates().index.values()
    return ",".join(pattern for body in bodies for pattern in cast("list[str]", body["index_patterns"]))


def mapping_of(connection: Connection, index: str) -> JsonObject:
    """Return the mapping of one index."""
    answer = connection.call("GET", f"/{quote(index)}/_mapping")
    return an_object(an_object(answer.get(index), index).get("mappings"), "mappings")


class StreamGuard:
    """Refuses to write to what is no data stream of ours; asks once for each stream in a process.

    Args:
        connection: The way to Elasticsearch.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._fits: set[str] = set()

    def knows(self, stream: str) -> bool:
        """Tell whether the stream has been found to fit."""
        return stream in self._fits

    def check(self, streams: Iterable[str]) -> None:
        """Check streams: before the first write, and after it when the write made the stream.

        A stream that does not exist yet is no error: our templates, or an administrator's, make it.

        Raises:
            StoreError: When a name is that of an index or alias, or a write index maps a field otherwise than our
                templates do.
        """
        for stream in streams:
            if not self.knows(stream) and (indices := backing_indices(self._connection, stream)):
                self._check(stream, indices[-1])
                self._fits.add(stream)

    def _check(self, stream: str, write_index: str) -> None:
        misfit = first_misfit(mapping_of(self._connection, write_index), load_schema(stream))
        if misfit is not None:
            raise StoreError(
                f"{stream} maps {misfit.name} as {misfit.found}, not as {misfit.wanted}: "
                f"its write index {write_index} does not follow our templates",
                "see 'atalaia elasticsearch diff', then 'atalaia elasticsearch setup --rollover'",
            )


def _backing(stream: JsonObject) -> tuple[str, ...]:
    return tuple(a_text(name, "index") for name in a_list(stream.get("backing_indices"), "backing_indices"))


def _entry(value: Json) -> JsonObject:
    return an_object(value, "entry")

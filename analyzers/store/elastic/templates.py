"""Install the component and index templates, so that streams get our mapping as they come into being."""

from __future__ import annotations

from typing import Final, cast
from urllib.parse import quote

from analyzers.store.elastic.answers import Json, JsonObject, a_list, an_object
from analyzers.store.elastic.connection import Connection, RequestError
from analyzers.store.interface import StoreError
from analyzers.store.schema import load_templates

_NOT_FOUND: Final = 404
_KINDS: Final = (("_component_template", "component_templates"), ("_index_template", "index_templates"))


def ensure_templates(connection: Connection) -> None:
    """Install each template that is missing or older than ours; leave a newer or an equal one alone.

    Component templates come first, because index templates are composed of them.

    Raises:
        StoreError: When a template cannot be read or put, for one for want of the right ``manage_index_templates``.
    """
    templates = load_templates()
    for kind, bodies in zip(_KINDS, (templates.component, templates.index), strict=True):
        for name, body in bodies.items():
            _ensure(connection, kind, name, cast("JsonObject", body))


def _ensure(connection: Connection, kind: tuple[str, str], name: str, body: JsonObject) -> None:
    endpoint, answer_key = kind
    path = f"/{endpoint}/{quote(name)}"
    installed = _installed_version(connection, path, answer_key, endpoint[1:])
    wanted = body["version"]
    if isinstance(wanted, int) and installed is not None and installed >= wanted:
        return
    connection.call("PUT", path, body)


def _installed_version(connection: Connection, path: str, answer_key: str, kind: str) -> int | None:
    try:
        answer = connection.call("GET", path)
    except RequestError as error:
        if error.status == _NOT_FOUND:
            return None
        raise
    found: list[Json] = a_list(answer.get(answer_key), answer_key)
    template = an_object(an_object(found[0], answer_key).get(kind), kind) if found else {}
    version = template.get("version", 0)
    if not isinstance(version, int):
        raise StoreError(f"the template at {connection.url}{path} has no version", "remove it or rename yours")
    return version

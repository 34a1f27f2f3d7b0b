"""The component and index templates: what is shipped, what is installed, and how one becomes the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, cast
from urllib.parse import quote

from analyzers.store.elastic.answers import JsonObject, a_list, an_object
from analyzers.store.elastic.connection import FORBIDDEN, NOT_FOUND, Connection, RequestError
from analyzers.store.elastic.differences import Difference, differences
from analyzers.store.elastic.facts import template_facts
from analyzers.store.schema import load_templates

_ENDPOINTS: Final = {"component": "component_template", "index": "index_template"}


class TemplateState(StrEnum):
    """How an installed template compares with the shipped one."""

    EQUAL = "up to date"
    MISSING = "missing"
    OLDER = "older"
    NEWER = "newer"
    DIFFERENT = "different"
    """The same version, and not the same: someone changed it."""


@dataclass(frozen=True, slots=True)
class Template:
    """A template that we ship, and what a cluster has under its name.

    Attributes:
        kind: ``component`` or ``index``.
        name: Its name.
        shipped: Its body as we ship it.
        installed: Its body in the cluster; ``None`` when it has none.
    """

    kind: str
    name: str
    shipped: JsonObject
    installed: JsonObject | None

    @property
    def differences(self) -> tuple[Difference, ...]:
        """What differs; nothing when the template is missing as a whole."""
        if self.installed is None:
            return ()
        return differences(template_facts(self.shipped), template_facts(self.installed))

    @property
    def state(self) -> TemplateState:
        """How it compares; the version decides, and only then the content."""
        if self.installed is None:
            return TemplateState.MISSING
        ours, theirs = _version(self.shipped), _version(self.installed)
        if theirs != ours:
            return TemplateState.OLDER if theirs < ours else TemplateState.NEWER
        return TemplateState.DIFFERENT if self.differences else TemplateState.EQUAL

    @property
    def shipped_version(self) -> int:
        """The version that we ship."""
        return _version(self.shipped)

    @property
    def installed_version(self) -> int | None:
        """The version in the cluster; 0 when it does not say."""
        return None if self.installed is None else _version(self.installed)


def read_templates(connection: Connection) -> list[Template]:
    """Return all shipped templates with what is installed; component templates first, as they must be installed.

    Raises:
        StoreError: When a template cannot be read, for one for want of the right ``manage_index_templates``.
    """
    return [Template(kind, name, body, _installed(connection, kind, name)) for kind, name, body in _shipped()]


def install(connection: Connection, template: Template) -> None:
    """Put a template as we ship it.

    Raises:
        StoreError: When it cannot be put, for one for want of the right ``manage_index_templates``.
    """
    connection.call("PUT", _path(template.kind, template.name), template.shipped)


def ensure_templates(connection: Connection) -> None:
    """Install each template that is missing or older than ours; leave a newer or an equal one alone.

    Whoever may not see templates (403) leaves them to the administrator: what a stream makes of documents is checked
    by its mapping before they are written (:mod:`analyzers.store.elastic.streams`).

    Raises:
        StoreError: When a template cannot be read or put.
    """
    for kind, name, body in _shipped():
        try:
            template = Template(kind, name, body, _installed(connection, kind, name))
        except RequestError as error:
            if error.status == FORBIDDEN:
                return
            raise
        if template.state in {TemplateState.MISSING, TemplateState.OLDER}:
            install(connection, template)


def _shipped() -> Iterator[tuple[str, str, JsonObject]]:
    templates = load_templates()
    for kind, bodies in (("component", templates.component), ("index", templates.index)):
        for name, body in bodies.items():
            yield kind, name, cast("JsonObject", body)


def _installed(connection: Connection, kind: str, name: str) -> JsonObject | None:
    try:
        answer = connection.call("GET", _path(kind, name))
    except RequestError as error:
        if error.status == NOT_FOUND:
            return None
        raise
    inner = _ENDPOINTS[kind]
    found = a_list(answer.get(f"{inner}s"), f"{inner}s")
    return an_object(an_object(found[0], inner).get(inner), inner) if found else None


def _path(kind: str, name: str) -> str:
    return f"/_{_ENDPOINTS[kind]}/{quote(name)}"


def _version(body: JsonObject) -> int:
    version = body.get("version")
    return version if isinstance(version, int) else 0

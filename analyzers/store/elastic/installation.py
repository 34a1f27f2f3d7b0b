"""Bring a cluster's templates to what we ship, and its data streams to the new mapping."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote

from analyzers.store.elastic.answers import a_text
from analyzers.store.elastic.comparison import compared_indices
from analyzers.store.elastic.connection import Connection
from analyzers.store.elastic.differences import Difference
from analyzers.store.elastic.streams import our_names
from analyzers.store.elastic.templates import Template, TemplateState, install, read_templates
from analyzers.store.interface import StoreError


class Action(StrEnum):
    """What is done about a template or a data stream."""

    KEEP = "up to date"
    INSTALL = "installed"
    UPGRADE = "upgraded"
    RESTORE = "restored"
    DOWNGRADE = "downgraded"
    ROLL_OVER = "rolled over"


_ACTIONS = {
    TemplateState.EQUAL: Action.KEEP,
    TemplateState.MISSING: Action.INSTALL,
    TemplateState.OLDER: Action.UPGRADE,
    TemplateState.DIFFERENT: Action.RESTORE,
    TemplateState.NEWER: Action.DOWNGRADE,
}


@dataclass(frozen=True, slots=True)
class TemplateStep:
    """What is done about one template.

    Attributes:
        template: The template.
        action: What is done.
    """

    template: Template
    action: Action


@dataclass(frozen=True, slots=True)
class StreamStep:
    """What is needed for a data stream that exists.

    Attributes:
        stream: Its name.
        write_index: Where it writes now.
        action: Nothing, or a roll-over: new documents then get the new mapping; older ones keep theirs.
        differences: How the write index differs from our templates; what it has beyond them is no difference.
        older: How many other backing indices differ from our templates.
    """

    stream: str
    write_index: str
    action: Action
    differences: tuple[Difference, ...]
    older: int


def plan_templates(connection: Connection, *, force: bool) -> list[TemplateStep]:
    """Return what is to be done about each template, component templates first.

    Args:
        connection: The way to Elasticsearch.
        force: Whether a newer template may be replaced by ours.

    Raises:
        StoreError: When a template is newer than ours and must not be replaced; nothing has been changed then.
    """
    templates = read_templates(connection)
    newer = [template for template in templates if template.state is TemplateState.NEWER]
    if newer and not force:
        first = newer[0]
        raise StoreError(
            f"the {first.kind} template {first.name} has version {first.installed_version}, newer than ours, "
            f"{first.shipped_version}; nothing was changed",
            "upgrade atalaia, or replace it by the older one with --force",
        )
    return [TemplateStep(template, _ACTIONS[template.state]) for template in templates]


def install_templates(connection: Connection, steps: Sequence[TemplateStep]) -> None:
    """Do what a plan says, in its order.

    Raises:
        StoreError: When the cluster refuses a template; those before it are installed.
    """
    for step in steps:
        if step.action is not Action.KEEP:
            install(connection, step.template)


def plan_streams(connection: Connection) -> list[StreamStep]:
    """Return what our existing data streams need; templates are for new backing indices only.

    Raises:
        StoreError: When the cluster cannot answer.
    """
    return [
        _stream_step(connection, stream, indices) for stream, indices in sorted(our_names(connection).streams.items())
    ]


def roll_over(connection: Connection, step: StreamStep) -> tuple[str, tuple[Difference, ...]]:
    """Give a data stream a new write index.

    Returns:
        The index's name, and how it differs from our templates all the same: then another template goes before them.

    Raises:
        StoreError: When the cluster refuses.
    """
    index = a_text(connection.call_once("POST", f"/{quote(step.stream)}/_rollover").get("new_index"), "new_index")
    (found,) = compared_indices(connection, step.stream, [index])
    return index, _wanting(found.differences)


def _stream_step(connection: Connection, stream: str, indices: tuple[str, ...]) -> StreamStep:
    *others, write = [_wanting(each.differences) for each in compared_indices(connection, stream, indices)]
    action = Action.ROLL_OVER if write else Action.KEEP
    return StreamStep(stream, indices[-1], action, write, sum(1 for each in others if each))


def _wanting(found: tuple[Difference, ...]) -> tuple[Difference, ...]:
    """Return the differences that hurt: a field that somebody added does not."""
    return tuple(each for each in found if each.shipped is not None)

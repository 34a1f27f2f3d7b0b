"""The keys of a file of cases. Unknown ones are refused; ``docs/pipeline-tests.md`` is made from these models."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, JsonValue

from atalaia.pipeline.ecs import EcsCompatibility

Fields: TypeAlias = dict[str, JsonValue]
"""An object: names to values."""


def _listed(value: JsonValue) -> JsonValue:
    """Take one thing for a list of it."""
    return value if isinstance(value, list) or value is None else [value]


def _letters(value: JsonValue) -> JsonValue:
    """Take text for a dead letter of which only a part of the reason is told."""
    listed = _listed(value)
    return (
        [{"reason": item} if isinstance(item, str) else item for item in listed] if isinstance(listed, list) else None
    )


def _ecs(value: JsonValue) -> JsonValue | EcsCompatibility:
    known = {each.value: each for each in EcsCompatibility}
    if isinstance(value, str) and value in known:
        return known[value]
    raise ValueError(f"it is one of {', '.join(known)}")


Texts: TypeAlias = Annotated[list[str], BeforeValidator(_listed)]
"""A list of text; one text is a list of one."""


class Keys(BaseModel):
    """What all parts of the format share: strict types, no unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class InputKeys(Keys):
    """Below ``input``: exactly one of ``line``, ``lines``, ``event``, ``events``, and how it comes in."""

    line: str | None = Field(default=None, description="A line as the input reads it, without its end.")
    lines: list[str] | None = Field(default=None, description="Several lines, in order, of one source.")
    event: Fields | None = Field(
        default=None, description="An object, written as JSON to the line that the input reads."
    )
    events: list[Fields] | None = Field(default=None, description="Several of them, a line each.")
    after_codec: bool | None = Field(
        default=None,
        description="`true`: the input is passed over; `event` or `events` are the events that the first filter gets, "
        "`@metadata` included.",
    )
    via: str | None = Field(
        default=None,
        description="Which input of the pipeline reads the lines, by its `id` or its name; needed when it has several.",
    )
    path: str | None = Field(default=None, description="The file, or peer, the lines are read from; empty by default.")


class CheckKeys(Keys):
    """What a case says of every event that comes out, beside its fields.

    In an object of ``expect`` the same keys, with ``$`` before them, speak of that event alone.
    """

    exact: bool | None = Field(default=None, description="`true`: an event has no fields but those that are listed.")
    output: Texts | None = Field(
        default=None,
        description="The outputs an event reaches, all of them: by plugin name, `id` or file path; `none` when it "
        "reaches none. Without the key it must reach at least one.",
    )
    stream: JsonValue = Field(default=None, description="The data stream or index it is stored in.")
    id: JsonValue = Field(default=None, description="The `_id` it is stored under.")
    written: JsonValue = Field(default=None, description="The text that a `file` or `stdout` output writes for it.")
    tags: Texts | None = Field(default=None, description="Its tags, all of them, in any order; `[]` for none.")
    has_tags: Texts | None = Field(default=None, description="Tags that are among its tags.")
    no_tags: Texts | None = Field(default=None, description="Tags that are not among its tags.")


class LetterKeys(Keys):
    """A dead letter: an event that went to the dead-letter directory, or that a plugin could not work on."""

    reason: str | None = Field(default=None, description="A part of the reason.")
    plugin: str | None = Field(
        default=None,
        description="The plugin or codec that gave it up; `file` when the pipeline sent it.",
    )
    event: Fields | None = Field(default=None, description="Its fields, compared as those of `expect`.")


class DefaultKeys(CheckKeys):
    """Below ``defaults``: what every case of the file says unless it says otherwise."""

    input: InputKeys = Field(default=InputKeys(), description="`via`, `path` and `after_codec` of every case.")
    expect: Fields = Field(default={}, description="Fields of every event that comes out; a case's own come first.")


class CaseKeys(CheckKeys):
    """One case."""

    name: str = Field(description="What the case shows; no two cases of a file share a name.", min_length=1)
    input: InputKeys = Field(description="What comes in.")
    expect: Annotated[list[Fields], BeforeValidator(_listed)] | None = Field(
        default=None, description="The events that come out, in order; only the fields that are listed are compared."
    )
    dropped: bool | None = Field(default=None, description="`true`: nothing comes out.")
    dead_letter: Annotated[list[LetterKeys], BeforeValidator(_letters)] | None = Field(
        default=None, description="The dead letters, in order: a part of the reason, or an object with the keys below."
    )
    refused: Texts | None = Field(
        default=None,
        description="Events that come out and that the store's mapping refuses: a part of the reason of each.",
    )


class FileKeys(Keys):
    """The whole file."""

    pipeline: Texts = Field(
        description="The configuration: a path from this file's folder (a file, or a folder of them), several paths "
        "that are read as one, or the name of a pipeline that comes with Atalaia.",
        min_length=1,
    )
    variables: dict[str, str] = Field(
        default={}, description="Values of the `${NAME}` in the configuration; the environment's are not used."
    )
    ecs_compatibility: Annotated[EcsCompatibility, BeforeValidator(_ecs)] = Field(
        default=EcsCompatibility.V8, description="The pipeline's setting: `v8` or `disabled`."
    )
    now: str = Field(default="2026-01-01T00:00:00Z", description="The instant at which everything happens, ISO 8601.")
    ignore: Texts = Field(default=[], description="Fields that are not compared: names or references such as `[a][b]`.")
    defaults: DefaultKeys = Field(default=DefaultKeys(), description="What all cases have in common.")
    cases: list[CaseKeys] = Field(description="The cases.", min_length=1)

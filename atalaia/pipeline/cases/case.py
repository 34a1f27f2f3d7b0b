"""A file of cases, read and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from analyzers.store.document import JsonValue
from atalaia.pipeline.cases.compiling import WantedEvent
from atalaia.pipeline.cases.expected import Expected
from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.reference import FieldReference


@dataclass(frozen=True, slots=True)
class CaseInput:
    """What comes in.

    Attributes:
        lines: The lines an input reads, without their ends; none when the events start at the filters.
        events: The events the first filter gets, when the input is passed over.
        via: The input's id or name, when one is named.
        path: The file, or peer, the lines are read from.
    """

    lines: tuple[str, ...]
    events: tuple[Mapping[str, JsonValue], ...] | None
    via: str | None
    path: str


@dataclass(frozen=True, slots=True)
class WantedLetter:
    """A dead letter that is expected.

    Attributes:
        reason: A part of its reason; may be empty.
        plugin: The plugin that gave it up, when that is told.
        event: Its fields, when they are told.
    """

    reason: str
    plugin: str | None
    event: Expected | None


@dataclass(frozen=True, slots=True)
class Case:
    """One case.

    Attributes:
        name: What it shows.
        line: Where it stands in its file, from 1.
        input: What comes in.
        events: The events that come out; none when it is dropped, or becomes nothing but dead letters.
        dropped: Whether it says that nothing comes out.
        letters: The dead letters.
        refused: A part of the reason for each event that the mapping refuses.
    """

    name: str
    line: int
    input: CaseInput
    events: tuple[WantedEvent, ...]
    dropped: bool
    letters: tuple[WantedLetter, ...]
    refused: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CaseFile:
    """One file of cases.

    Attributes:
        path: The file, as the user named it.
        pipeline: The files of the configuration, in order.
        variables: For ``${…}``.
        ecs_compatibility: The pipeline's setting.
        now: The instant at which everything happens.
        ignore: Fields that are not compared.
        cases: The cases, in order.
    """

    path: Path
    pipeline: tuple[Path, ...]
    variables: Mapping[str, str]
    ecs_compatibility: EcsCompatibility
    now: datetime
    ignore: tuple[FieldReference, ...]
    cases: tuple[Case, ...]

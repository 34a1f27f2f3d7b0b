"""What became of the input of a case, whichever engine ran it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from analyzers.store.document import Document, JsonValue


@dataclass(frozen=True, slots=True)
class Reached:
    """An output that an event reached.

    Attributes:
        plugin: Its Logstash name.
        id: Its ``id``, when it has one.
        document: What it stores, when it stores.
        path: The file it appends to, when it does.
        text: What it writes or prints, when it does.
    """

    plugin: str
    id: str | None = None
    document: Document | None = None
    path: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """An event that came out of the filters.

    Attributes:
        fields: Its fields once the outputs are done with it.
        metadata: What stands below ``[@metadata]``.
        outputs: What it reached, in the order of the file.
    """

    fields: Mapping[str, JsonValue]
    metadata: Mapping[str, JsonValue]
    outputs: tuple[Reached, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """A dead letter.

    Attributes:
        plugin: The plugin or codec that gave it up; ``file`` when the pipeline itself sent it to the dead letters.
        reason: Why.
        fields: Its fields, or the text in ``message``.
    """

    plugin: str
    reason: str
    fields: JsonValue


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything that came of a case.

    Attributes:
        results: The events that came out and are no dead letters, in order.
        letters: The dead letters, in order.
        routed: Whether the pipeline has outputs at all.
    """

    results: tuple[Result, ...]
    letters: tuple[Letter, ...]
    routed: bool = True

"""Read dead letters: those of the executor's own form, and those that a pipeline routed by a file output."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from analyzers.store.document import Document, JsonValue
from atalaia.pipeline.errors import PipelineError
from atalaia.pipeline.json_text import JsonError, plain_json, read_json
from atalaia.pipeline.origin import Origin
from atalaia.pipeline.timestamp import Timestamp
from atalaia.pipeline.values import Value

_UNREADABLE: Final = "this line is no dead letter"
_ROUTED: Final = "sent to the dead letters by the pipeline"


@dataclass(frozen=True, slots=True)
class KeptLetter:
    """A dead letter in a file.

    Attributes:
        file: The file.
        offset: Where its line starts there, in bytes.
        pipeline: The pipeline's id.
        plugin: What said so; empty when that is not known.
        plugin_id: The plugin's id; empty when that is not known.
        reason: Why, in words.
        at: When; ``None`` when it does not say.
        fields: The whole line; empty when it is no object.
        original: The text as it was read.
        origin: Which input read it.
        source_id: The id that the event has, or gets when it is sent again.
        document: What the store did not take.
    """

    file: Path
    offset: int
    pipeline: str
    plugin: str
    plugin_id: str
    reason: str
    at: datetime | None
    fields: dict[str, Value]
    original: str | None
    origin: Origin | None
    source_id: str
    document: Document | None

    @property
    def read_by(self) -> str:
        """The id of the pipeline whose input read it."""
        return self.origin.pipeline if self.origin is not None and self.origin.pipeline else self.pipeline


@dataclass(frozen=True, slots=True)
class Selection:
    """Which letters are meant; what is ``None`` does not matter.

    Attributes:
        pipeline: The pipeline's id.
        plugin: The plugin's name or id.
        reason: A part of the reason, whatever its case.
        since: The first instant.
    """

    pipeline: str | None = None
    plugin: str | None = None
    reason: str | None = None
    since: datetime | None = None

    def holds(self, letter: KeptLetter) -> bool:
        """Whether a letter is meant."""
        return (
            self.pipeline in (None, letter.pipeline)
            and (self.plugin is None or self.plugin in (letter.plugin, letter.plugin_id))
            and (self.reason is None or self.reason.casefold() in letter.reason.casefold())
            and (self.since is None or (letter.at is not None and letter.at >= self.since))
        )


def read_letters(directory: Path, selection: Selection = Selection()) -> Iterator[KeptLetter]:
    """Yield the letters below a directory, file by file in the order they were written.

    Raises:
        PipelineError: When a file cannot be read.
    """
    for file in sorted(directory.rglob("[!.]*.ndjson")):
        for offset, line in _lines(file):
            letter = parse_letter(file, offset, line)
            if selection.holds(letter):
                yield letter


def parse_letter(file: Path, offset: int, line: bytes) -> KeptLetter:
    """Return the letter of a line; one that cannot be read is one too, so that it is seen."""
    try:
        value = read_json(line.decode("utf-8"))
    except (JsonError, UnicodeDecodeError):
        value = None
    fields = value if isinstance(value, dict) else {}
    own = isinstance(fields.get("reason"), str) and isinstance(fields.get("pipeline"), str)
    error, event = _dict(fields.get("error")), _dict(fields.get("event"))
    reason = fields.get("reason") if own else error.get("message")
    original = fields.get("original") if own else event.get("original")
    return KeptLetter(
        file,
        offset,
        _text(fields.get("pipeline")) if own else file.stem,
        _text(fields.get("plugin")) if own else "",
        _text(fields.get("plugin_id")) if own else "",
        _text(reason) or (_ROUTED if fields else _UNREADABLE),
        _instant(fields.get("@timestamp")),
        fields,
        original if isinstance(original, str) else None,
        _origin(fields) if own else _routed_origin(fields),
        (_text(fields.get("source_id")) if own else "") or hashlib.blake2b(line, digest_size=16).hexdigest(),
        _document(_dict(fields.get("document"))) if own else None,
    )


def _lines(file: Path) -> Iterator[tuple[int, bytes]]:
    try:
        with file.open("rb") as opened:
            offset = 0
            for line in opened:
                if line.strip():
                    yield offset, line
                offset += len(line)
    except OSError as error:
        raise PipelineError(f"{file} cannot be read: {error.strerror}", "check its permissions") from error


def _origin(fields: dict[str, Value]) -> Origin | None:
    given = fields.get("input")
    if not isinstance(given, dict):
        return None
    number = given.get("number")
    return Origin(
        _text(given.get("pipeline")),
        _text(given.get("plugin")),
        _text(given.get("id")),
        _text(given.get("path")),
        number if isinstance(number, int) else 0,
    )


def _routed_origin(fields: dict[str, Value]) -> Origin | None:
    """Return what an event says of where it was read: the path that a file input adds."""
    path = _text(_dict(_dict(fields.get("log")).get("file")).get("path")) or _text(fields.get("path"))
    return Origin(path=path) if path else None


def _document(given: dict[str, Value]) -> Document | None:
    stream, identity, source = given.get("_index"), given.get("_id"), given.get("_source")
    if not isinstance(stream, str) or not isinstance(identity, str) or not isinstance(source, dict):
        return None
    body: dict[str, JsonValue] = {name: plain_json(value) for name, value in source.items()}
    return Document(stream, identity, body)


def _instant(value: Value) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        return Timestamp.parse(value).to_datetime().astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _dict(value: Value) -> dict[str, Value]:
    return value if isinstance(value, dict) else {}


def _text(value: Value) -> str:
    return value if isinstance(value, str) else ""

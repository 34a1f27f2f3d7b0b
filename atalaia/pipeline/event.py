"""Events, as Logstash keeps them: a nested dictionary plus ``@metadata``, which is never written out.

Places in an event are named by ``atalaia.pipeline.reference.FieldReference``, texts with ``%{…}`` in them are
``atalaia.pipeline.sprintf.Template``; both are parsed once, when a pipeline is compiled.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Self

from atalaia.pipeline.timestamp import Timestamp
from atalaia.pipeline.values import Value, as_list, copy_dict, is_tags

TIMESTAMP: Final = "@timestamp"
METADATA: Final = "@metadata"
TAGS: Final = "tags"
_TIMESTAMP_FAILURE: Final = "_timestampparsefailure"
_TAGS_FAILURE: Final = "_tagsparsefailure"


@dataclass(slots=True)
class Event:
    """One event on its way through a pipeline.

    Attributes:
        data: The fields; ``@timestamp``, when present, is a :class:`Timestamp`.
        metadata: What stands below ``[@metadata]``.
        cancelled: True once a filter has dropped the event.
        source_id: A stable id from where the event was read (file identity and byte offset), when there is one.
        original: The text the event was decoded from, when there is one; kept for dead letters.
        failed: True once a plugin could not do its work on the event; whoever counts failures takes it back.
        derived: How many events were derived from it.
    """

    data: dict[str, Value]
    metadata: dict[str, Value] = field(default_factory=dict)
    cancelled: bool = False
    source_id: str | None = None
    original: str | None = None
    failed: bool = False
    derived: int = 0

    @classmethod
    def create(cls, fields: dict[str, Value], now: Timestamp, source_id: str | None = None) -> Self:
        """Make an event of decoded fields, as an input does.

        A missing ``@timestamp`` becomes ``now``; an unreadable one moves to ``_@timestamp`` and the event is tagged.
        ``tags`` that are neither text nor a list of text move to ``_tags``. ``@version`` defaults to ``"1"``.

        Args:
            fields: The decoded fields; the event takes them over.
            now: The instant of reading.
            source_id: See :class:`Event`.
        """
        metadata = fields.pop(METADATA, None)
        event = cls(fields, metadata if isinstance(metadata, dict) else {}, False, source_id)
        if "@version" not in fields:
            fields["@version"] = "1"
        if TAGS in fields:
            _check_tags(event)
        if TIMESTAMP in fields:
            _read_timestamp(event, now)
        else:
            fields[TIMESTAMP] = now
        return event

    def cancel(self) -> None:
        """Drop the event."""
        self.cancelled = True

    @property
    def timestamp(self) -> Timestamp | None:
        """The event's ``@timestamp``, or ``None`` when a filter removed it."""
        value = self.data.get(TIMESTAMP)
        return value if isinstance(value, Timestamp) else None

    @timestamp.setter
    def timestamp(self, instant: Timestamp) -> None:
        self.data[TIMESTAMP] = instant

    def tag(self, tag: str) -> None:
        """Add a tag once (``add_tag`` adds it again each time)."""
        tags = as_list(self.data.get(TAGS))
        if tag not in tags:
            tags.append(tag)
        self.data[TAGS] = tags

    def fail(self, *tags: str) -> None:
        """Note that a plugin could not do its work, and add its failure tags, each once."""
        self.failed = True
        for tag in tags:
            self.tag(tag)

    def copy(self) -> Event:
        """Return an independent event with the same fields, metadata and source."""
        return Event(
            copy_dict(self.data), copy_dict(self.metadata), self.cancelled, self.source_id, self.original, self.failed
        )

    def derive(self) -> Event:
        """Return a copy for a filter that makes several events of one.

        Its id is the original's with a running number, so that each is stored, and known when it is read again.
        """
        self.derived += 1
        event = self.copy()
        if self.source_id is not None:
            event.source_id = f"{self.source_id}-{self.derived}"
        return event


def _check_tags(event: Event) -> None:
    if not is_tags(event.data[TAGS]):
        event.data["_tags"] = [event.data[TAGS]]
        event.data[TAGS] = [_TAGS_FAILURE]


def _read_timestamp(event: Event, now: Timestamp) -> None:
    given = event.data.get(TIMESTAMP)
    if isinstance(given, Timestamp):
        return
    parsed = now if given is None else parse_timestamp(given)
    event.data[TIMESTAMP] = parsed or now
    if parsed is None:
        event.tag(_TIMESTAMP_FAILURE)
        event.data[f"_{TIMESTAMP}"] = given


def parse_timestamp(value: Value) -> Timestamp | None:
    """Return the instant a value of a decoded ``@timestamp`` stands for; ``None`` when it is none."""
    if not isinstance(value, str):
        return value if isinstance(value, Timestamp) else None
    try:
        return Timestamp.parse(value)
    except ValueError:
        return None

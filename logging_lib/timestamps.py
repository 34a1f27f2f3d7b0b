"""Timestamps as the documented record writes them: UTC, RFC 3339, milliseconds."""

from __future__ import annotations

from datetime import UTC, datetime


def rfc3339(instant: datetime) -> str:
    """Return an aware instant as e.g. ``2024-01-15T10:30:00.000Z``.

    Milliseconds, because that is what an Elasticsearch ``date`` keeps: finer digits would be lost in one store and kept
    in the other. They are cut, not rounded, so that an instant never moves into the next bucket.
    """
    if instant.tzinfo is not UTC:
        instant = instant.astimezone(UTC)
    return instant.isoformat(timespec="milliseconds")[: -len("+00:00")] + "Z"

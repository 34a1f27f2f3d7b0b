"""Calendar buckets as windows: the part of each that lies inside what was asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from itertools import pairwise

from analyzers.store.calendar import bucket_starts
from analyzers.store.query import Calendar, Window


def buckets(calendar: Calendar, window: Window) -> Mapping[datetime, Window]:
    """Return the buckets that touch a window, ascending: the UTC start of each, and its part inside the window.

    Raises:
        QueryError: When the zone is unknown.
    """
    return {
        start: Window(max(start, window.start), min(end, window.end))
        for start, end in pairwise(bucket_starts(calendar, window))
    }

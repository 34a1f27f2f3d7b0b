"""Time zones by their IANA names."""

from __future__ import annotations

import difflib
from zoneinfo import ZoneInfo, available_timezones

from analyzers.selection.errors import SelectionError


def parse_zone(name: str) -> ZoneInfo:
    """Return the zone of an IANA name such as ``America/Sao_Paulo``.

    Raises:
        SelectionError: When there is no such zone; the remedy names those that look like it.
    """
    known = available_timezones()
    if name not in known:
        near = difflib.get_close_matches(name, sorted(known), n=3)
        hint = f"did you mean {', '.join(near)}?" if near else "give an IANA name such as America/Sao_Paulo"
        raise SelectionError(f"there is no time zone {name!r}", hint)
    return ZoneInfo(name)

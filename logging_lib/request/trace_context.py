"""W3C Trace Context (https://www.w3.org/TR/trace-context/): the ``traceparent`` header, read and written."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

# The first two digits are the version, ff is forbidden (section 3.2.2.1). What follows the flags in a version we do not
# know must begin with a hyphen (section 4.3); version 00 ends with the flags.
_TRACEPARENT: Final = re.compile(
    r"(?!ff)(?P<version>[0-9a-f]{2})-(?!0{32})(?P<trace>[0-9a-f]{32})-(?!0{16})(?P<parent>[0-9a-f]{16})"
    r"-(?P<flags>[0-9a-f]{2})(?P<rest>-.*)?",
    re.ASCII,
)
_SAMPLED: Final = 1  # the one flag that the recommendation defines; the others are not passed on (section 3.2.2.5.2)


class TraceParent(NamedTuple):
    """What a caller said about the trace that a request belongs to.

    Attributes:
        trace_id: 32 hexadecimal digits, not all zero.
        parent_id: The caller's span, 16 hexadecimal digits, not all zero.
        sampled: Whether the caller may have recorded the trace.
    """

    trace_id: str
    parent_id: str
    sampled: bool


def parse_traceparent(header: str) -> TraceParent | None:
    """Return what a ``traceparent`` header says, or ``None`` where the recommendation calls it invalid.

    Args:
        header: The header's value; several of them, joined by commas, are invalid.
    """
    found = _TRACEPARENT.fullmatch(header)
    if found is None or (found["version"] == "00" and found["rest"]):
        return None
    return TraceParent(found["trace"], found["parent"], bool(int(found["flags"], 16) & _SAMPLED))


def format_traceparent(trace_id: str, span_id: str, *, sampled: bool) -> str:
    """Return the header's value of version 00 for a call that a span makes."""
    return f"00-{trace_id}-{span_id}-{'01' if sampled else '00'}"

"""What people type to select events, turned into a ``Selection``."""

from analyzers.selection.dimensions import parse_dimensions, parse_top
from analyzers.selection.durations import parse_duration
from analyzers.selection.printing import print_where
from analyzers.selection.where import parse_where
from analyzers.selection.window import parse_instant, parse_window
from analyzers.selection.zones import parse_zone

__all__ = [
    "parse_dimensions",
    "parse_duration",
    "parse_instant",
    "parse_top",
    "parse_where",
    "parse_window",
    "parse_zone",
    "print_where",
]

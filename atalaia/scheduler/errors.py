"""What can be wrong with a schedule."""

from __future__ import annotations

from logging_lib.errors import AtalaiaError


class ScheduleError(AtalaiaError):
    """A schedule cannot be meant, or its state cannot be kept."""

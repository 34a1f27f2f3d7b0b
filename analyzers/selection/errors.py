"""What goes wrong when a selection is read."""

from __future__ import annotations

from logging_lib.errors import AtalaiaError


class SelectionError(AtalaiaError):
    """A window, filter or grouping that a person typed cannot be understood."""

"""What can go wrong in shipping that a person can act on."""

from __future__ import annotations

from logging_lib.errors import AtalaiaError


class ShipError(AtalaiaError):
    """A shipper cannot begin, or cannot go on."""

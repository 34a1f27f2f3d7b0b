"""Ports that options name."""

from __future__ import annotations

from typing import Final

from atalaia.pipeline.options import OptionError

_HIGHEST: Final = 65_535


def check_port(port: int) -> None:
    """Refuse what is no port.

    Raises:
        OptionError: When it is none.
    """
    if not 0 < port <= _HIGHEST:
        raise OptionError("port", f"{port} is no port", f"choose one from 1 to {_HIGHEST}")

"""What people call an objective: what its contract does; the names that come with the program are translated.

A name is what commands and addresses take, so a contract's own names stay as they are in every language.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from analyzers.language import Message, message

_WRITTEN: Final[Mapping[str, Message]] = MappingProxyType(
    {
        "availability": message("availability"),
        "latency": message("latency"),
        "error_rate": message("error_rate"),
        "uptime": message("uptime"),
        "recovery-point": message("recovery-point"),
        "recovery-time": message("recovery-time"),
    }
)
"""The names in the contract that is built in, and in ``examples/sla.toml``; but those that are of its service."""
_SPOKEN: Final[Mapping[str, Message]] = MappingProxyType({"error_rate": message("error rate")})


def written(name: str) -> Message | str:
    """Return the name of an objective as it stands in a cell or a title: in English as the contract has it."""
    return _WRITTEN.get(name, name)


def spoken(name: str) -> Message | str:
    """Return the name of an objective as it stands in a sentence: in English with spaces for underscores."""
    return _SPOKEN.get(name) or _WRITTEN.get(name) or name.replace("_", " ")

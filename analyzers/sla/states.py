"""The three judgements in words."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from analyzers.analysis import State
from analyzers.language import Message, message

STATES: Final[Mapping[State, Message]] = MappingProxyType(
    {State.MET: message("met"), State.MISSED: message("missed"), State.UNMEASURED: message("unmeasured")}
)

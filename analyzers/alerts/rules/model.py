"""A file of alert rules, as the engine and the command line take it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from analyzers.alerts.channels.models import ChannelTable
from analyzers.alerts.rules.mutes import Mute
from analyzers.alerts.settings import EngineSettings
from analyzers.alerts.signal import Rule
from analyzers.thresholds.model import Profile


@dataclass(frozen=True, slots=True)
class RuleFile:
    """What is watched, when nobody is told, and where notices go.

    Attributes:
        path: The file; ``None`` for the documented thresholds.
        zone: The IANA zone of its local times.
        profile: Whose thresholds are the documented ones.
        environment: The last part of the data streams' names; ``*`` for every one.
        service: ``service.name`` of the application's events; ``None`` for every one.
        rules: In the order of the file.
        mutes: Silences and maintenance, those of the contract included.
        channels: The ``[[channel]]`` tables, as :mod:`analyzers.alerts.channels` reads them.
        settings: How alerts are handled, whatever their rule.
        words: What each rule watches, in a sentence, by its name.
    """

    path: Path | None
    zone: str
    profile: Profile
    environment: str
    service: str | None
    rules: tuple[Rule, ...]
    mutes: tuple[Mute, ...]
    channels: tuple[ChannelTable, ...]
    settings: EngineSettings
    words: Mapping[str, str]

"""Rule files written for a test, and what their rules say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from analyzers.alerts.host import HostSample
from analyzers.alerts.rules.loading import load_rules
from analyzers.alerts.rules.model import RuleFile
from analyzers.alerts.rules.surroundings import Surroundings
from analyzers.alerts.signal import Signal
from analyzers.store.interface import Store
from tests.analyzers.events import at

NOW = at("2024-01-15T10:30:00Z")
AROUND = Surroundings(clock=lambda: NOW, sampler=lambda: HostSample(85.0, 20.0, None))


def written(folder: Path, text: str, around: Surroundings = AROUND) -> RuleFile:
    """Write a file of rules and read it."""
    path = folder / "alerts.toml"
    path.write_text(text, encoding="utf-8")
    return load_rules(path, around)


def said(
    store: Store,
    file: RuleFile,
    *standing: Mapping[str, str],
    instant: datetime = NOW,
) -> tuple[Signal, ...]:
    """Return what all rules of a file say, where alerts of each stand about the labels given."""
    return tuple(signal for rule in file.rules for signal in rule.evaluate(store, instant, standing))

"""The notices that the rules of the example would have sent over a history with planted incidents."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Final

from analyzers.alerts import ConsoleChannel, EngineSettings, Notice, Policy, Route
from analyzers.alerts.replay import replay
from analyzers.alerts.rules.loading import load_rules
from analyzers.alerts.rules.model import RuleFile
from analyzers.store.embedded.store import EmbeddedStore
from analyzers.store.query import Window
from benchmarks.anomalies.history import SERVICE
from benchmarks.anomalies.incidents import Planted, planted
from benchmarks.anomalies.scoring import START, fill

EXAMPLES: Final = Path(__file__).resolve().parents[2] / "examples"
EVERY: Final = timedelta(minutes=5)
"""The default of ``atalaia alerts replay``."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent over one history.

    Attributes:
        seed: Of the history.
        days: How many days were judged.
        planted: All incidents of the history.
        notices: In order.
        rules: The names of the rules, in the order of the file.
    """

    seed: int
    days: int
    planted: tuple[Planted, ...]
    notices: tuple[Notice, ...]
    rules: tuple[str, ...]


def sent(seed: int, days: int, judged: int | None = None) -> Sent:
    """Make a history, and replay the example's rules over it as ``atalaia alerts replay`` does.

    Args:
        seed: Of the history.
        days: How many days it has.
        judged: Of how many of them: all by default.
    """
    span = Window(START, START + timedelta(days=judged or days))
    every = planted(START, days, seed)
    with tempfile.TemporaryDirectory(prefix="atalaia-alerts-") as directory:
        folder = Path(directory)
        file = example(folder)
        policy = Policy([Route(ConsoleChannel(StringIO()))], file.mutes, EngineSettings())
        with EmbeddedStore(folder / "store", writable=True) as store:
            fill(store, seed, judged or days, every)
            moments = replay(store, file.rules, policy, span, EVERY)
            notices = tuple(each.notice for moment in moments for each in moment.outgoing)
    return Sent(seed, span.length.days, every, notices, tuple(rule.name for rule in file.rules))


def example(folder: Path) -> RuleFile:
    """Return the rules of ``examples/alerts.toml`` and their contract, for the service of the histories."""
    for name in ("sla.toml", "alerts.toml"):
        text = (EXAMPLES / name).read_text(encoding="utf-8")
        (folder / name).write_text(text.replace('service = "ti-osn"', f'service = "{SERVICE}"'), encoding="utf-8")
    return load_rules(folder / "alerts.toml")

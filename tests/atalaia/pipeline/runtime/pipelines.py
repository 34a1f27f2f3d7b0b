"""Compile pipelines for tests, and run them with real threads."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from analyzers.store.interface import Store
from atalaia.pipeline.pipeline import Pipeline
from atalaia.pipeline.runtime.intake import LIMITS, Limits
from atalaia.pipeline.runtime.places import letter_places
from atalaia.pipeline.runtime.running import Running, Surroundings
from atalaia.pipeline.runtime.shared_store import SharedStore
from atalaia.pipeline.runtime.sources import PipelineSource, compile_source
from atalaia.pipeline.runtime.topology import connect

NOW = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)


def clock() -> datetime:
    """Return the one instant of these tests."""
    return NOW


def compiled(**texts: str) -> list[Pipeline]:
    """Compile pipelines, given by id."""
    return [compile_source(PipelineSource(name, ((f"{name}.conf", text),)), clock, {}) for name, text in texts.items()]


def run_all(
    folder: Path,
    texts: Mapping[str, str],
    store: Store | None = None,
    *,
    stop: threading.Event | None = None,
    limits: Limits = LIMITS,
) -> list[Pipeline]:
    """Run pipelines until their inputs end, and return them."""
    pipelines = compiled(**texts)
    ending = stop or threading.Event()
    _, places = letter_places(folder / "dead", {})
    shared = None if store is None else SharedStore(store, ending)
    surroundings = Surroundings(shared, places, folder / "data", clock, limits)
    Running(connect(pipelines), surroundings, ending).run(lambda: None)
    return pipelines

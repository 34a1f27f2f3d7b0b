"""A pipeline whose events fail in every way there is, and its dead letters."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from analyzers.store.interface import Store
from atalaia.ingest import ingest
from atalaia.pipeline.letters.reading import KeptLetter, Selection, read_letters
from atalaia.pipeline.letters.replay import Replay, ReplaySummary
from atalaia.pipeline.letters.replay_batch import ReplayBatch
from atalaia.pipeline.runtime.places import letter_places
from atalaia.pipeline.runtime.shared_store import SharedStore
from atalaia.pipeline.runtime.sources import PipelineSource, compile_source
from atalaia.pipeline.runtime.topology import connect

NOW = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
BROKEN = """
input { file { path => "/var/log/x" codec => json } }
filter {
  if [kind] == "stop" { if [absent] in [list] { drop { } } }
  if [kind] == "route" { mutate { add_field => { "[error][message]" => "it is bad" } } }
}
output {
  if [error][message] { file { path => "${ATALAIA_DEAD_LETTER}/app.ndjson" codec => json_lines } }
  else { elasticsearch { data_stream => "true" data_stream_dataset => "app.event" } }
}
"""
MENDED = """
input { file { path => "/var/log/x" codec => json } }
output { elasticsearch { data_stream => "true" data_stream_dataset => "app.event" } }
"""
LINES: list[dict[str, object]] = [
    {"n": 1},
    {"n": 2, "kind": "stop", "list": ["a"]},
    {"n": 3, "kind": "route"},
    {"n": 4, "kind": "refused"},
]


def clock() -> datetime:
    """Return the one instant of these tests."""
    return NOW


def fill(folder: Path, store: Store, lines: list[dict[str, object]] | None = None) -> None:
    """Ingest lines of which all but the first become dead letters: one each by a filter, an output, the store."""
    (folder / "app.conf").write_text(BROKEN, encoding="utf-8")
    log = folder / "app.log"
    log.write_text("".join(f"{json.dumps(line)}\n" for line in lines or LINES), encoding="utf-8")
    ingest([log], folder / "app.conf", store, dead_letter=folder / "dead", clock=clock, variables={})


def kept(folder: Path, selection: Selection = Selection()) -> list[KeptLetter]:  # noqa: B008 - frozen
    """The dead letters there are."""
    return list(read_letters(folder / "dead", selection))


def send(
    folder: Path,
    store: Store | None,
    configuration: str | None = MENDED,
    selection: Selection = Selection(),  # noqa: B008 - frozen
    *,
    dry: bool = False,
    name: str = "app",
) -> ReplaySummary:
    """Send dead letters again, through a pipeline when one is given."""
    variables, places = letter_places(folder / "dead", {})
    sources = [] if configuration is None else [PipelineSource(name, (("app.conf", configuration),))]
    groups = connect([compile_source(each, clock, variables) for each in sources])
    batch = ReplayBatch(None if store is None else SharedStore(store), places, clock, dry=dry)
    replay = Replay(groups, batch, clock, through_pipeline=configuration is not None, dry=dry)
    try:
        return replay.run(read_letters(folder / "dead", selection), lambda _summary: None)
    finally:
        batch.close()

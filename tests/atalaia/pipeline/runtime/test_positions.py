"""Two pipelines that read one file into one store: each from where it stopped itself."""

from __future__ import annotations

from pathlib import Path

from analyzers.store.open import open_store
from atalaia.ingest import ingest
from logging_lib.clock import system_clock

CONF = """
input { file { path => "/x" codec => plain { ecs_compatibility => disabled } } }
output { elasticsearch { data_stream => "true" data_stream_dataset => "app.event" } }
"""


def test_a_pipeline_does_not_skip_what_another_has_read(tmp_path: Path) -> None:
    """The second pipeline reads the lines that the first has read; as they are the same events, none is doubled."""
    log = tmp_path / "app.log"
    log.write_text("one\ntwo\n", encoding="utf-8")
    for name in ("fast", "slow"):
        (tmp_path / f"{name}.conf").write_text(CONF, encoding="utf-8")
    with open_store(str(tmp_path / "data"), writable=True) as store:
        seen = []
        for name in ("fast", "slow", "fast"):
            summary = ingest(
                [log], tmp_path / f"{name}.conf", store, dead_letter=tmp_path / "dead", clock=system_clock, variables={}
            )
            seen.append((summary.lines, summary.stored, summary.duplicates))
    assert seen == [(2, 2, 0), (2, 0, 2), (0, 0, 0)]

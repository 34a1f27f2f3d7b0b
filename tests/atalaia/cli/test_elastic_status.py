"""``atalaia elasticsearch status`` of a cluster in trouble, which a real one is not on demand."""

from __future__ import annotations

import json

import pytest

from atalaia.cli.main import main
from tests.analyzers.store.elastic.scripted import answering

_STREAM = "logs-web.request-test"
_INDEX = f".ds-{_STREAM}-2026.01.01-000001"
_RED = {
    "GET /_cluster/health": (200, {"cluster_name": "osn", "status": "red", "unassigned_shards": 2}),
    "GET /_nodes/http": (200, {"nodes": {"x": {"name": "one", "version": "9.2.2"}}}),
    "GET /_resolve/index": (
        200,
        {"indices": [], "aliases": [], "data_streams": [{"name": _STREAM, "backing_indices": [_INDEX]}]},
    ),
    "GET /_data_stream": (200, {"data_streams": []}),
    f"GET /{_STREAM}/_stats": (200, {"_shards": {"total": 2}, "_all": {"primaries": {}, "total": {}}, "indices": {}}),
    f"GET /{_INDEX}/_mapping": (200, {_INDEX: {"mappings": {}}}),
}
"""A stream no shard of which is anywhere: Elasticsearch then leaves the figures out."""


def test_a_stream_without_any_shard_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """What cannot be known is ``?`` or null, and the cluster's state is the first that is said."""
    with answering(_RED) as url:
        assert main(["elasticsearch", "status", "--elasticsearch", url]) == 1
        shown = capsys.readouterr().out.splitlines()
        assert main(["elasticsearch", "status", "--elasticsearch", url, "--format", "json"]) == 1
        (stream,) = json.loads(capsys.readouterr().out)["data_streams"]
    assert shown[0].startswith("✘ the cluster is red")
    assert shown[-1].split()[:4] == [_STREAM, "?", "?", "1"]
    assert (stream["documents"], stream["bytes"]) == (None, None)

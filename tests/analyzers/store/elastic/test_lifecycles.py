"""How long streams keep documents, as a full cluster tells it and as the core server does."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from analyzers.store.elastic.connection import Connection, Credentials
from analyzers.store.elastic.lifecycles import lifecycles
from analyzers.store.elastic.store import ElasticStore
from analyzers.store.interface import StoreError
from tests.store_conformance.events import document

_FULL = {
    "data_streams": [
        {
            "name": "logs-web.request-production",
            "timestamp_field": {"name": "@timestamp"},
            "indices": [{"index_name": ".ds-logs-web.request-production-2026.01.01-000001", "index_uuid": "x"}],
            "generation": 1,
            "status": "GREEN",
            "template": "atalaia-logs-web.request",
            "lifecycle": {
                "enabled": True,
                "data_retention": "30d",
                "effective_retention": "30d",
                "retention_determined_by": "data_stream_configuration",
            },
        },
        {"name": "logs-app.event-production", "indices": [], "generation": 1, "status": "GREEN"},
    ],
}
"""The documented answer of ``GET _data_stream`` in Elasticsearch 9."""


@contextmanager
def answering(status: int, body: object) -> Iterator[str]:
    """Serve one answer to every request."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("x-elastic-product", "Elasticsearch")
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            """Stay quiet."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_full_cluster_is_asked_by_its_data_stream_api() -> None:
    """Each stream has its lifecycle; one without has none."""
    with answering(200, _FULL) as url, closing(Connection(url, Credentials())) as connection:
        found = lifecycles(connection)
    assert found["logs-web.request-production"]["data_retention"] == "30d"
    assert found["logs-app.event-production"] == {}


def test_a_core_server_is_asked_by_its_metadata(connection: Connection, store: ElasticStore, stream: str) -> None:
    """The real server of the tests has no data stream API; its streams' retention is found all the same."""
    store.append([document(stream, "a", "2024-01-15T10:30:00Z")])
    assert lifecycles(connection)[stream]["data_retention"] == "30d"


def test_a_cluster_that_forbids_it_is_not_asked_otherwise() -> None:
    """Only a missing API leads to the other way; want of rights is told."""
    body = {"error": {"reason": "action [indices:admin/data_stream/get] is unauthorized"}}
    with (
        answering(403, body) as url,
        closing(Connection(url, Credentials())) as connection,
        pytest.raises(StoreError, match="unauthorized"),
    ):
        lifecycles(connection)

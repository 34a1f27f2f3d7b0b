"""The same events in a real Elasticsearch: how fast they get in, and how much disk they take."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from http import HTTPStatus
from itertools import islice
from pathlib import Path
from time import sleep
from typing import Final, TypeAlias, cast

from elasticsearch import ApiError, Elasticsearch
from psutil import Process

from analyzers.store.document import Document
from analyzers.store.elastic.local import LocalElasticsearch
from analyzers.store.elastic.store import ElasticStore
from analyzers.store.interface import Store
from benchmarks.figures import Figure
from benchmarks.store.events import History
from benchmarks.store.measuring import seconds
from benchmarks.store.progress import say, told
from benchmarks.store.templates import STREAM

_MIB: Final = 1 << 20
_HEAP: Final = "4g"
_BULK_BLOCKS: Final = 5
"""5,000 documents, some 6 MB: Elasticsearch advises 5 to 15 MB."""

_SETTINGS: Final = b'{"index":{"refresh_interval":"-1","requests.cache.enable":false}}'
_WAITS: Final = (1, 2, 4, 8, 16)
"""Seconds before a bulk that Elasticsearch had no memory for is sent again."""
_HOUR_SECONDS: Final = 3_600.0
_JSON: Final = {"accept": "application/json", "content-type": "application/json"}
_NDJSON: Final = {"accept": "application/json", "content-type": "application/x-ndjson"}

_Stats: TypeAlias = dict[str, dict[str, dict[str, dict[str, int]]]]
"""What ``_stats/store`` answers, as far as it is read."""


def compare(history: History, folder: Path, ask: Callable[[Store], Iterator[Figure]]) -> Iterator[Figure]:
    """Fill an Elasticsearch, ask it, and weigh it.

    The templates are ours, as ``atalaia`` installs them; codec and settings are Elasticsearch's own, but that
    refreshes wait until all is in and no answer comes from its cache. One client sends while the next bulk is made.
    """
    with LocalElasticsearch(folder / "elasticsearch", heap=_HEAP) as server, ElasticStore(server.url) as store:
        client = Elasticsearch(server.url, request_timeout=_HOUR_SECONDS, max_retries=0)
        try:
            taken = seconds(lambda: _fill(history, store, client))
            yield Figure("Elasticsearch: ingest", history.events / taken, "events/s, all cores")
            yield Figure("bytes per event: Elasticsearch, refreshed", _bytes(client) / history.events, "B")
            yield from ask(store)
            yield Figure("Elasticsearch: resident memory", Process(server.pid).memory_info().rss / _MIB, "MiB")
            say("   merging Elasticsearch's segments into one")
            _call(client, "POST", f"/{STREAM}/_forcemerge?max_num_segments=1&flush=true")
            _call(client, "POST", f"/{STREAM}/_refresh")
            yield Figure("bytes per event: Elasticsearch, force-merged", _bytes(client) / history.events, "B")
        finally:
            client.close()


def _fill(history: History, store: Store, client: Elasticsearch) -> None:
    blocks = told("Elasticsearch", history.blocks_from(), history.blocks)
    first = next(blocks).documents()
    written = store.append(first)  # installs the templates and begins the stream
    if written.stored != len(first):
        raise ValueError(written)
    _call(client, "PUT", f"/{STREAM}/_settings", _SETTINGS)
    sending: Future[None] | None = None
    with ThreadPoolExecutor(1) as pool:
        while bulk := b"".join(_lines(block.documents()) for block in islice(blocks, _BULK_BLOCKS)):
            if sending is not None:
                sending.result()
            sending = pool.submit(_send, client, bulk)
        if sending is not None:
            sending.result()
    _call(client, "POST", f"/{STREAM}/_refresh")


def _lines(documents: list[Document]) -> bytes:
    return b"".join([b'{"create":{"_id":"%b"}}\n%b\n' % (each.id.encode(), each.source) for each in documents])


def _send(client: Elasticsearch, bulk: bytes) -> None:
    path = f"/{STREAM}/_bulk?filter_path=errors,items.*.error"
    for wait in _WAITS:
        try:
            answer = client.perform_request("POST", path, headers=_NDJSON, body=bulk).body
        except ApiError as error:
            if error.status_code != HTTPStatus.TOO_MANY_REQUESTS:
                raise
            sleep(wait)
        else:
            break
    else:
        raise ValueError("Elasticsearch stays too busy")
    if answer != {"errors": False}:
        raise ValueError(answer)


def _bytes(client: Elasticsearch) -> int:
    """Return the bytes of the index's files; the write-ahead log is not among them."""
    return _call(client, "GET", f"/{STREAM}/_stats/store")["_all"]["primaries"]["store"]["size_in_bytes"]


def _call(client: Elasticsearch, method: str, path: str, body: bytes | None = None) -> _Stats:
    return cast("_Stats", client.perform_request(method, path, headers=_JSON, body=body).body)

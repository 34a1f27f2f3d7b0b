"""Network plugins in running pipelines: what a client is told, what is delivered, what is kept."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from analyzers.store.interface import Store
from analyzers.store.memory.store import MemoryStore
from atalaia.pipeline.inputs.running import StoppedError
from tests.atalaia.pipeline.inputs.network_inputs import DEADLINE, wait_until_listening
from tests.atalaia.pipeline.letters.letters import kept, send
from tests.atalaia.pipeline.outputs.http_servers import answering
from tests.atalaia.pipeline.runtime.pipelines import run_all
from tests.ports import free_port

STORE = 'elasticsearch { data_stream => "true" data_stream_dataset => "app.event" }'


@contextmanager
def running(folder: Path, texts: Mapping[str, str], port: int, store: Store | None = None) -> Iterator[None]:
    """Run pipelines that listen on a port, until the block ends."""
    stop = threading.Event()
    thread = threading.Thread(target=run_all, args=(folder, texts, store), kwargs={"stop": stop})
    thread.start()
    try:
        wait_until_listening(port)
        yield
    finally:
        stop.set()
        thread.join(DEADLINE)
    assert not thread.is_alive()


def to_server(url: str, others: str = "") -> str:
    """Return the output section for a server."""
    return f'output {{ http {{ id => "out" url => "{url}" http_method => post }} {others} }}'


def test_what_a_server_refuses_is_a_dead_letter(tmp_path: Path) -> None:
    """Events are delivered and stored; the one that the server refuses is kept with reason, output and origin."""
    store = MemoryStore()
    with answering(lambda body, _number: 404 if json.loads(body)["event"]["sequence"] == 1 else 200) as server:
        text = "input { generator { count => 3 } } " + to_server(server.url, STORE)
        run_all(tmp_path, {"a": text}, store)
        assert len(server.received) == 3
    assert len(store.kept) == 3
    (letter,) = map(json.loads, (tmp_path / "dead" / "a.ndjson").read_text(encoding="utf-8").splitlines())
    assert (letter["plugin"], letter["plugin_id"], letter["event"]["event"]["sequence"]) == ("http", "out", 1)
    assert letter["reason"] == f"{server.url} answered 404: said"
    assert letter["input"]["plugin"] == "generator"


@pytest.mark.parametrize(("status", "stay"), [(200, 0), (404, 1)])
def test_a_dead_letter_can_be_sent_again(tmp_path: Path, status: int, stay: int) -> None:
    """What the server refused is sent again, with the address of the client it came from, and stays when refused."""
    port, answers = free_port(), [404, status]
    with answering(lambda _body, number: answers[number]) as server:
        text = f'input {{ http {{ port => {port} host => "127.0.0.1" }} }} ' + to_server(server.url)
        with running(tmp_path, {"app": text}, port):
            assert httpx.post(f"http://127.0.0.1:{port}/", content=b"hello", timeout=DEADLINE).status_code == 200
        (letter,) = kept(tmp_path)
        assert (letter.original, letter.reason) == ("hello", f"{server.url} answered 404: said")
        summary = send(tmp_path, None, text)
    assert (summary.letters, sum(summary.stay.values())) == (1, stay)
    assert len(kept(tmp_path)) == stay
    first, second = (json.loads(each.body) for each in server.received)
    assert (first["message"], first["host"]) == (second["message"], second["host"]) == ("hello", {"ip": "127.0.0.1"})


def test_nothing_is_done_before_everything_is_delivered(tmp_path: Path) -> None:
    """When pipelines stop while a server is away, the batch is not committed, and the run says why."""
    store, stop = MemoryStore(), threading.Event()

    def answer(_body: bytes, _number: int) -> int:
        stop.set()
        return 503

    with answering(answer) as server:
        text = "input { generator { count => 3 } } " + to_server(server.url, STORE)
        with pytest.raises(StoppedError, match="answered 503"):
            run_all(tmp_path, {"a": text}, store, stop=stop)
    assert store.kept == {}


def test_a_request_is_answered_when_its_events_are_delivered(tmp_path: Path) -> None:
    """From an ``http`` input to an ``http`` output: the client hears 200 after the server took the event."""
    port = free_port()
    with answering(lambda _body, number: 200 if number >= 2 else 503) as server:
        text = f'input {{ http {{ port => {port} host => "127.0.0.1" }} }} ' + to_server(server.url)
        with running(tmp_path, {"a": text}, port):
            answer = httpx.post(f"http://127.0.0.1:{port}/", json={"n": 1}, timeout=DEADLINE)
            assert answer.status_code == 200
            assert [json.loads(body)["n"] for body in server.taken] == [1]
    assert [each.status for each in server.received] == [503, 503, 200]


def test_a_connection_ends_when_its_lines_are_written(tmp_path: Path) -> None:
    """From a ``tcp`` input to a file: the client reads the end after ten thousand lines are on disk."""
    port, path = free_port(), tmp_path / "out"
    text = (
        f'input {{ tcp {{ port => {port} host => "127.0.0.1" }} }} '
        f'output {{ file {{ path => "{path}" codec => line {{ format => "%{{message}}" }} }} }}'
    )
    lines = [f"line {number}" for number in range(10_000)]
    with running(tmp_path, {"a": text}, port), socket.create_connection(("127.0.0.1", port), DEADLINE) as client:
        client.sendall("\n".join(lines).encode())
        client.shutdown(socket.SHUT_WR)
        assert client.recv(1) == b""
        assert path.read_text(encoding="utf-8").splitlines() == lines

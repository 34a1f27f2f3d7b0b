"""``atalaia pipeline run`` with network inputs, killed: whatever a client was told is done is in the store."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.atalaia.pipeline.inputs.network_inputs import DEADLINE, wait_until_listening
from tests.atalaia.pipeline.outputs.http_servers import answering
from tests.end_to_end.cli import rows_of
from tests.environment import clean_environment
from tests.ports import free_port

STORE = 'elasticsearch { data_stream => "true" data_stream_dataset => "web.request" document_id => "%{id}" }'


def record(name: str) -> dict[str, object]:
    """A request as the store wants it, on a route that counts it."""
    return {
        "@timestamp": "2024-01-15T10:00:00Z",
        "id": name,
        "http": {"route": f"/{name}", "response": {"status_code": 200}},
        "response_time": 0.1,
    }


def stored(store: Path) -> set[str]:
    """The names of the requests that the store has."""
    rows = rows_of("errors", "--by", "http.route", "--store", str(store), expect=(0, 1, 2))
    return {str(row["http.route"]).removeprefix("/") for row in rows}


@contextmanager
def running(folder: Path, source: str, port: int) -> Iterator[subprocess.Popen[str]]:
    """Run a pipeline from an input to a store, and kill it when the block has not ended it."""
    (folder / "net.conf").write_text(f"input {{ {source} }} output {{ {STORE} }}", encoding="utf-8")
    words = ["pipeline", "run", str(folder / "net.conf"), "--store", str(folder / "data")]
    command = [sys.executable, "-m", "atalaia", *words]
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=clean_environment()
    ) as process:
        try:
            wait_until_listening(port)
            yield process
        finally:
            process.kill()


def test_requests_that_were_answered_survive_a_kill(tmp_path: Path) -> None:
    """Four clients post while the process is killed: each request that was answered 200 is stored."""
    port, answered, some = free_port(), set[str](), threading.Event()

    def post(client: int) -> None:
        for number in range(100_000):
            name = f"c{client}-{number}"
            try:
                answer = httpx.post(f"http://127.0.0.1:{port}/", json=record(name), timeout=DEADLINE)
            except httpx.TransportError:
                return
            if answer.status_code == 200:
                answered.add(name)
            if len(answered) > 40:
                some.set()

    with running(
        tmp_path,
        f'http {{ port => {port} host => "127.0.0.1" ecs_compatibility => disabled '
        'request_headers_target_field => "[@metadata][headers]" '
        'remote_host_target_field => "[@metadata][host]" }',
        port,
    ) as process:
        threads = [threading.Thread(target=post, args=(client,)) for client in range(4)]
        for thread in threads:
            thread.start()
        assert some.wait(DEADLINE)
        process.send_signal(signal.SIGKILL)
        for thread in threads:
            thread.join(DEADLINE)
    assert answered <= stored(tmp_path / "data")


def test_connections_that_ended_in_order_survive_a_kill(tmp_path: Path) -> None:
    """Lines of a connection that the server ended in order are stored, also when it is killed right after."""
    port, answered = free_port(), set[str]()
    with running(tmp_path, f'tcp {{ port => {port} host => "127.0.0.1" codec => json }}', port) as process:
        for batch in range(5):
            names = [f"t{batch}-{number}" for number in range(20)]
            with socket.create_connection(("127.0.0.1", port), DEADLINE) as client:
                client.sendall("".join(f"{json.dumps(record(name))}\n" for name in names).encode())
                client.shutdown(socket.SHUT_WR)
                assert client.recv(1) == b""
            answered.update(names)
        process.send_signal(signal.SIGKILL)
    assert stored(tmp_path / "data") == answered


def test_a_killed_process_resets_connections_that_are_not_durable(tmp_path: Path) -> None:
    """Events wait for an output that does not answer; the process is killed: the client reads an error, not an end."""
    port, asked, answer = free_port(), threading.Event(), threading.Event()

    def wait(_body: bytes, _number: int) -> int:
        asked.set()
        answer.wait(DEADLINE)
        return 200

    with answering(wait) as server:
        (tmp_path / "net.conf").write_text(
            f'input {{ tcp {{ port => {port} host => "127.0.0.1" }} }} '
            f'output {{ http {{ url => "{server.url}" http_method => "post" }} }}',
            encoding="utf-8",
        )
        command = [sys.executable, "-m", "atalaia", "pipeline", "run", str(tmp_path / "net.conf")]
        with subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=tmp_path) as process:
            try:
                wait_until_listening(port)
                with socket.create_connection(("127.0.0.1", port), DEADLINE) as client:
                    client.sendall(b"one line\n")
                    client.shutdown(socket.SHUT_WR)
                    assert asked.wait(DEADLINE)
                    process.kill()
                    with pytest.raises(ConnectionResetError):
                        client.recv(1)
            finally:
                process.kill()
                answer.set()


def test_it_says_where_it_listens_and_ends_at_a_signal(tmp_path: Path) -> None:
    """The address is on stderr; SIGTERM ends it, an idle client reads an end."""
    port = free_port()
    with running(tmp_path, f'tcp {{ port => {port} host => "127.0.0.1" }}', port) as process:
        with socket.create_connection(("127.0.0.1", port), DEADLINE) as idle:
            with socket.create_connection(("127.0.0.1", port), DEADLINE) as later:
                later.shutdown(socket.SHUT_WR)
                assert later.recv(1) == b""  # so the one before is taken, too
            process.send_signal(signal.SIGTERM)
            assert idle.recv(1) == b""
        assert process.wait(DEADLINE) == 0
        assert process.stderr is not None
        assert f"tcp: listening on 127.0.0.1:{port}, for at most " in process.stderr.read()

"""``atalaia ship`` as people run it: real processes that are killed, and every line in the store once."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.atalaia.pipeline.inputs.certificates import make_certificates
from tests.atalaia.pipeline.inputs.network_inputs import DEADLINE, wait_until_listening
from tests.atalaia.pipeline.outputs.http_servers import answering
from tests.atalaia.ship.shippers import numbered, until, write_lines
from tests.end_to_end.cli import rows_of, run_atalaia
from tests.end_to_end.spool_writer import __file__ as WRITER  # noqa: N812 - a path
from tests.environment import clean_environment
from tests.ports import free_port

LINES = 1_500
WRITERS = ("one", "two", "three")


class Receiver:
    """``atalaia pipeline run`` with an input and ``request`` into an embedded store; started and killed at will.

    Args:
        folder: Where the store is.
        scheme: ``http`` for the shipped input, ``tcp`` for a ``tcp`` input.
    """

    def __init__(self, folder: Path, scheme: str) -> None:
        self.port = free_port()
        self._scheme = scheme
        self._input = "receive"
        if scheme == "tcp":
            line = "codec => line { ecs_compatibility => disabled }"
            text = f'input {{ tcp {{ port => {self.port} host => "127.0.0.1" {line} }} }}'
            (folder / "tcp.conf").write_text(text, encoding="utf-8")
            self._input = str(folder / "tcp.conf")
        self.store = folder / "data"
        (folder / "none").mkdir()
        self._environment = clean_environment(ATALAIA_RECEIVE_PORT=str(self.port), ATALAIA_LOG_DIR=str(folder / "none"))
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its address."""
        return f"{self._scheme}://127.0.0.1:{self.port}/"

    def start(self) -> None:
        """Start it."""
        words = ["pipeline", "run", self._input, "request", "--store", str(self.store)]
        command = [sys.executable, "-m", "atalaia", *words]
        self._process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=self._environment
        )
        wait_until_listening(self.port)

    def kill(self, number: int = signal.SIGKILL) -> None:
        """End it, by a signal."""
        if self._process is not None:
            self._process.send_signal(number)
            self._process.wait(DEADLINE)
            self._process = None


@contextmanager
def started(command: Sequence[str]) -> Iterator[subprocess.Popen[str]]:
    """Start a process, and kill it when the block has not ended it."""
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=clean_environment()
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def ship_words(folder: Path, *words: str) -> list[str]:
    """Return the command line of a shipper."""
    places = ["--positions", str(folder / "ship" / "positions")]
    return [sys.executable, "-m", "atalaia", "ship", str(folder / "logs"), *places, *words]


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["http", "tcp"])
def test_every_line_is_stored_once_whatever_is_killed(tmp_path: Path, scheme: str) -> None:
    """Three writers roll their days over; shipper and receiver are killed at random: each line is there exactly once.

    The receiver is away at the start as well. What the shipper sends again after a kill is known by its ``event_id``.
    """
    (tmp_path / "logs").mkdir()
    receiver, chance = Receiver(tmp_path, scheme), random.Random(6)  # noqa: S311 - moments to kill at
    writers = [
        subprocess.Popen([sys.executable, WRITER, str(tmp_path / "logs"), name, str(LINES), "15"], env=os.environ)
        for name in WRITERS
    ]
    kills = 0
    try:
        while any(writer.poll() is None for writer in writers) or kills < 12:
            with started(ship_words(tmp_path, "--to", receiver.url, "--batch-lines", "100")) as shipper:
                time.sleep(chance.uniform(0.6, 2.0))
                if kills % 3 == 0:
                    receiver.kill()
                    receiver.start()
                    time.sleep(chance.uniform(0.0, 1.0))
                shipper.send_signal(signal.SIGKILL)
                kills += 1
        run_atalaia(*ship_words(tmp_path, "--to", receiver.url, "--once")[3:])
    finally:
        for writer in writers:
            writer.kill()
            writer.wait()
        receiver.kill(signal.SIGTERM)
    assert len(list((tmp_path / "logs").iterdir())) == LINES // 300
    rows = rows_of("errors", "--by", "http.route", "--store", str(receiver.store), expect=(0, 1, 2))
    assert {row["http.route"]: row["requests"] for row in rows} == {
        f"/{name}/{number}": 1 for name in WRITERS for number in range(LINES)
    }
    assert not list((tmp_path / "ship").glob("dead-letter/*"))
    if scheme == "http":  # a shipper that is killed in the middle of a line leaves a tcp input the beginning of it
        assert not list((receiver.store / "dead-letter").glob("*"))


@pytest.mark.parametrize("scheme", ["tls", "https"])
def test_through_tls_into_the_store(tmp_path: Path, scheme: str) -> None:
    """The receiver's own pipeline with another input, encrypted: what was written is what is asked for."""
    make_certificates(tmp_path)
    (tmp_path / "logs").mkdir()
    (tmp_path / "none").mkdir()
    port = free_port()
    tls = f'ssl_enabled => true ssl_certificate => "{tmp_path}/server.pem" ssl_key => "{tmp_path}/plain.key"'
    line = "codec => line { ecs_compatibility => disabled }"
    own = {
        "tls": f'tcp {{ port => {port} host => "127.0.0.1" {tls} ssl_client_authentication => "none" {line} }}',
        "https": f'http {{ port => {port} host => "127.0.0.1" {tls} {line} additional_codecs => {{}} '
        "ecs_compatibility => disabled "
        'remote_host_target_field => "[@metadata][h]" request_headers_target_field => "[@metadata][r]" }',
    }[scheme]
    (tmp_path / "in.conf").write_text(f"input {{ {own} }}", encoding="utf-8")
    subprocess.run([sys.executable, WRITER, str(tmp_path / "logs"), "one", "400", "0"], check=True, env=os.environ)
    words = ["pipeline", "run", str(tmp_path / "in.conf"), "request", "--store", str(tmp_path / "data")]
    environment = clean_environment(ATALAIA_LOG_DIR=str(tmp_path / "none"))
    command = [sys.executable, "-m", "atalaia", *words]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment) as receiver:
        try:
            wait_until_listening(port)
            to = ["--to", f"{scheme}://127.0.0.1:{port}", "--ca", str(tmp_path / "ca.pem"), "--once"]
            run_atalaia(*ship_words(tmp_path, *to)[3:])
        finally:
            receiver.send_signal(signal.SIGTERM)
            receiver.wait(DEADLINE)
    rows = rows_of("errors", "--by", "service", "--store", str(tmp_path / "data"))
    assert [(row["service.name"], row["requests"]) for row in rows] == [("app", 400)]


def test_signals_end_it_with_positions_and_a_summary(tmp_path: Path) -> None:
    """SIGTERM is status 0, Ctrl-C 130; what was delivered is not delivered again."""
    (tmp_path / "logs").mkdir()
    with answering() as server:
        for number, status in ((signal.SIGTERM, 0), (signal.SIGINT, 130)):
            before = b"".join(server.taken).count(b"\n")
            write_lines(tmp_path / "logs" / "a.ndjson", numbered(before, before + 10))
            with started(ship_words(tmp_path, "--to", server.url)) as shipper:
                until(lambda: b"".join(server.taken).count(b"\n") == before + 10)  # noqa: B023 - called in the loop
                shipper.send_signal(number)
                assert shipper.wait(DEADLINE) == status
                assert shipper.stderr is not None
                assert re.search(r"atalaia: 10 lines \(\d+ bytes\) delivered to http://127", shipper.stderr.read())
        assert b"".join(server.taken).splitlines() == numbered(0, 20)


def test_once_says_by_its_status_what_became_of_the_lines(tmp_path: Path) -> None:
    """0 delivered; 1 with a dead letter; 2 with lines left, saying why and that nothing is lost; 2 for a mistake."""
    (tmp_path / "logs").mkdir()
    write_lines(tmp_path / "logs" / "a.ndjson", [b"fine"])
    with answering(lambda body, _number: 400 if b"poison" in body else 200) as server:
        words = ship_words(tmp_path, "--once")[3:]
        environment = {"ATALAIA_SHIP_TO": server.url}
        run_atalaia(*words, environment=environment)
        write_lines(tmp_path / "logs" / "a.ndjson", [b"poison"])
        done = run_atalaia(*words, environment=environment, expect=1)
        assert f"dead letters are kept in {tmp_path}/ship/dead-letter" in done.stderr
        assert "1: http://127.0.0.1:" in done.stderr
    write_lines(tmp_path / "logs" / "a.ndjson", [b"left"])
    port = free_port()
    done = run_atalaia(*words, "--to", f"http://127.0.0.1:{port}/", "--patience", "0", expect=2)
    assert "5 bytes not delivered yet" in done.stderr
    assert f"gave up: http://127.0.0.1:{port} was not reached: Connection refused; nothing is lost" in done.stderr
    done = run_atalaia(*words, "--to", "smtp://127.0.0.1/", expect=2)
    assert "begin it with http://" in done.stderr


def peak(process: subprocess.Popen[str]) -> int:
    """Return the most memory a process has had, in KiB."""
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1])


@pytest.mark.slow
def test_a_million_lines_that_wait_take_no_memory(tmp_path: Path) -> None:
    """With a receiver that is away, then a slow one, a backlog of a million lines needs what a small one does.

    At most 32 MiB more: the lines take 80 MiB.
    """
    record = b'{"event_id":"%07d","padding":"' + b"x" * 50 + b'"}\n'
    peaks = {}
    for lines in (100, 1_000_000):
        folder = tmp_path / str(lines)
        (folder / "logs").mkdir(parents=True)
        (folder / "logs" / "a.ndjson").write_bytes(b"".join(record % number for number in range(lines)))
        port = free_port()
        words = ship_words(folder, "--to", f"http://127.0.0.1:{port}/", "--stats", "0.2")
        with started(words) as shipper:
            assert shipper.stderr is not None
            shipper.stderr.readline()
            time.sleep(2)

            def slowly(_body: bytes, _number: int) -> int:
                time.sleep(0.2)
                return 200

            with answering(slowly, port=port) as server:
                until(lambda: len(server.taken) > (10 if lines > 100 else 0))  # noqa: B023 - called in the loop
                peaks[lines] = peak(shipper)
                shipper.kill()
    assert peaks[1_000_000] - peaks[100] < 32 << 10, peaks


def test_once_is_no_success_while_a_file_cannot_be_read(tmp_path: Path) -> None:
    """A file without permission, and positions that cannot be kept, leave lines behind: status 2."""
    (tmp_path / "logs").mkdir()
    write_lines(tmp_path / "logs" / "a.ndjson", [b"shut"])
    (tmp_path / "logs" / "a.ndjson").chmod(0)
    write_lines(tmp_path / "logs" / "b.ndjson", [b"open"])
    (tmp_path / "logs" / "c.ndjson").write_bytes(b"half a line")
    with answering() as server:
        done = without_root_rights(*ship_words(tmp_path, "--to", server.url, "--once"))
        assert server.taken == [b"open\n"]
        assert "a.ndjson cannot be read, it is tried again: Permission denied" in done.stderr
        assert "1 line (5 bytes) delivered" in done.stderr
        assert "1 file could not be read" in done.stderr
        assert "c.ndjson ends with 11 bytes of a line without an end" in done.stderr
        assert done.returncode == 2
        (tmp_path / "logs" / "a.ndjson").chmod(0o600)
        (tmp_path / "ship").chmod(0o500)
        done = without_root_rights(*ship_words(tmp_path, "--to", server.url, "--once"))
        assert "positions cannot be written: Permission denied" in done.stderr
        assert done.returncode == 2
        assert server.taken == [b"open\n"]
        (tmp_path / "ship").chmod(0o700)
        assert without_root_rights(*ship_words(tmp_path, "--to", server.url, "--once")).returncode == 0
        assert server.taken == [b"open\n", b"shut\n"]


def without_root_rights(*command: str) -> subprocess.CompletedProcess[str]:
    """Run a command to which permissions apply, whoever runs the tests."""
    rights = "-dac_override,-dac_read_search"
    without = ("setpriv", f"--bounding-set={rights}", f"--inh-caps={rights}") if os.geteuid() == 0 else ()
    return subprocess.run(
        [*without, *command], check=False, capture_output=True, text=True, env=clean_environment(), timeout=DEADLINE
    )

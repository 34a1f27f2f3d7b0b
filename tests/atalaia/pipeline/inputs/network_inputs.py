"""Run a network input as a pipeline would, with an end of the pipeline that a test controls."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from atalaia.pipeline.config.parse import parse_configuration
from atalaia.pipeline.context import PipelineContext
from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.event import Event
from atalaia.pipeline.inputs.base import LoadedInput
from atalaia.pipeline.inputs.running import Arrival, DeadLetter, Reading, Run, StoppedError
from atalaia.pipeline.pipeline import compile_pipeline

DEADLINE = 60.0
"""Seconds a test waits for anything before it fails."""
NOW = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)


class Sink:
    """The pipeline's side: takes arrivals, and settles them at once, or when the test says so.

    Attributes:
        settling: Whether arrivals are settled as they come.
        most: Bytes that may wait unsettled before ``emit`` blocks.
        arrivals: What came.
    """

    def __init__(self, *, settling: bool = True, most: float = float("inf")) -> None:
        self.settling = settling
        self.most = most
        self.arrivals: list[Arrival] = []
        self._waiting: list[Arrival] = []
        self._at_the_door = 0
        self._changed = threading.Condition()
        self._stopped = False

    def emit(self, arrival: Arrival) -> None:
        """Take an arrival; see :class:`~atalaia.pipeline.inputs.running.Emit`."""
        with self._changed:
            self._at_the_door += 1
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._stopped or sum(each.size for each in self._waiting) < self.most)
            self._at_the_door -= 1
            if self._stopped:
                raise StoppedError("the test's pipeline takes nothing more")
            self.arrivals.append(arrival)
            self._waiting.append(arrival)
            self._changed.notify_all()
        if self.settling:
            self.settle()

    def settle(self) -> None:
        """Make everything that came durable."""
        with self._changed:
            ready, self._waiting = self._waiting, []
            self._changed.notify_all()
        for arrival in ready:
            arrival.settled()

    def stop(self) -> None:
        """Take nothing more."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    @property
    def events(self) -> list[Event]:
        """The events that came, in order."""
        return [event for arrival in list(self.arrivals) for event in arrival.events]

    @property
    def letters(self) -> list[DeadLetter]:
        """The dead letters that came, in order."""
        return [letter for arrival in list(self.arrivals) for letter in arrival.dead_letters]

    @property
    def messages(self) -> list[object]:
        """The ``message`` of every event that came."""
        return [event.data.get("message") for event in self.events]

    def wait_for(self, events: int, letters: int = 0) -> None:
        """Wait until so many have come.

        Raises:
            AssertionError: When they do not come in time.
        """
        with self._changed:
            came = self._changed.wait_for(
                lambda: len(self.events) >= events and len(self.letters) >= letters, timeout=DEADLINE
            )
        assert came, f"{len(self.events)} events and {len(self.letters)} letters came, not {events} and {letters}"

    def wait_for_blocked(self) -> None:
        """Wait until somebody waits for room.

        Raises:
            AssertionError: When nobody does in time.
        """
        with self._changed:
            assert self._changed.wait_for(lambda: self._at_the_door > 0, timeout=DEADLINE), "nobody waits for room"


class Running:
    """An input that runs.

    Attributes:
        port: The port it was given.
        sink: Where its events go.
        stop: Ends it when set.
        failure: What it ended with.
    """

    def __init__(self, run: Run, reading: Callable[[threading.Event], Reading], port: int, sink: Sink) -> None:
        self.port = port
        self.sink = sink
        self.stop = threading.Event()
        self.failure: BaseException | None = None
        self._run = run
        self._reading = reading(self.stop)
        self._thread = threading.Thread(target=self._work, name="input")
        self._thread.start()

    def _work(self) -> None:
        try:
            self._run(self._reading)
        except BaseException as error:  # noqa: BLE001 - shown to the test
            self.failure = error

    def wait(self) -> None:
        """Wait until it has ended by itself.

        Raises:
            AssertionError: When it does not in time.
        """
        self._thread.join(DEADLINE)
        assert not self._thread.is_alive(), "the input did not end"

    def connect(self, *, timeout: float = DEADLINE) -> socket.socket:
        """Return a connection to it."""
        return socket.create_connection(("127.0.0.1", self.port), timeout)


def wait_until_listening(port: int) -> None:
    """Wait until something accepts connections.

    Raises:
        AssertionError: When nothing does in time.
    """
    end = time.monotonic() + DEADLINE
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise AssertionError(f"nothing listens on {port}")


def load_input(text: str, ecs: EcsCompatibility = EcsCompatibility.V8, directory: Path = Path("/")) -> LoadedInput:
    """Return the input of a configuration."""
    context = PipelineContext("test", ecs, lambda: NOW, directory, "box")
    (loaded,) = compile_pipeline(parse_configuration(f"input {{ {text} }}", "t.conf"), context, {}).inputs
    return loaded


@contextmanager
def running_input(run: Run, sink: Sink, port: int, *, listens: bool = True) -> Iterator[Running]:
    """Run something in a thread as an input, and end it.

    Raises:
        AssertionError: When it does not listen, or does not end, in time.
    """
    running = Running(run, lambda stop: Reading(sink.emit, stop, None, Path("/"), lambda: NOW), port, sink)
    try:
        if listens:
            wait_until_listening(port)
        yield running
    finally:
        running.stop.set()
        sink.stop()
        running.wait()
    if running.failure is not None:
        raise running.failure


@contextmanager
def run_input(
    text: str,
    sink: Sink,
    port: int,
    *,
    ecs: EcsCompatibility = EcsCompatibility.V8,
    directory: Path = Path("/"),
    listens: bool = True,
) -> Iterator[Running]:
    """Run the input of a configuration in a thread, and end it; see :func:`running_input`."""
    run = load_input(text, ecs, directory).run
    assert run is not None
    with running_input(run, sink, port, listens=listens) as running:
        yield running

"""Pipelines at work with real threads: what comes out, in which order, and when it counts as done."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from analyzers.store.document import Document, WriteResult
from analyzers.store.interface import StoreError
from analyzers.store.memory.store import MemoryStore
from atalaia.pipeline.errors import PipelineError
from atalaia.pipeline.event import Event
from atalaia.pipeline.inputs.running import Arrival
from atalaia.pipeline.runtime.batch import Batch
from atalaia.pipeline.runtime.flow import Flow, Incoming
from atalaia.pipeline.runtime.intake import Limits
from atalaia.pipeline.runtime.places import letter_places
from atalaia.pipeline.runtime.shared_store import SharedStore
from atalaia.pipeline.runtime.topology import connect
from atalaia.pipeline.timestamp import Timestamp
from tests.atalaia.pipeline.runtime.pipelines import NOW, clock, compiled, run_all

STORE = 'elasticsearch { data_stream => "true" data_stream_dataset => "app.event" }'


def generated(count: int, rest: str = "") -> str:
    """A generator of numbered events."""
    return f"input {{ generator {{ count => {count} message => 'm' {rest} }} }} "


def written(path: Path) -> list[dict[str, object]]:
    """The events that a file output wrote."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_order_is_kept_across_batches(tmp_path: Path) -> None:
    """Five thousand events in batches of a hundred come out in the order they were made, branches or not."""
    text = generated(5_000) + (
        'filter { if [event][sequence] > 2500 { mutate { add_field => { "late" => "1" } } } }'
        f'output {{ file {{ path => "{tmp_path}/out" }} }}'
    )
    run_all(tmp_path, {"a": text}, limits=Limits(batch_events=100, waiting_events=200))
    sequence = [each["event"]["sequence"] for each in written(tmp_path / "out")]  # type: ignore[index]
    assert sequence == list(range(5_000))


def test_an_event_goes_on_to_every_address(tmp_path: Path) -> None:
    """A copy with ``@metadata`` reaches each pipeline; what one does to its copy the other does not see."""
    folder = tmp_path
    run_all(
        folder,
        {
            "source": generated(2, "lines => ['a', 'b']")
            + 'filter { mutate { add_field => { "[@metadata][m]" => "1" } } }'
            + 'output { pipeline { send_to => ["left", "right"] } }',
            "left": 'input { pipeline { address => "left" tags => ["l"] } }'
            'filter { mutate { replace => { "message" => "%{message}%{[@metadata][m]}" } } }'
            f'output {{ file {{ path => "{folder}/left" }} }}',
            "right": 'input { pipeline { address => "right" } }' + f'output {{ file {{ path => "{folder}/right" }} }}',
        },
    )
    assert [(each["message"], each["tags"]) for each in written(folder / "left")] == [
        ("a1", ["l"]),
        ("b1", ["l"]),
    ] * 2
    assert [each["message"] for each in written(folder / "right")] == ["a", "b", "a", "b"]
    assert "tags" not in written(folder / "right")[0]


def test_copies_are_documents_of_their_own(tmp_path: Path) -> None:
    """One line that two pipelines store in one stream is two documents, and each has the same id every time."""
    pipelines = compiled(
        source="input { stdin { } } output { pipeline { send_to => ['x', 'y'] } }",
        x=f"input {{ pipeline {{ address => x1 }} pipeline {{ address => 'x' }} }} output {{ {STORE} }}",
        y=f"input {{ pipeline {{ address => 'y' }} }} output {{ {STORE} }}",
    )
    (group,) = connect(pipelines)
    store = MemoryStore()
    _, places = letter_places(tmp_path, {})
    flow = Flow(group, Batch(SharedStore(store), places, clock))
    for _ in range(2):
        event = Event.create({"message": "m"}, Timestamp.from_datetime(NOW), "line")
        flow.process([Incoming("source", Arrival([event], 0))])
    assert sorted(identity for _, identity in store.kept) == ["line/x", "line/y"]


def test_settled_means_durable_in_every_pipeline(tmp_path: Path) -> None:
    """When ``settled`` is called, the file a downstream pipeline writes has the event already."""
    pipelines = compiled(
        source="input { stdin { } } output { pipeline { send_to => 'aa' } }",
        sink="input { pipeline { address => 'aa' } } " + f'output {{ file {{ path => "{tmp_path}/out" }} }}',
    )
    (group,) = connect(pipelines)
    _, places = letter_places(tmp_path / "dead", {})
    flow = Flow(group, Batch(None, places, clock))
    seen: list[str] = []
    event = Event.create({"message": "m"}, Timestamp.from_datetime(NOW))
    settled = lambda: seen.append((tmp_path / "out").read_text(encoding="utf-8"))  # noqa: E731 - one expression
    flow.process([Incoming("source", Arrival([event], 0, settled=settled))])
    assert json.loads(seen[0])["message"] == "m"


class _Unreachable(MemoryStore):
    """A store that is away for two attempts."""

    attempts = 0

    def append(self, documents: Sequence[Document]) -> WriteResult:
        """Fail twice."""
        self.attempts += 1
        if self.attempts <= 2:
            raise StoreError("the store cannot be reached")
        return super().append(documents)


def test_an_unreachable_store_is_waited_for(tmp_path: Path) -> None:
    """The batch is written once the store is back: nothing is lost and nothing doubled."""
    store = _Unreachable()
    run_all(tmp_path, {"a": generated(10) + f"output {{ {STORE} }}"}, store)
    assert (store.attempts, len(store.kept)) == (3, 10)


class _Away(MemoryStore):
    """A store that cannot be reached."""

    def append(self, documents: Sequence[Document]) -> WriteResult:
        """Fail."""
        raise StoreError(f"the store cannot be reached with {len(documents)} documents")


def test_waiting_for_the_store_ends_when_asked(tmp_path: Path) -> None:
    """Asked to stop while the store is away: the run ends with the store's error, and nothing counts as done."""
    stop = threading.Event()
    threading.Timer(0.3, stop.set).start()
    with pytest.raises(StoreError, match="cannot be reached"):
        run_all(tmp_path, {"a": generated(0) + f"output {{ {STORE} }}"}, _Away(), stop=stop)


def test_stopping_finishes_what_was_read(tmp_path: Path) -> None:
    """An endless generator is stopped: the counts of input, output and file agree."""
    stop = threading.Event()
    threading.Timer(0.5, stop.set).start()
    (pipeline,) = run_all(
        tmp_path, {"a": generated(0) + f'output {{ file {{ path => "{tmp_path}/out" }} }}'}, stop=stop
    )
    lines = len((tmp_path / "out").read_text(encoding="utf-8").splitlines())
    assert lines > 0
    assert [each.events_out for each in pipeline.counters.plugins] == [lines, lines]


def test_a_failing_output_ends_the_run(tmp_path: Path) -> None:
    """A file that cannot be written ends the run with its name, although the input would go on for ever."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(PipelineError, match="file/out cannot be written"):
        run_all(tmp_path, {"a": generated(0) + f'output {{ file {{ path => "{tmp_path}/file/out" }} }}'})


def test_unconnected_pipelines_do_not_hinder_each_other(tmp_path: Path) -> None:
    """One pipeline's store is away for good; the other writes its file all the same."""
    stop = threading.Event()
    threading.Timer(1.0, stop.set).start()
    with pytest.raises(StoreError):
        run_all(
            tmp_path,
            {
                "stuck": generated(10) + f"output {{ {STORE} }}",
                "free": generated(3) + f'output {{ file {{ path => "{tmp_path}/out" }} }}',
            },
            _Away(),
            stop=stop,
        )
    assert len(written(tmp_path / "out")) == 3


@pytest.mark.parametrize(("ecs", "field"), [("v8", ("event", "sequence")), ("disabled", ("sequence",))])
def test_generator_as_logstash(tmp_path: Path, ecs: str, field: tuple[str, ...]) -> None:
    """Lines by turns; the sequence counts rounds, under the name that the ECS setting gives it."""
    rest = f"lines => ['a', 'b'] ecs_compatibility => {ecs}"
    run_all(tmp_path, {"a": generated(2, rest) + f'output {{ file {{ path => "{tmp_path}/out" }} }}'})
    seen = []
    for event in written(tmp_path / "out"):
        value: object = event
        for name in field:
            assert isinstance(value, dict)
            value = value[name]
        seen.append((event["message"], value))
    assert seen == [("a", 0), ("b", 0), ("a", 1), ("b", 1)]


def test_generator_threads_count_each_for_itself(tmp_path: Path) -> None:
    """Three threads with a count of four make twelve events."""
    run_all(tmp_path, {"a": generated(4, "threads => 3") + f'output {{ file {{ path => "{tmp_path}/out" }} }}'})
    sequence = sorted(each["event"]["sequence"] for each in written(tmp_path / "out"))  # type: ignore[index]
    assert sequence == [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3]

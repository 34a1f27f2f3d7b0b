"""Dead letters: one form, listed, sent again exactly once, safe against crashes and other writers."""

from __future__ import annotations

import json
import multiprocessing
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.store.document import Document, WriteResult
from analyzers.store.interface import StoreError
from analyzers.store.memory.positions import PositionStore
from analyzers.store.memory.store import MemoryStore
from atalaia.pipeline.dead_letters import FileAppender, Letter
from atalaia.pipeline.errors import PipelineError
from atalaia.pipeline.inputs.running import Arrival
from atalaia.pipeline.letters.reading import Selection, parse_letter
from atalaia.pipeline.letters.replay import NOTHING_KEPT, Replay
from atalaia.pipeline.letters.replay_batch import ReplayBatch
from atalaia.pipeline.letters.rewriting import only_replay, rewrite
from atalaia.pipeline.origin import Origin
from atalaia.pipeline.read_lines import Line
from atalaia.pipeline.runtime.batch import Batch
from atalaia.pipeline.runtime.flow import Flow, Incoming
from atalaia.pipeline.runtime.places import letter_places
from atalaia.pipeline.runtime.shared_store import SharedStore
from atalaia.pipeline.runtime.topology import connect
from atalaia.pipeline.timestamp import Timestamp
from tests.atalaia.pipeline.letters.letters import BROKEN, LINES, NOW, clock, fill, kept, send
from tests.atalaia.pipeline.runtime.pipelines import compiled


def picky() -> PositionStore:
    """A store that does not take ``refused`` documents."""
    return PositionStore(refuse=lambda document: "kind is refused" if document.body.get("kind") == "refused" else None)


def numbers(store: MemoryStore) -> list[int]:
    """The stored events' numbers, sorted."""
    return sorted(int(str(document.body["n"])) for document in store.kept.values())


def test_every_letter_has_the_same_form(tmp_path: Path) -> None:
    """A filter that cannot go on and a store that refuses: text, input, path, id, the refused document too."""
    fill(tmp_path, picky())
    letters = [json.loads(line) for line in (tmp_path / "dead" / "app.ndjson").read_text(encoding="utf-8").splitlines()]
    own = {letter["plugin"]: letter for letter in letters if "plugin" in letter}
    assert set(own) == {"if", "elasticsearch"}
    for letter, line in ((own["if"], LINES[1]), (own["elasticsearch"], LINES[3])):
        assert letter["pipeline"] == "app"
        assert letter["original"] == json.dumps(line)
        assert letter["input"]["plugin"] == "file"
        assert letter["input"]["path"] == str(tmp_path / "app.log")
        assert letter["event"]["n"] == line["n"]
        assert re.fullmatch(r"[0-9a-f]+-[0-9a-f]+-[0-9a-f]{16}:\d+", letter["source_id"])
    assert own["elasticsearch"]["plugin_id"].startswith("elasticsearch:")
    document = own["elasticsearch"]["document"]
    assert (document["_index"], document["_id"]) == ("logs-app.event-default", own["elasticsearch"]["source_id"])
    assert document["_source"]["n"] == 4


def test_letters_are_chosen(tmp_path: Path) -> None:
    """By pipeline, by plugin's name or id, by a part of the reason; an own and a routed form alike."""
    fill(tmp_path, picky())
    (stopped, routed, refused) = sorted(kept(tmp_path), key=lambda each: str(each.original))
    assert [each.reason for each in (routed, refused)] == ["it is bad", "kind is refused"]
    assert kept(tmp_path, Selection(pipeline="other")) == []
    assert kept(tmp_path, Selection(pipeline="app", plugin="if")) == [stopped]
    assert kept(tmp_path, Selection(plugin=refused.plugin_id)) == [refused]
    assert kept(tmp_path, Selection(reason="IS BAD")) == [routed]
    assert len(kept(tmp_path, Selection(since=NOW))) == 3


def test_mended_they_leave_the_queue(tmp_path: Path) -> None:
    """With pipeline and store mended, each event is stored once and no letter is left; again, nothing happens."""
    store = picky()
    fill(tmp_path, store)
    store.refuse = None  # mended
    summary = send(tmp_path, store)
    assert (summary.letters, summary.sent, summary.stay.total()) == (3, 3, 0)
    assert numbers(store) == [1, 2, 3, 4]
    assert kept(tmp_path) == []
    assert send(tmp_path, store).letters == 0


def test_what_fails_again_stays_with_the_new_reason(tmp_path: Path) -> None:
    """The store gives another reason now: it stands in the letter, whose text and id are what they were."""
    store = picky()
    fill(tmp_path, store)
    before = {each.original: each.source_id for each in kept(tmp_path, Selection(plugin="elasticsearch"))}
    store.refuse = lambda document: "still not" if document.body["n"] == 4 else None  # half mended
    summary = send(tmp_path, store)
    assert (summary.sent, dict(summary.stay)) == (2, {"still not": 1})
    (letter,) = kept(tmp_path)
    assert (letter.reason, {letter.original: letter.source_id}) == ("still not", before)
    assert letter.document is not None


def test_the_broken_pipeline_keeps_its_letters_and_writes_no_new_ones(tmp_path: Path) -> None:
    """Sent through the same pipeline, what it routes and rejects stays one letter each."""
    store = picky()
    fill(tmp_path, store)
    summary = send(tmp_path, store, BROKEN)
    assert (summary.sent, summary.stay.total()) == (0, 3)
    assert len(kept(tmp_path)) == 3
    assert send(tmp_path, store, BROKEN).letters == 3


def test_a_routed_letter_that_fails_keeps_its_id(tmp_path: Path) -> None:
    """An event that a file output routed gets an id of its line, and keeps it when the letter changes form."""
    store = picky()
    fill(tmp_path, store)
    (before,) = kept(tmp_path, Selection(reason="it is bad"))
    send(tmp_path, store, BROKEN)
    (after,) = kept(tmp_path, Selection(reason="it is bad"))
    assert after.source_id == before.source_id
    assert after.original == before.original == json.dumps(LINES[2])


def test_a_document_is_stored_as_it_was_without_a_pipeline(tmp_path: Path) -> None:
    """No pipeline is needed for what the store refused; the others stay as they are, byte for byte."""
    store = picky()
    fill(tmp_path, store)
    file = tmp_path / "dead" / "app.ndjson"
    others = [line for line in file.read_text(encoding="utf-8").splitlines() if '"document"' not in line]
    store.refuse = None  # mended
    summary = send(tmp_path, store, None)
    assert summary.sent == 1
    assert set(summary.stay) == {"the pipeline 'app' is not given; name its file with --pipeline-file"}
    assert file.read_text(encoding="utf-8").splitlines() == others
    assert numbers(store) == [1, 4]


def test_dry_run_changes_nothing(tmp_path: Path) -> None:
    """It says what would become of them; store and letters stay as they were."""
    store = picky()
    fill(tmp_path, store)
    before = (tmp_path / "dead" / "app.ndjson").read_bytes()
    assert send(tmp_path, None, dry=True).sent == 3
    assert numbers(store) == [1]
    assert (tmp_path / "dead" / "app.ndjson").read_bytes() == before


def test_one_event_of_a_line_with_several(tmp_path: Path) -> None:
    """An array is three events; the one that was refused is sent again, the others are not doubled."""
    store = picky()
    fill(tmp_path, store, [[{"n": 1}, {"n": 2, "kind": "refused"}, {"n": 3}]])  # type: ignore[list-item]
    store.refuse = None  # mended
    assert send(tmp_path, store).sent == 1
    assert numbers(store) == [1, 2, 3]


def test_a_line_too_long_stays(tmp_path: Path) -> None:
    """Its first bytes are no event: it is never sent again as one."""
    store = picky()
    fill(tmp_path, store, [{"n": 1, "text": "x" * (1 << 20)}])
    summary = send(tmp_path, store)
    assert dict(summary.stay) == {NOTHING_KEPT: 1}
    assert "is longer than" in kept(tmp_path)[0].reason


def test_a_crash_before_the_letters_are_taken_out_doubles_nothing(tmp_path: Path) -> None:
    """The events are stored and the process dies before it rewrites the file: sent again, their ids are known."""
    store = picky()
    fill(tmp_path, store)
    store.refuse = None  # mended
    before = (tmp_path / "dead" / "app.ndjson").read_bytes()
    send(tmp_path, store)
    (tmp_path / "dead" / "app.ndjson").write_bytes(before)
    assert send(tmp_path, store).sent == 3
    assert numbers(store) == [1, 2, 3, 4]


def test_a_letter_of_a_pipeline_downstream_is_read_again_by_the_one_that_read_it(tmp_path: Path) -> None:
    """A sink's document is refused; mended, its text goes through the source again, and the copy keeps its id."""
    source = "input { file { path => '/x' codec => json } } output { pipeline { send_to => ['aa', 'bb'] } }"
    output = 'output {{ elasticsearch {{ data_stream => "true" data_stream_dataset => "app.event" }} }}'
    sink = f"input {{{{ pipeline {{{{ address => {{}} }}}} }}}} {output}"
    pipelines = compiled(source=source, first=sink.format("aa"), second=sink.format("bb"))
    (group,) = connect(pipelines)
    store = MemoryStore(refuse=lambda document: "no b" if document.id.endswith("/bb") else None)
    _, places = letter_places(tmp_path / "dead", {})
    flow = Flow(group, Batch(SharedStore(store), places, clock))
    (feed,) = [each.inputs[0].feed for each in pipelines if each.id == "source"]
    events, _ = feed.stream("/x", "file").read(Line(0, 7, b'{"n":1}'))
    flow.process([Incoming("source", Arrival(events, 0))])
    (refused,) = kept(tmp_path)
    assert (refused.pipeline, refused.read_by) == ("second", "source")
    store.refuse = None  # mended
    batch = ReplayBatch(SharedStore(store), places, clock, dry=False)
    replay = Replay([group], batch, clock, through_pipeline=True, dry=False)
    assert replay.run(kept(tmp_path), lambda _summary: None).sent == 1
    ids = sorted(identity for _, identity in store.kept)
    assert [identity[-3:] for identity in ids] == ["/aa", "/bb"]
    assert kept(tmp_path) == []


class _Failing(MemoryStore):
    """A store that goes away after its first batch."""

    batches = 0

    def append(self, documents: Sequence[Document]) -> WriteResult:
        """Take one batch."""
        self.batches += 1
        if self.batches > 1:
            raise StoreError("the store went away")
        return super().append(documents)


def test_the_batches_before_a_failure_are_done(tmp_path: Path) -> None:
    """The store goes away in the second batch of five hundred: the first is out of the queue, the rest stays."""
    fill(tmp_path, picky(), [{"n": number, "kind": "refused"} for number in range(700)])
    with pytest.raises(StoreError):
        send(tmp_path, _Failing())
    assert [json.loads(str(each.original))["n"] for each in kept(tmp_path)] == list(range(500, 700))


def letter(number: int) -> str:
    """A letter as a line."""
    return Letter("app", "x", "r", {"n": number}, source_id=str(number)).line(Timestamp.from_datetime(NOW))


def append_letters(folder: Path, first: int, count: int) -> None:
    """Append letters one by one, as a running pipeline does."""
    for number in range(first, first + count):
        appender = FileAppender(folder)
        appender.add(folder / "app.ndjson", letter(number))
        appender.commit()


def test_other_writers_lose_nothing_while_letters_are_taken_out(tmp_path: Path) -> None:
    """Three processes append 60 letters each while this one takes out all it sees, again and again: 180 are seen."""
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=append_letters, args=(tmp_path, 1_000 * each, 60)) for each in range(3)]
    for writer in writers:
        writer.start()
    seen: list[str] = []
    file = tmp_path / "app.ndjson"
    while True:
        alive = any(writer.is_alive() for writer in writers)
        if file.exists():
            offset, outcomes = 0, dict[int, str | None]()
            for line in file.read_bytes().splitlines(keepends=True):
                if line.endswith(b"\n"):
                    seen.append(parse_letter(file, offset, line).source_id)
                    outcomes[offset] = None
                offset += len(line)
            rewrite(file, outcomes, Timestamp.from_datetime(NOW))
        if not alive:
            break
    for writer in writers:
        writer.join()
        assert writer.exitcode == 0
    assert sorted(seen) == sorted(str(1_000 * each + number) for each in range(3) for number in range(60))


def test_a_letter_after_a_torn_one_is_whole(tmp_path: Path) -> None:
    """A crash left half a line: the next letter begins on a line of its own, and the half one is seen as such."""
    (tmp_path / "dead").mkdir()
    (tmp_path / "dead" / "app.ndjson").write_bytes(b'{"@timestamp":"2026-')
    append_letters(tmp_path / "dead", 7, 1)
    assert [each.reason for each in kept(tmp_path)] == ["this line is no dead letter", "r"]


def test_two_replays_keep_out_of_each_others_way(tmp_path: Path) -> None:
    """The second is refused while the first is under way."""
    with (
        only_replay(tmp_path),
        pytest.raises(PipelineError, match="being replayed by another process"),
        only_replay(tmp_path),
    ):
        pass


@given(
    reason=st.text(min_size=1),
    original=st.none() | st.text(),
    path=st.text(),
    number=st.integers(0, 9),
    source=st.text(st.characters(codec="ascii"), min_size=1),
)
def test_what_is_written_is_read(reason: str, original: str | None, path: str, number: int, source: str) -> None:
    """Whatever the texts, a letter's line gives back reason, text, origin and id."""
    origin = Origin("app", "file", "file:1:1", path, number)
    line = Letter("app", "x", reason, {}, original=original, origin=origin, source_id=source).line(
        Timestamp.from_datetime(NOW)
    )
    assert line.count("\n") == 1
    read = parse_letter(Path("app.ndjson"), 0, line.encode("utf-8", "backslashreplace"))
    assert (read.reason, read.original, read.origin, read.source_id, read.at) == (reason, original, origin, source, NOW)


@given(st.binary(max_size=80))
def test_any_line_is_some_letter(line: bytes) -> None:
    """Garbage in the queue is listed, never a crash."""
    assert parse_letter(Path("app.ndjson"), 0, line).reason

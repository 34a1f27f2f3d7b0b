"""Ingesting files: every event ends in one place, none twice, none nowhere."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.store.document import Document, WriteResult
from analyzers.store.interface import Store
from analyzers.store.memory.positions import PositionStore
from analyzers.store.memory.store import MemoryStore
from analyzers.store.open import open_store
from atalaia.ingest import IngestProgress, IngestSummary, find_pipeline, ingest
from atalaia.pipeline.runtime.snapshots import read_snapshots
from logging_lib.errors import AtalaiaError

PLAIN = """
input { file { path => "/var/log/x" codec => plain tags => ["in"] } }
filter {
  if [message] =~ /^drop/ { drop { } }
  if [message] =~ /^bad/ { mutate { add_field => { "[error][message]" => "it is bad" } } }
}
output {
  if [error][message] { file { path => "${ATALAIA_DEAD_LETTER}/routed.ndjson" codec => json_lines } }
  else { elasticsearch { data_stream => "true" data_stream_dataset => "app.event" } }
}
"""
NOW = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)


def clock() -> datetime:
    """Return the one instant of these tests."""
    return NOW


def put(
    folder: Path,
    content: bytes,
    store: Store,
    configuration: str = PLAIN,
    *,
    file: str = "app.log",
    append: bool = False,
) -> IngestSummary:
    """Write a log file and ingest it."""
    path = folder / file
    with path.open("ab" if append else "wb") as log:
        log.write(content)
    pipeline = folder / "test.conf"
    pipeline.write_text(configuration, encoding="utf-8")
    return ingest([path], pipeline, store, dead_letter=folder / "dead", clock=clock, variables={})


def counts(summary: IngestSummary) -> tuple[int, int, int, int, int]:
    """Return lines, stored, duplicates, dead letters and dropped."""
    return summary.lines, summary.stored, summary.duplicates, summary.dead_lettered, summary.dropped


def messages(store: MemoryStore) -> list[object]:
    """Return the messages of the stored documents."""
    return [document.body["message"] for document in store.kept.values()]


def dead_letters(folder: Path, name: str = "test") -> list[dict[str, object]]:
    """Return the lines of a dead-letter file."""
    return [json.loads(line) for line in (folder / "dead" / f"{name}.ndjson").read_text(encoding="utf-8").splitlines()]


def test_each_line_ends_in_one_place(tmp_path: Path) -> None:
    """Two good lines, one dropped, one routed to the dead letters: each is counted once, with the reason."""
    store = MemoryStore()
    summary = put(tmp_path, b"one\ndrop me\nbad thing\ntwo\n", store)
    assert counts(summary) == (4, 2, 0, 1, 1)
    assert summary.reasons == {"it is bad": 1}
    assert messages(store) == ["one", "two"]
    assert [letter["message"] for letter in dead_letters(tmp_path, "routed")] == ["bad thing"]


def test_the_input_keeps_its_common_options(tmp_path: Path) -> None:
    """The file takes the place of the input's path; its tags, codec and origin fields stay."""
    store = MemoryStore()
    put(tmp_path, b"one\n", store)
    (document,) = store.kept.values()
    assert document.stream == "logs-app.event-default"
    assert document.body["tags"] == ["in"]
    assert document.body["log"] == {"file": {"path": str(tmp_path / "app.log")}}
    assert document.body["data_stream"] == {"type": "logs", "dataset": "app.event", "namespace": "default"}
    assert document.body["@timestamp"] == "2026-03-14T12:00:00.000Z"


def test_two_identical_lines_are_two_events(tmp_path: Path) -> None:
    """An access log may hold the same line twice: two requests."""
    store = MemoryStore()
    assert counts(put(tmp_path, b"same\nsame\n", store)) == (2, 2, 0, 0, 0)
    assert messages(store) == ["same", "same"]


def test_a_file_read_again_adds_nothing(tmp_path: Path) -> None:
    """With positions nothing is read twice; without them the ids are the same and count as duplicates."""
    keeping, plain = PositionStore(), MemoryStore()
    put(tmp_path, b"one\ntwo\n", keeping)
    assert counts(put(tmp_path, b"", keeping, append=True)) == (0, 0, 0, 0, 0)
    put(tmp_path, b"one\ntwo\n", plain, file="other.log")
    assert counts(put(tmp_path, b"", plain, file="other.log", append=True)) == (2, 0, 2, 0, 0)
    assert len(plain.kept) == 2


def test_a_file_that_grew_is_continued(tmp_path: Path) -> None:
    """Only the new lines are read."""
    store = PositionStore()
    put(tmp_path, b"one\n", store)
    assert counts(put(tmp_path, b"two\n", store, append=True)) == (1, 1, 0, 0, 0)
    assert messages(store) == ["one", "two"]


def test_a_renamed_file_is_the_same_file(tmp_path: Path) -> None:
    """Rotation by renaming does not double events."""
    store = PositionStore()
    put(tmp_path, b"one\n", store)
    (tmp_path / "app.log").rename(tmp_path / "app.log.1")
    assert counts(put(tmp_path, b"", store, file="app.log.1", append=True)) == (0, 0, 0, 0, 0)


def test_a_last_line_without_its_end_is_a_line_and_never_two(tmp_path: Path) -> None:
    """It is stored; read again it adds nothing; grown, it is read as a whole under the same id."""
    store = PositionStore()
    assert counts(put(tmp_path, b"one\ntwo", store)) == (2, 2, 0, 0, 0)
    assert counts(put(tmp_path, b"", store, append=True)) == (0, 0, 0, 0, 0)
    assert counts(put(tmp_path, b" more\nthree\n", store, append=True)) == (2, 1, 1, 0, 0)
    assert messages(store) == ["one", "two", "three"]


def test_an_unfinished_line_that_was_dead_lettered_is_stored_once_it_is_whole(tmp_path: Path) -> None:
    """A half-written line that could not be understood is understood when the rest of it has come."""
    store = PositionStore()
    put(tmp_path, b"one\nba", store)
    assert counts(put(tmp_path, b"", store, append=True)) == (0, 0, 0, 0, 0)
    assert counts(put(tmp_path, b"d\n", store, append=True)) == (1, 0, 0, 1, 0)


def test_an_over_long_line_is_dead_lettered_without_being_read_whole(tmp_path: Path) -> None:
    """Ten megabytes in one line: its first KiB is kept with the reason, the lines around it are stored."""
    store = MemoryStore()
    summary = put(tmp_path, b"one\n" + b"x" * 10_000_000 + b"\ntwo\n", store)
    assert counts(summary) == (3, 2, 0, 1, 0)
    (letter,) = dead_letters(tmp_path)
    assert letter["reason"] == "the line is longer than 1,048,576 bytes"
    assert letter["event"] == {"message": "x" * 1024}
    assert summary.bytes_read == 10_000_009


def test_a_line_of_exactly_the_limit_is_stored(tmp_path: Path) -> None:
    """A mebibyte fits, one byte more does not."""
    store = MemoryStore()
    content = b"x" * (1 << 20) + b"\n" + b"y" * ((1 << 20) + 1) + b"\n"
    assert counts(put(tmp_path, content, store)) == (2, 1, 0, 1, 0)


def test_nul_bytes_and_invalid_utf8_are_stored_readably(tmp_path: Path) -> None:
    r"""A NUL stays; a byte that is no UTF-8 is shown as \xFF, as Logstash shows it."""
    store = MemoryStore()
    put(tmp_path, b'a\0b\nc\xff"d\n', store)
    assert messages(store) == ["a\0b", 'c\\xFF\\"d']


def test_rejected_documents_are_dead_letters(tmp_path: Path) -> None:
    """What the store does not take is kept with the store's reason and the whole document."""
    store = MemoryStore(refuse=lambda document: "it is two" if document.body["message"] == "two" else None)
    summary = put(tmp_path, b"one\ntwo\n", store)
    assert counts(summary) == (2, 1, 0, 1, 0)
    assert summary.reasons == {"it is two": 1}
    (letter,) = dead_letters(tmp_path)
    assert (letter["plugin"], letter["pipeline"], letter["reason"]) == ("elasticsearch", "test", "it is two")
    assert "two" in json.dumps(letter["event"])


def test_an_event_that_would_stop_logstash_is_one_dead_letter(tmp_path: Path) -> None:
    """``[absent] in [tags]`` stops a real pipeline: here the one event is kept with the reason, the others go on."""
    stops = PLAIN.replace("filter {", 'filter { if [message] == "x" { if [absent] in [tags] { drop { } } }', 1)
    store = MemoryStore()
    assert counts(put(tmp_path, b"x\none\n", store, stops)) == (2, 1, 0, 1, 0)
    (letter,) = dead_letters(tmp_path)
    assert letter["plugin"] == "if"
    assert "[absent] is missing" in str(letter["reason"])


def test_future_events_are_stored_and_counted(tmp_path: Path) -> None:
    """Six minutes ahead of the clock is the future, four are not."""
    configuration = PLAIN.replace("codec => plain", "codec => json")
    lines = (
        b'{"@timestamp":"2026-03-14T12:06:00Z","message":"a"}\n{"@timestamp":"2026-03-14T12:04:00Z","message":"b"}\n'
    )
    summary = put(tmp_path, lines, MemoryStore(), configuration)
    assert (summary.stored, summary.future) == (2, 1)


def test_an_unreadable_file_is_named_before_anything_is_written(tmp_path: Path) -> None:
    """The good file beside the missing one is not read either."""
    good = tmp_path / "good.log"
    good.write_bytes(b"one\n")
    (tmp_path / "test.conf").write_text(PLAIN, encoding="utf-8")
    store = MemoryStore()
    for bad in (tmp_path / "missing.log", tmp_path):
        with pytest.raises(AtalaiaError, match=str(bad)):
            ingest([good, bad], tmp_path / "test.conf", store, dead_letter=tmp_path / "dead", clock=clock, variables={})
    assert not store.kept


def test_a_pipe_can_be_read(tmp_path: Path) -> None:
    """A source without positions (a named pipe) is read as a stream."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    (tmp_path / "test.conf").write_text(PLAIN, encoding="utf-8")
    store = MemoryStore()
    writer = os.fork()
    if writer == 0:
        pipe.write_bytes(b"one\ntwo\n")
        os._exit(0)
    summary = ingest([pipe], tmp_path / "test.conf", store, dead_letter=tmp_path / "dead", clock=clock, variables={})
    os.waitpid(writer, 0)
    assert counts(summary) == (2, 2, 0, 0, 0)


def compressed(content: bytes) -> bytes:
    """Compress with Debian's gzip."""
    return subprocess.run(["gzip", "-c"], input=content, capture_output=True, check=True).stdout


def test_a_compressed_file_is_read_as_it_is(tmp_path: Path) -> None:
    """Known by its first bytes, whatever its name; a second archive joined to it is continued there.

    As in Logstash, the end of a line may be a carriage return and a newline there.
    """
    store = PositionStore()
    assert counts(put(tmp_path, compressed(b"one\r\ntwo\n"), store)) == (2, 2, 0, 0, 0)
    assert counts(put(tmp_path, compressed(b"three\n"), store, append=True)) == (1, 1, 0, 0, 0)
    assert messages(store) == ["one", "two", "three"]
    assert set(store.positions.values()) == {15}


def test_a_damaged_archive_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    """What came before the end is stored, the damage is one dead letter; the files after it are read."""
    lines = "".join(f"line {number}.\n" for number in range(5_000)).encode()
    (tmp_path / "cut.gz").write_bytes(compressed(lines)[:-500])
    (tmp_path / "good.log").write_bytes(b"good\n")
    (tmp_path / "test.conf").write_text(PLAIN, encoding="utf-8")
    store = MemoryStore()
    files = [tmp_path / "cut.gz", tmp_path / "good.log"]
    summary = ingest(files, tmp_path / "test.conf", store, dead_letter=tmp_path / "dead", clock=clock, variables={})
    assert summary.reasons == {"the archive is cut off": 1}
    assert (summary.lines, summary.dead_lettered) == (summary.stored + 1, 1)
    assert 4_000 < summary.stored < 5_001
    assert set(map(str, messages(store))) <= {*lines.decode().split("\n"), "good"}
    assert dead_letters(tmp_path)[0]["event"] == {"path": str(tmp_path / "cut.gz")}


def test_a_file_that_was_emptied_is_another_source(tmp_path: Path) -> None:
    """It begins with the same line and is shorter than what was read: its lines are new events, not known ones."""
    store = PositionStore()
    put(tmp_path, b"header\none\ntwo\n", store)
    assert counts(put(tmp_path, b"header\nthree\n", store)) == (2, 2, 0, 0, 0)
    assert counts(put(tmp_path, b"four\n", store, append=True)) == (1, 1, 0, 0, 0)
    assert messages(store) == ["header", "one", "two", "header", "three", "four"]


class _Interrupted(PositionStore):
    """A store during whose second batch the user presses Ctrl-C."""

    batches = 0

    def append(self, documents: Sequence[Document]) -> WriteResult:
        """Interrupt the second batch."""
        self.batches += 1
        if self.batches == 2:
            raise KeyboardInterrupt
        return super().append(documents)


def test_interrupted_between_batches_and_continued(tmp_path: Path) -> None:
    """Twelve thousand lines, Ctrl-C in the second batch: continuing, each line is stored exactly once."""
    lines = b"".join(b"line %d\n" % number for number in range(12_000))
    store = _Interrupted()
    with pytest.raises(KeyboardInterrupt):
        put(tmp_path, lines, store)
    put(tmp_path, b"", store, append=True)
    assert sorted(map(str, messages(store))) == sorted(f"line {number}" for number in range(12_000))


def test_progress_is_told_after_every_batch(tmp_path: Path) -> None:
    """Two thousand events are a batch."""
    path = tmp_path / "app.log"
    path.write_bytes(b"x\n" * 5_001)
    (tmp_path / "test.conf").write_text(PLAIN, encoding="utf-8")
    seen: list[IngestProgress] = []
    dead = tmp_path / "dead"
    ingest(
        [path], tmp_path / "test.conf", MemoryStore(), dead_letter=dead, clock=clock, progress=seen.append, variables={}
    )
    assert seen == [IngestProgress(2_000, 4_000), IngestProgress(4_000, 8_000), IngestProgress(5_001, 10_002)]


def test_find_pipeline_knows_files_and_shipped_names(tmp_path: Path) -> None:
    """A path is itself, a name is a shipped file, and an unknown name lists those there are."""
    mine = tmp_path / "mine.conf"
    mine.write_text(PLAIN, encoding="utf-8")
    assert find_pipeline(str(mine)) == mine
    assert find_pipeline("request").name == "request.conf"
    with pytest.raises(AtalaiaError, match=r"'nope'.*access, receive, request"):
        find_pipeline("nope")


def test_counters_are_kept(tmp_path: Path) -> None:
    """What the plugins did stands in the data directory when the ingest is over, and that it is over."""
    (tmp_path / "app.log").write_bytes(b"one\ndrop me\n")
    (tmp_path / "test.conf").write_text(PLAIN, encoding="utf-8")
    ingest(
        [tmp_path / "app.log"],
        tmp_path / "test.conf",
        MemoryStore(),
        dead_letter=tmp_path / "dead",
        clock=clock,
        variables={},
        data_directory=tmp_path / "data",
    )
    (snapshot,) = read_snapshots(tmp_path / "data")
    assert (snapshot.pipeline, snapshot.running) == ("test", False)
    done = {each.name: (each.events_in, each.events_out, each.dropped) for each in snapshot.plugins}
    assert done["drop"] == (1, 0, 1)
    assert done["elasticsearch"] == (1, 1, 0)
    assert [each.events_in for each in snapshot.plugins if each.kind == "input"] == [2]


RECORDS = st.dictionaries(
    st.sampled_from(
        ["timestamp", "level", "service", "endpoint", "user_id", "response_time", "status_code", "event_id"]
    ),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9) | st.just("2024-01-15T10:30:00Z"),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=5,
    ),
)
LINES = st.lists(st.binary(max_size=60) | st.builds(lambda record: json.dumps(record).encode(), RECORDS), max_size=8)


@settings(max_examples=60, deadline=None)
@given(lines=LINES, end=st.sampled_from([b"", b"\n"]))
def test_any_bytes_through_request_conf_keep_the_sum(lines: list[bytes], end: bytes) -> None:
    """Whatever the bytes: no crash, and stored, duplicates, dead letters and dropped make up the lines."""
    content = b"\n".join(lines) + end
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "app.log").write_bytes(content)
        store = MemoryStore()
        summary = ingest(
            [folder / "app.log"],
            find_pipeline("request"),
            store,
            dead_letter=folder / "dead",
            clock=clock,
            variables={},
        )
    assert summary.lines == summary.stored + summary.duplicates + summary.dead_lettered + summary.dropped
    assert summary.stored == len(store.kept)
    assert summary.bytes_read == len(content)
    assert sum(summary.reasons.values()) == summary.dead_lettered
    assert summary.lines >= content.count(b"\n")


def test_into_the_embedded_store_and_again(tmp_path: Path) -> None:
    """Three real records through ``request.conf``: stored once; read again, nothing; a fourth line, one more."""
    record = {"level": "INFO", "service": "ti-osn", "endpoint": "/a", "response_time": 0.234, "status_code": 200}
    lines = [
        json.dumps({"timestamp": f"2026-03-14T11:0{n}:00Z", "event_id": f"e{n}", **record}).encode() + b"\n"
        for n in range(4)
    ]
    log = tmp_path / "app.ndjson"
    log.write_bytes(b"".join(lines[:3]))
    found = []
    for _ in range(3):
        with open_store(str(tmp_path / "store"), writable=True, clock=clock) as store:
            summary = ingest(
                [log], find_pipeline("request"), store, dead_letter=tmp_path / "dead", clock=clock, variables={}
            )
            found.append(counts(summary))
        if len(found) == 2:
            log.write_bytes(b"".join(lines))
    assert found == [(3, 3, 0, 0, 0), (0, 0, 0, 0, 0), (1, 1, 0, 0, 0)]

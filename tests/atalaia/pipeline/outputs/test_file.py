"""The file output, and how its text is written to real files."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import pytest

from atalaia.pipeline.dead_letters import FileAppender
from atalaia.pipeline.errors import ConfigurationError, PipelineError
from atalaia.pipeline.event import Event
from atalaia.pipeline.file_writing import FileWriting
from atalaia.pipeline.timestamp import Timestamp
from tests.atalaia.pipeline.delivered import NOW, Delivered, compiled, output


def test_file_outputs_stay_below_their_directory() -> None:
    """A field that leads out of it goes to the file for such failures, as in Logstash."""
    conf = 'file { path => "/var/out/%{a}.log" codec => line { format => "%{a}" } }'
    assert output(conf, a="x").files == [("/var/out/x.log", "x\n")]
    assert output(conf, a="../../etc/x").files == [("/var/out/_filepath_failures", "../../etc/x\n")]


class _Disk(Delivered):
    """A delivery that writes files, as a batch does."""

    def __init__(self) -> None:
        super().__init__()
        self.files_on_disk = FileAppender(Path("/no-letters"))

    def append(self, event: Event, path: Path, text: str, how: FileWriting = FileWriting()) -> None:  # noqa: B008 - frozen
        """Take text for a file."""
        del event
        self.files_on_disk.add(path, text, how)


def write(options: str, *batches: list[str]) -> None:
    """Write events to a file, batch by batch."""
    pipeline, disk = compiled(f"output {{ file {{ {options} }} }}"), _Disk()
    for batch in batches:
        events = [Event.create({"m": message}, Timestamp.from_datetime(NOW)) for message in batch]
        pipeline.output(events, disk)
        disk.files_on_disk.commit()


LINE = 'codec => line { format => "%{m}" }'


def test_events_are_appended(tmp_path: Path) -> None:
    """Batch after batch, in their order; by default as JSON lines."""
    write(f'path => "{tmp_path}/a/b/x.log"', ["one", "two"], ["three"])
    lines = (tmp_path / "a" / "b" / "x.log").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["m"] for line in lines] == ["one", "two", "three"]


def test_only_the_last_event_is_kept_when_overwriting(tmp_path: Path) -> None:
    """Within a batch and across batches."""
    write(f'path => "{tmp_path}/x.log" write_behavior => "overwrite" {LINE}', ["one", "two longer"], ["three", "4"])
    assert (tmp_path / "x.log").read_text(encoding="utf-8") == "4\n"


def test_compressed_files_can_be_read_as_one(tmp_path: Path) -> None:
    """Each batch is a member; a reader of gzip sees one text."""
    write(f'path => "{tmp_path}/x.gz" gzip => true {LINE}', ["one"], ["two"])
    assert gzip.decompress((tmp_path / "x.gz").read_bytes()) == b"one\ntwo\n"


def test_permissions_of_new_files_and_directories(tmp_path: Path) -> None:
    """Whatever the umask; those that are there keep theirs."""
    old = os.umask(0o077)
    try:
        write(f'path => "{tmp_path}/new/deep/x.log" file_mode => 0640 dir_mode => 488 {LINE}', ["one"])
    finally:
        os.umask(old)
    modes = [
        path.stat().st_mode & 0o777 for path in (tmp_path / "new", tmp_path / "new/deep", tmp_path / "new/deep/x.log")
    ]
    assert modes == [0o750, 0o750, 0o640]
    write(f'path => "{tmp_path}/new/deep/x.log" file_mode => 0600 {LINE}', ["two"])
    assert (tmp_path / "new" / "deep" / "x.log").stat().st_mode & 0o777 == 0o640


def test_a_file_that_must_be_there(tmp_path: Path) -> None:
    """Without it events go to the file for failures, which is made."""
    options = f'path => "{tmp_path}/x.log" create_if_deleted => false filename_failure => "lost" {LINE}'
    write(options, ["one"])
    assert (tmp_path / "lost").read_text(encoding="utf-8") == "one\n"
    (tmp_path / "x.log").touch()
    write(options, ["two"])
    assert (tmp_path / "x.log").read_text(encoding="utf-8") == "two\n"


def test_the_file_for_failures_may_be_named() -> None:
    """It lies below the fixed part of the path."""
    conf = f'file {{ path => "/var/out/%{{m}}.log" filename_failure => "astray" {LINE} }}'
    assert output(conf, m="../../etc/x").files == [("/var/out/astray", "../../etc/x\n")]


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """A directory is in its place."""
    (tmp_path / "x.log").mkdir()
    with pytest.raises(PipelineError, match=r"x\.log cannot be written: Is a directory"):
        write(f'path => "{tmp_path}/x.log"', ["one"])


REFUSED = [
    ("flush_interval => 0", "flush_interval.*not supported", True),
    ("stale_cleanup_interval => 5", "stale_cleanup_interval.*not supported", True),
    ("workers => 1", "workers.*not supported", True),
    ("file_mode => 640", "file_mode.*640 is no permissions.*write them as 0640", False),
    ("dir_mode => 999", "dir_mode.*999 is no permissions", False),
    ('write_behavior => "prepend"', "write_behavior.*'append' or 'overwrite'", False),
]


@pytest.mark.parametrize(("option", "message", "unsupported"), REFUSED)
def test_what_is_refused_by_name(option: str, message: str, unsupported: bool) -> None:  # noqa: FBT001 - a column
    """What Logstash takes is refused as unsupported, with what to do instead."""
    with pytest.raises(ConfigurationError, match=rf"(?s){message}") as caught:
        output(f'file {{ path => "/x" {option} }}')
    assert caught.value.unsupported is unsupported

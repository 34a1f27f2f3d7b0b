"""The commit log and the version file: every truncation, every flipped bit and a missing file is noticed by name."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from analyzers.store.embedded.commits import CommitLog
from analyzers.store.embedded.layout import check_version
from analyzers.store.embedded.settings import Settings
from analyzers.store.embedded.store import EmbeddedStore
from analyzers.store.interface import StoreError
from tests.analyzers.store.embedded.events import count_at, event, write

_SUMMED = Settings(checkpoint_every=3, kept_commits=1)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Return a store whose log is a checkpoint, the commit before it and the one after: numbers 2, 3 and 4."""
    with EmbeddedStore(tmp_path, writable=True, settings=_SUMMED) as writer:
        for number in range(4):
            writer.append([event(number)])
    assert sorted(path.name.lstrip("0") for path in (tmp_path / "commits").iterdir()) == [
        "3.checkpoint.json",
        "3.json",
        "4.json",
    ]
    return tmp_path


def _harmed(path: Path) -> Iterator[bytes]:
    """Flip one bit of each byte of a file, then all bits of it, then cut it at every offset; yield what it is then."""
    content = bytearray(path.read_bytes())
    with path.open("r+b", buffering=0) as file:
        for place, byte in enumerate(content):
            for change in (1 << place % 8, 0xFF, 0):
                content[place] = byte ^ change
                os.pwrite(file.fileno(), content[place : place + 1], place)
                if change:
                    yield bytes(content)
        for size in reversed(range(len(content))):
            file.truncate(size)
            yield bytes(content[:size])


@pytest.mark.parametrize("name", ["3.checkpoint.json", "4.json"])
def test_all_damage_of_the_log_is_noticed(store: Path, name: str) -> None:
    """A reader names the file and never answers from what is left of the log."""
    path = store / "commits" / name.zfill(25 + name.count("checkpoint") * 11)
    content = path.read_bytes()
    for _ in _harmed(path):
        with pytest.raises(StoreError, match=path.name) as caught:
            CommitLog(store).refresh()
        assert caught.value.remedy
    path.write_bytes(content)
    assert count_at(store) == 4


def test_all_damage_of_the_version_file_is_noticed(store: Path) -> None:
    """All but the loss of the line's end, which says nothing."""
    path = store / "atalaia-store.json"
    content = path.read_bytes()
    for harmed in _harmed(path):
        if harmed == content[:-1]:
            check_version(store)
        else:
            with pytest.raises(StoreError, match=r"atalaia-store\.json|store format \d"):
                check_version(store)


@pytest.mark.parametrize("writable", [False, True])
@pytest.mark.parametrize(
    ("missing", "named"),
    [("00000000000000000003.checkpoint.json", "00000000000000000001.json"), ("", "commits")],
    ids=["the checkpoint", "the folder"],
)
def test_a_missing_part_of_the_log_is_named(store: Path, missing: str, named: str, *, writable: bool) -> None:
    """Neither a reader nor a writer takes what is left for the whole, and nothing is removed."""
    (store / "commits" / missing).rename(store.with_name("elsewhere"))
    before = sorted(store.rglob("*.parquet"))
    with pytest.raises(StoreError, match=named), EmbeddedStore(store, writable=writable) as opened:
        assert opened.segments
    assert sorted(store.rglob("*.parquet")) == before
    store.with_name("elsewhere").rename(store / "commits" / missing)
    write(store, [4])
    assert count_at(store) == 5


def test_commits_that_come_back_are_passed_over(store: Path) -> None:
    """After a power cut some of the commits that a checkpoint made superfluous may be there again, and some not."""
    with EmbeddedStore(store, writable=True, settings=Settings(checkpoint_every=100)) as writer:
        writer.append([event(4)])
    commit = (store / "commits" / "00000000000000000004.json").read_bytes()
    (store / "commits" / "00000000000000000001.json").write_bytes(commit)
    assert count_at(store) == 5
    write(store, [5])
    assert count_at(store) == 6


def test_a_log_that_skips_a_number_is_refused(store: Path) -> None:
    """A commit under another one's name is not believed."""
    commits = store / "commits"
    (commits / "00000000000000000004.json").rename(commits / "00000000000000000005.json")
    with pytest.raises(StoreError, match=r"00000000000000000004\.json is missing"):
        CommitLog(store).refresh()
    (commits / "00000000000000000004.json").write_bytes((commits / "00000000000000000003.json").read_bytes())
    with pytest.raises(StoreError, match=r"00000000000000000004\.json says that it is number 3"):
        CommitLog(store).refresh()

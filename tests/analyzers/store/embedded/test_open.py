"""Opening what a person named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from analyzers.store.embedded.store import EmbeddedStore
from analyzers.store.interface import StoreError
from analyzers.store.open import is_there, open_store
from tests.analyzers.store.embedded.disks import Operation, Perform, WatchedDisk
from tests.analyzers.store.embedded.events import write


def test_a_directory_is_the_embedded_store(tmp_path: Path) -> None:
    """It is created for writing, with its parents, and then opens for reading."""
    location = tmp_path / "a" / "b"
    with open_store(str(location), writable=True) as store:
        assert isinstance(store, EmbeddedStore)
        assert store.url == str(location)
    with open_store(str(location)) as store:
        assert store.extent("logs-web.request-*") is None


@pytest.mark.parametrize(
    ("location", "words"),
    [
        ("missing", "there is no store at"),
        ("file", "is a file"),
        ("foreign", "is not an Atalaia store"),
        ("empty", "there is no store at"),
        ("ftp://host/x", "no store of the kind 'ftp'"),
        ("", "no store is named"),
    ],
)
def test_what_is_no_store_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, location: str, words: str
) -> None:
    """One line that says what was wrong and what to do."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("x")
    (tmp_path / "foreign").mkdir()
    (tmp_path / "foreign" / "notes.txt").write_text("mine")
    (tmp_path / "empty").mkdir()
    with pytest.raises(StoreError, match=words) as caught:
        open_store(location)
    assert caught.value.remedy


@pytest.mark.parametrize(("number", "remedy"), [(1, "ingest the log files"), (3, "or a newer one")])
def test_a_store_of_another_format_is_not_touched(tmp_path: Path, number: int, remedy: str) -> None:
    """Neither read nor written; a later format needs a later version, an earlier one is not written any more."""
    write(tmp_path, [0])
    (tmp_path / "atalaia-store.json").write_text(f'{{"product":"atalaia","format":{number}}}')
    for writable in (False, True):
        with pytest.raises(StoreError, match=f"has store format {number}") as caught:
            open_store(str(tmp_path), writable=writable)
        assert remedy in caught.value.remedy


def test_a_directory_with_other_things_is_not_written(tmp_path: Path) -> None:
    """A store is never made among a person's own files."""
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(StoreError, match=r"notes\.txt"):
        open_store(str(tmp_path), writable=True)


def test_a_directory_with_what_commands_keep_there_becomes_a_store(tmp_path: Path) -> None:
    """Counters and read positions lie in ``./atalaia-data`` also while the events go to an Elasticsearch."""
    for name in ("counters", "plugins", "copies", "dead-letter"):
        (tmp_path / name).mkdir()
    with open_store(str(tmp_path), writable=True) as store:
        assert isinstance(store, EmbeddedStore)


def test_a_reader_cannot_write(tmp_path: Path) -> None:
    """It says how to open the store for writing."""
    write(tmp_path, [0])
    with open_store(str(tmp_path)) as store, pytest.raises(StoreError, match="for reading only"):
        store.append([])


class SeenDisk(WatchedDisk):
    """A disk after each of whose operations somebody looks at the directory.

    Args:
        look: Does so.
    """

    def __init__(self, look: Callable[[], None]) -> None:
        self._look = look

    def around(self, operation: Operation, perform: Perform) -> None:
        """Do it, and look."""
        del operation
        perform()
        self._look()


def test_a_store_that_is_just_being_made_is_no_wrong_one(tmp_path: Path) -> None:
    """Who looks at any moment of the first writer's work finds no store yet, then an empty one; never a refusal."""
    root = tmp_path / "data"
    (root / "counters").mkdir(parents=True)  # what 'atalaia ingest' keeps beside it, and makes first
    found: list[bool] = []

    def look() -> None:
        found.append(is_there(str(root)))
        if found[-1]:
            with open_store(str(root)) as store:
                assert store.streams() == ()
        else:
            with pytest.raises(StoreError, match="there is no store at"):
                open_store(str(root))

    look()
    EmbeddedStore(root, writable=True, disk=SeenDisk(look)).close()
    assert found == sorted(found)
    assert (found[0], found[-1]) == (False, True)
    assert len(found) > 4

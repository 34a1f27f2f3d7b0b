"""A damaged segment is noticed wherever it is damaged, refused by name, and set aside with what is intact kept."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from analyzers.store.document import Document, SourcePosition
from analyzers.store.embedded.condition import Damage, Inspector
from analyzers.store.embedded.parquet import ROW_GROUP
from analyzers.store.embedded.records import Segment
from analyzers.store.embedded.settings import Settings
from analyzers.store.embedded.store import EmbeddedStore
from analyzers.store.interface import StoreError
from tests.analyzers.store.embedded.events import count, count_at, count_on, event

_DAY = 1440  # events, one a minute


def _three_days(root: Path) -> tuple[Segment, ...]:
    """Write ten events on each of three days in one commit: three segments."""
    with EmbeddedStore(root, writable=True) as store:
        numbers = [day * _DAY + number for day in range(3) for number in range(10)]
        store.append_from([event(number) for number in numbers], [SourcePosition("log", 30)])
        return store.segments


def _put(path: Path, offset: int, byte: int) -> None:
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(bytes([byte]))


def test_a_segment_cut_at_every_offset_is_noticed(tmp_path: Path) -> None:
    """Down to nothing, byte by byte; what is no longer whole is not called sound."""
    segment = _three_days(tmp_path)[1]
    path = tmp_path / segment.path
    inspector = Inspector(tmp_path)
    for size in reversed(range(segment.size)):
        with path.open("r+b") as file:
            file.truncate(size)
        damage = inspector.damage(segment)
        assert damage is not None
        assert damage.reason == f"{size} bytes instead of {segment.size}"
        assert damage.sound == tuple(size >= piece.end for piece in segment.pieces)


@pytest.mark.parametrize("change", [lambda place: 1 << place % 8, lambda _place: 0xFF], ids=["a bit", "a byte"])
def test_a_segment_flipped_at_every_offset_is_noticed(tmp_path: Path, change: Callable[[int], int]) -> None:
    """One bit of each byte, or all bits of it: the part it is in is not sound, the others are."""
    segment = _three_days(tmp_path)[1]
    path = tmp_path / segment.path
    content = path.read_bytes()
    inspector = Inspector(tmp_path)
    starts = (0, *(piece.end for piece in segment.pieces))
    for place, byte in enumerate(content):
        _put(path, place, byte ^ change(place))
        damage = inspector.damage(segment)
        _put(path, place, byte)
        assert damage is not None
        assert damage.sound == tuple(
            not start <= place < piece.end for start, piece in zip(starts, segment.pieces, strict=False)
        )
    assert inspector.damage(segment) is None


def _cut(share: float) -> Callable[[Path], None]:
    def cut(path: Path) -> None:
        content = path.read_bytes()
        path.write_bytes(content[: int(len(content) * share)])

    return cut


def _flip(share: float) -> Callable[[Path], None]:
    def flip(path: Path) -> None:
        content = bytearray(path.read_bytes())
        content[int((len(content) - 1) * share)] ^= 0x10
        path.write_bytes(content)

    return flip


_HARM = {
    **{f"cut at {share:.0%}": _cut(share) for share in (0, 0.1, 0.5, 0.99)},
    **{f"flipped at {share:.0%}": _flip(share) for share in (0, 0.01, 0.2, 0.5, 0.8, 1)},
}


@pytest.mark.parametrize("harm", _HARM)
def test_the_whole_road(tmp_path: Path, harm: str) -> None:
    """Refused by name, the other days answer; set aside, the store answers without it, and says what is lost for ever.

    The damaged file is kept as it is; the read position stays; the lost events can be stored again, the others not.
    Where the harm begins after the events themselves, nothing is lost: the commit log has what stood there.
    """
    segment = _three_days(tmp_path)[1]
    path = tmp_path / segment.path
    events = path.read_bytes()[: segment.pieces[0].end]
    _HARM[harm](path)
    damaged = path.read_bytes()
    with EmbeddedStore(tmp_path, writable=True) as store:
        with pytest.raises(StoreError, match=f"{segment.path} is damaged") as caught:
            count(store)
        assert "--set-aside" in str(caught.value.remedy)
        assert [count_on(store, day) for day in (0, 2)] == [10, 10]
        (damage,) = _damages(tmp_path, store)
        (loss,) = store.maintenance.set_aside([damage])
        lost = 0 if damaged.startswith(events) else 10
        assert count(store) == 30 - lost
    assert (loss.rows, loss.path, loss.first, loss.last) == (lost, segment.path, segment.first, segment.last)
    assert loss.kept is not None
    assert loss.kept.startswith("damaged/")
    assert (tmp_path / loss.kept).read_bytes() == damaged
    assert not path.exists()
    with EmbeddedStore(tmp_path, writable=True) as store:
        assert store.losses == (loss,)
        assert store.position("log") == 30
        result = store.append([event(day * _DAY + number) for day in range(3) for number in range(10)])
        assert (result.stored, result.duplicates) == (lost, 30 - lost)
        assert count(store) == 30


def _damages(root: Path, store: EmbeddedStore) -> Iterator[Damage]:
    inspector = Inspector(root)
    return (damage for segment in store.segments if (damage := inspector.damage(segment)) is not None)


_ROWS = 2 * ROW_GROUP + 100


def _half_second(number: int) -> Document:
    return event(number, step=timedelta(seconds=0.5))


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store with one segment of three row groups, of one day's events."""
    root = tmp_path_factory.mktemp("large") / "store"
    with EmbeddedStore(root, writable=True) as store:
        store.append([_half_second(number) for number in range(_ROWS)])
        (segment,) = store.segments
    assert len(segment.pieces) == 4
    return root


@pytest.mark.parametrize(
    ("place", "lost"),
    [(0, ROW_GROUP), (1, ROW_GROUP), (2, 100), (3, 0), (None, 0)],
    ids=["the first row group", "the second row group", "the last row group", "the footer", "bytes after the end"],
)
def test_intact_row_groups_are_kept(tmp_path: Path, large: Path, place: int | None, lost: int) -> None:
    """Of a large segment only the row group that is damaged is lost; nothing when only the index at its end is."""
    root = tmp_path / "store"
    shutil.copytree(large, root)
    with EmbeddedStore(root, writable=True) as store:
        (segment,) = store.segments
        path = root / segment.path
        content = path.read_bytes()
        if place is None:
            path.write_bytes(content + b"more")
        else:
            end = segment.pieces[place].end
            path.write_bytes(content[: end - 9] + bytes([content[end - 9] ^ 1]) + content[end - 8 :])
        (loss,) = store.maintenance.set_aside(list(_damages(root, store)))
        assert loss.rows == lost
        assert count(store) == _ROWS - lost
    if place == 0:  # what is lost can be stored again, the rest cannot
        with EmbeddedStore(root, writable=True) as store:
            result = store.append([_half_second(number) for number in (5, ROW_GROUP - 1, ROW_GROUP, _ROWS - 1)])
            assert (result.stored, result.duplicates) == (2, 2)


@pytest.mark.parametrize("left", [0, 1, 2])
def test_what_precedes_a_cut_is_kept(tmp_path: Path, large: Path, left: int) -> None:
    """A file that ends in the middle of a row group gives back all row groups before it."""
    root = tmp_path / "store"
    shutil.copytree(large, root)
    with EmbeddedStore(root, writable=True) as store:
        (segment,) = store.segments
        path = root / segment.path
        path.write_bytes(path.read_bytes()[: segment.pieces[left].end - 1])
        (loss,) = store.maintenance.set_aside(list(_damages(root, store)))
        assert loss.rows == _ROWS - left * ROW_GROUP
        assert sum(each.rows for each in store.segments) == left * ROW_GROUP


def test_an_append_that_meets_damage_goes_on(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """It sets the segment aside by itself, says so loudly, and stores again what was lost and is sent again."""
    segment = _three_days(tmp_path)[1]
    _flip(0.1)(tmp_path / segment.path)
    with caplog.at_level(logging.ERROR), EmbeddedStore(tmp_path, writable=True) as store:
        result = store.append([event(_DAY + 3), event(_DAY + 500)])
        assert (result.stored, result.duplicates) == (2, 0)
        assert count(store) == 22
        assert [loss.rows for loss in store.losses] == [10]
    assert f"{segment.path} is damaged" in caplog.text
    assert "10 of its 10 events are lost" in caplog.text


def test_a_merge_that_meets_damage_goes_on(tmp_path: Path) -> None:
    """The damaged one of the segments to be merged is set aside, the others are merged."""
    with EmbeddedStore(tmp_path, writable=True, settings=Settings(fan_in=100)) as store:
        for number in range(4):
            store.append([event(number)])
        _cut(0.1)(tmp_path / store.segments[2].path)
        store.maintenance.compact()
        assert len(store.segments) == 1
        assert count(store) == 3
        assert [loss.rows for loss in store.losses] == [1]


def _vanish(path: Path) -> None:
    path.unlink()


def _become_unreadable(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.name)  # a loop: no permission of ours gets round it


@pytest.mark.parametrize("harm", [_vanish, _become_unreadable])
def test_what_people_may_be_able_to_mend_is_not_given_up(tmp_path: Path, harm: Callable[[Path], None]) -> None:
    """A segment that is missing or cannot be read is never set aside by itself: put it back and nothing was lost."""
    segment = _three_days(tmp_path)[1]
    path = tmp_path / segment.path
    content = path.read_bytes()
    harm(path)
    with EmbeddedStore(tmp_path, writable=True) as store:
        with pytest.raises(StoreError, match=f"{segment.path} cannot be read"):
            store.append([event(_DAY + 3)])
        with pytest.raises(StoreError, match=f"{segment.path} cannot be read"):
            count(store)
        assert store.append([event(5 * _DAY)]).stored == 1
        path.unlink(missing_ok=True)
        path.write_bytes(content)
        assert store.append([event(_DAY + 3)]).duplicates == 1
        assert store.losses == ()
    assert count_at(tmp_path) == 31


def test_a_missing_segment_can_be_given_up(tmp_path: Path) -> None:
    """Set aside on demand, with its whole folder gone; one that is there and cannot be read is not."""
    segments = _three_days(tmp_path)
    shutil.rmtree((tmp_path / segments[1].path).parent)
    _become_unreadable(tmp_path / segments[2].path)
    with EmbeddedStore(tmp_path, writable=True) as store:
        gone, unreadable = _damages(tmp_path, store)
        (loss,) = store.maintenance.set_aside([gone])
        assert (loss.kept, loss.rows) == (None, 10)
        with pytest.raises(StoreError, match="cannot be read"):
            store.maintenance.set_aside([unreadable])
        assert count_on(store, 0) == 10
        assert len(store.segments) == 2

"""Files that go before all of them was delivered: what is open is still delivered, what is lost is counted and said."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from atalaia.pipeline.errors import PipelineError
from atalaia.ship.destination import Wishes
from atalaia.ship.errors import ShipError
from tests.atalaia.pipeline.outputs.http_servers import answering
from tests.atalaia.ship.shippers import FAST, Shipper, numbered, until, write_lines
from tests.ports import free_port


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    """A directory for logs."""
    directory = tmp_path / "logs"
    directory.mkdir()
    return directory


def nowhere(tmp_path: Path, patience: float = 0.1) -> Shipper:
    """Return a shipper whose receiver is away."""
    wishes = Wishes(f"http://127.0.0.1:{free_port()}/")
    return Shipper(tmp_path / "home", wishes, replace(FAST, patience=patience))


def test_a_file_deleted_while_no_shipper_runs_is_counted(tmp_path: Path, logs: Path) -> None:
    """Ten of its twenty lines were delivered: the bytes of the others are lost, which is said once, with its name."""
    path = logs / "a-2024-01-14.ndjson"
    write_lines(path, numbered(0, 10))
    with answering() as server:
        shipper = Shipper(tmp_path / "home", Wishes(server.url))
        shipper.once(logs)
        write_lines(path, numbered(10, 20))
        lost = sum(len(line) + 1 for line in numbered(10, 20))
        nobody = replace(nowhere(tmp_path), home=shipper.home)
        assert nobody.once(logs).behind == lost
        path.unlink()
        report = shipper.once(logs)
        assert (report.tally.lost_files, report.tally.lost_bytes) == (1, lost)
        assert shipper.said == [
            f"{path} was deleted or emptied before all of it was delivered: {lost} bytes are lost",
        ]
        assert shipper.once(logs).tally.lost_files == 0


def test_a_file_that_was_delivered_may_go(tmp_path: Path, logs: Path) -> None:
    """Retention deletes what was delivered: nothing is lost, and nothing said."""
    path = logs / "a.ndjson"
    write_lines(path, numbered(0, 10))
    with answering() as server:
        shipper = Shipper(tmp_path / "home", Wishes(server.url))
        shipper.once(logs)
        path.unlink()
        assert shipper.once(logs).tally.lost_files == 0
    assert shipper.said == []


def test_what_is_deleted_while_the_receiver_is_away_is_delivered(tmp_path: Path, logs: Path) -> None:
    """A running shipper has the files open, also those that came while it waited: their lines outlive their names."""
    write_lines(logs / "a-2024-01-14.ndjson", numbered(0, 30_000))
    port = free_port()
    policy = replace(FAST, batch_bytes=10_000)
    shipper = Shipper(tmp_path / "home", Wishes(f"http://127.0.0.1:{port}/"), policy)
    with shipper.follow(logs) as end:
        until(lambda: shipper.said)
        write_lines(logs / "a-2024-01-15.ndjson", numbered(30_000, 30_100))
        until(lambda: "a-2024-01-15" in shipper.positions.read_text("utf-8"), "finding a file while waiting")
        for path in logs.iterdir():
            path.unlink()
        with answering(port=port) as server:
            until(lambda: sum(body.count(b"\n") for body in server.taken) >= 30_100)
            assert b"".join(server.taken).splitlines() == numbered(0, 30_100)
            assert end().tally.lost_files == 0


def test_a_file_emptied_before_its_time_is_counted(tmp_path: Path, logs: Path) -> None:
    """What stood in it and was not delivered is lost; what is written after is delivered."""
    path = logs / "a.ndjson"
    write_lines(path, numbered(0, 10))
    with answering() as server:
        shipper = Shipper(tmp_path / "home", Wishes(server.url))
        shipper.once(logs)
        write_lines(path, numbered(10, 30))
        replace(nowhere(tmp_path), home=shipper.home).once(logs)
        lost = sum(len(line) + 1 for line in numbered(10, 30))
        path.write_bytes(b"")
        write_lines(path, [b"new"])
        report = shipper.once(logs)
        assert b"".join(server.taken).splitlines() == [*numbered(0, 10), b"new"]
    assert (report.tally.lost_files, report.tally.lost_bytes) == (1, lost)


def test_a_renamed_file_is_no_loss(tmp_path: Path, logs: Path) -> None:
    """A file rotated to another name is delivered to its end under that name."""
    write_lines(logs / "a.ndjson", numbered(0, 10))
    with answering() as server:
        shipper = Shipper(tmp_path / "home", Wishes(server.url))
        shipper.once(logs)
        write_lines(logs / "a.ndjson", numbered(10, 20))
        (logs / "a.ndjson").rename(logs / "a.ndjson.1")
        write_lines(logs / "a.ndjson", numbered(20, 30))
        report = shipper.once(logs)
        assert sorted(b"".join(server.taken).splitlines()) == sorted(numbered(0, 30))
    assert report.tally.lost_files == 0


def test_one_shipper_has_the_positions(tmp_path: Path, logs: Path) -> None:
    """A second one is refused in words, and changes nothing."""
    write_lines(logs / "a.ndjson", numbered(0, 10))
    with answering() as server:
        shipper = Shipper(tmp_path / "home", Wishes(server.url))
        with shipper.follow(logs) as end:
            until(lambda: server.taken)
            with pytest.raises(ShipError, match="are used by another shipper"):
                replace(shipper, said=[]).once(logs)
            assert end().tally.lines == 10
        assert shipper.once(logs).tally.lines == 0


def test_positions_that_are_none_are_not_overwritten(tmp_path: Path, logs: Path) -> None:
    """A file that is no positions is refused by name and stays as it is."""
    shipper = nowhere(tmp_path)
    shipper.home.mkdir()
    shipper.positions.write_text("my notes\n", encoding="utf-8")
    with pytest.raises(PipelineError, match="positions cannot be read: it is not one of Atalaia's"):
        shipper.once(logs)
    assert shipper.positions.read_text("utf-8") == "my notes\n"


def test_its_own_files_are_not_shipped(tmp_path: Path, logs: Path) -> None:
    """Dead letters among what is shipped would go round for ever: refused."""
    shipper = Shipper(tmp_path, Wishes("http://127.0.0.1:1/"))
    with pytest.raises(ShipError, match="would be shipped itself"):
        shipper.once(logs, tmp_path / "dead-letter" / "*.ndjson")


def test_names_lead_somewhere(tmp_path: Path) -> None:
    """A file, a directory with odd letters in its name, a pattern that finds files later; nothing else."""
    odd = tmp_path / "logs [1] {a}"
    odd.mkdir()
    write_lines(odd / "a.ndjson", [b"one"])
    write_lines(odd / "b.log", [b"two"])
    with answering() as server:
        shipper = Shipper(tmp_path / "home", Wishes(server.url))
        assert shipper.once(odd).tally.lines == 1
        assert shipper.once(odd / "b.log").tally.lines == 1
        with shipper.follow(f"{tmp_path}/later*/x.ndjson"):
            time.sleep(0.2)
            (tmp_path / "later-1").mkdir()
            write_lines(tmp_path / "later-1" / "x.ndjson", [b"three"])
            until(lambda: b"three\n" in server.taken)
        with pytest.raises(ShipError, match="there is no file or directory"):
            shipper.once(tmp_path / "nowhere")

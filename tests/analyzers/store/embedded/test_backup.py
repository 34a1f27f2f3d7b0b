"""The back-up that the documentation advises, with a writer running."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from analyzers.store.embedded.store import EmbeddedStore
from analyzers.store.embedded.verification import verified
from analyzers.store.interface import StoreError
from tests.analyzers.store.embedded.crashing_writer import SIZE, SOURCE
from tests.analyzers.store.embedded.events import count

_CHECKOUT = Path(__file__).resolve().parents[4]
_TRIES = 50
_COPIES = 5


def _copied(source: Path, target: Path) -> bool:
    """Copy what is missing; tell whether the copy is a whole store. Nothing that has its name is ever written again."""
    command = ["cp", "-a", "-u", f"{source}/.", str(target)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        return done.returncode == 0 and not verified(target).findings
    except StoreError:
        return False


def test_a_copy_of_a_store_that_is_written_becomes_whole(tmp_path: Path) -> None:
    """Copying again until the verification is content: all events of one commit, and the position they belong to."""
    source, target = tmp_path / "data", tmp_path / "copy"
    target.mkdir()
    command = [sys.executable, "-m", "tests.analyzers.store.embedded.crashing_writer", str(source)]
    with subprocess.Popen(command, cwd=_CHECKOUT, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        try:
            for _ in range(_COPIES):
                acknowledged = int(writer.stdout.readline())
                assert any(_copied(source, target) for _ in range(_TRIES))
                with EmbeddedStore(target) as store:
                    assert count(store) == store.position(SOURCE) >= acknowledged
                    assert count(store) % SIZE == 0
            assert writer.poll() is None
        finally:
            writer.kill()
    with EmbeddedStore(target, writable=True) as store:  # and it can be written on
        assert store.position(SOURCE) == count(store)

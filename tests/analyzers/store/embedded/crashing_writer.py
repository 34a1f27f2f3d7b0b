"""Writes batches for ever and says so after each: the process that ``test_crash`` kills.

Batch ``n`` is the events ``n * SIZE`` up to ``(n + 1) * SIZE`` and brings the source ``log`` to ``(n + 1) * SIZE``. It
goes on where the store's position says, as a pipeline does, and repeats an event of the batch before each time. It
sums up and merges much more often than usual, and compacts all now and then.
"""

from __future__ import annotations

import sys
from pathlib import Path

from analyzers.store.document import SourcePosition
from analyzers.store.embedded.settings import Settings
from analyzers.store.embedded.store import EmbeddedStore
from tests.analyzers.store.embedded.events import event

SIZE = 7
SOURCE = "log"


def main(root: Path) -> None:
    """Write until killed."""
    often = Settings(checkpoint_every=6, kept_commits=2, fan_in=3)
    with EmbeddedStore(root, writable=True, settings=often) as store:
        at = store.position(SOURCE)
        while True:
            documents = [event(number) for number in range(max(at - 1, 0), at + SIZE)]
            at += SIZE
            store.append_from(documents, [SourcePosition(SOURCE, at)])
            sys.stdout.write(f"{at}\n")
            sys.stdout.flush()
            if at % (5 * SIZE) == 0:
                store.maintenance.compact()


if __name__ == "__main__":
    main(Path(sys.argv[1]))

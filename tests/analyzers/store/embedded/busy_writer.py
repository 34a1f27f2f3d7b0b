"""Writes without pause and merges, sums up and expires all the time: the process beside which ``test_readers`` reads.

Batch ``n`` is :data:`SIZE` events of one day, and the day that was :data:`DAYS` before is let go with it: each commit
adds a whole batch, each expiry takes away whole days.
"""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path
from typing import Final

from analyzers.store.document import Document
from analyzers.store.embedded.settings import Settings
from analyzers.store.embedded.store import EmbeddedStore
from tests.analyzers.store.embedded.disks import UnflushedDisk
from tests.analyzers.store.embedded.events import START, STREAM

SIZE: Final = 5
PER_DAY: Final = 10
"""Batches of one day."""
DAYS: Final = 3
"""Days that are kept; the one that is being written is one of them."""

SMALL: Final = Settings(
    checkpoint_every=8, kept_commits=2, fan_in=3, full_rows=60, quiet_commits=12, grace=timedelta(0)
)


def event(batch: int, place: int) -> Document:
    """Return an event of a batch."""
    day, number = divmod(batch, PER_DAY)
    at = START + timedelta(days=day, minutes=number * SIZE + place)
    return Document(STREAM, f"{batch}-{place}", {"@timestamp": f"{at:%Y-%m-%dT%H:%M:%S}Z", "user": {"id": str(batch)}})


def main(root: Path) -> None:
    """Write until killed."""
    now = START
    with EmbeddedStore(root, writable=True, settings=SMALL, clock=lambda: now, disk=UnflushedDisk()) as store:
        batch = 0
        while True:
            now = START + timedelta(days=batch // PER_DAY)
            store.append([event(batch, place) for place in range(SIZE)])
            if batch % PER_DAY == 0:
                store.maintenance.expire(lambda _stream: timedelta(days=DAYS - 1))
            batch += 1
            sys.stdout.write(f"{batch}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]))

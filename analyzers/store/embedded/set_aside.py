"""Take damaged segments out of a store: what is intact is kept, what is lost is written down, the file is kept too."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from analyzers.store.embedded.condition import Damage
from analyzers.store.embedded.disk import Disk, make_directories, write_durably
from analyzers.store.embedded.layout import DAMAGED, STREAMS, day_of
from analyzers.store.embedded.parquet import with_footer
from analyzers.store.embedded.records import Loss
from analyzers.store.embedded.segments import NewSegment
from analyzers.store.interface import StoreError


@dataclass(frozen=True, slots=True)
class Salvage:
    """What is left of a damaged segment.

    Attributes:
        intact: Its events that are intact; ``None`` when there are none.
        loss: The others.
    """

    intact: NewSegment | None
    loss: Loss


def salvage(root: Path, damage: Damage, noticed: int, disk: Disk) -> Salvage:
    """Copy a damaged file to the folder of the damaged, and return what can be kept.

    Args:
        root: The store's directory.
        damage: What is wrong.
        noticed: Now, in milliseconds since 1970.
        disk: Where to.

    Raises:
        OSError: When the copy cannot be written.
        StoreError: When there is a file and it cannot be read.
    """
    segment = damage.segment
    content = _content(root / segment.path)
    kept = None if content is None else _keep(root, segment.path, content, disk)
    intact = None if content is None else _intact(content, damage)
    rows = segment.rows - (intact.table.num_rows if intact is not None else 0)
    loss = Loss(
        stream=segment.stream,
        path=segment.path,
        kept=kept,
        rows=rows,
        first=segment.first,
        last=segment.last,
        reason=damage.reason,
        noticed=noticed,
    )
    return Salvage(intact, loss)


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StoreError(
            f"cannot set the segment {path} aside: it cannot be read: {error.strerror}",
            "mend its permissions or the disk; or move it away, and set aside again what is then missing",
        ) from error


def _keep(root: Path, path: str, content: bytes, disk: Disk) -> str:
    kept = DAMAGED + path.removeprefix(STREAMS)
    make_directories(disk, (root / kept).parent)
    write_durably(disk, [(root / kept, content)])
    return kept


def _intact(content: bytes, damage: Damage) -> NewSegment | None:
    """Return the rows of the row groups whose bytes are what was written; the commit log knows where they are."""
    groups = [place for place, sound in enumerate(damage.sound[:-1]) if sound]
    if not groups:
        return None
    segment = damage.segment
    table = pq.ParquetFile(pa.BufferReader(with_footer(content, segment))).read_row_groups(groups)
    return NewSegment(segment.stream, day_of(segment.path), table, segment.columns, segment.written)

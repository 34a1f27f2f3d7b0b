"""Where things are in a store's directory, and whether a directory is a store at all.

atalaia-store.json                                   the format version
writer.lock                                          held by the one process that may write
commits/00000000000000000017.json                    one for each change, numbered without a gap from 1
commits/00000000000000000256.checkpoint.json         all that the commits up to this one say
streams/<stream>/date=2024-01-15/<commit>-0.parquet  events of one UTC day that one commit brought or merged
damaged/<stream>/date=2024-01-15/<commit>-0.parquet  segments that the disk damaged, kept for whoever wants to look
"""

from __future__ import annotations

import os
import re
from datetime import date
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from analyzers.store.embedded.disk import TEMPORARY, Disk, make_directories, write_durably
from analyzers.store.interface import StoreError

FORMAT: Final = 2
"""The format this code writes; it refuses to touch any other."""

VERSION_FILE: Final = "atalaia-store.json"
LOCK_FILE: Final = "writer.lock"
COMMITS: Final = "commits"
STREAMS: Final = "streams"
DAMAGED: Final = "damaged"

SEGMENT_NAME: Final = re.compile(r"(\d{20})-\d+\.parquet")

_BEFORE_VERSION: Final = frozenset({LOCK_FILE, VERSION_FILE + TEMPORARY})
_BESIDE: Final = frozenset({"copies", "counters", "dead-letter", "plugins"})
"""What commands keep in this directory by default, also while the events themselves go to an Elasticsearch."""


class _Version(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    product: Literal["atalaia"]
    format: int


def create_store(root: Path, disk: Disk) -> None:
    """Make an empty directory a store; the version file comes last, so half a store is still an empty directory.

    Raises:
        StoreError: When the directory holds other things.
    """
    foreign = _foreign(root)
    if foreign:
        raise StoreError(
            f"{root} is not an Atalaia store: it holds {foreign[0]!r} and no {VERSION_FILE}",
            "name an empty or a new directory",
        )
    make_directories(disk, root / COMMITS)
    make_directories(disk, root / STREAMS)
    if os.access(root.parent, os.R_OK):  # a writer that was killed may have made the directory and flushed nothing
        disk.sync_directory(root.parent)
    version = _Version(product="atalaia", format=FORMAT).model_dump_json()
    write_durably(disk, [(root / VERSION_FILE, f"{version}\n".encode())])


def is_store(root: Path) -> bool:
    """Tell whether the directory says that it is a store."""
    return (root / VERSION_FILE).exists()


def is_begun(root: Path) -> bool:
    """Tell whether a directory is a store, or holds what no writer would begin one with.

    Else it is empty, or its first writer is just making it a store: there is nothing to read yet, and nothing wrong.
    """
    return is_store(root) or bool(_foreign(root))


def check_version(root: Path) -> None:
    """Refuse a directory that is no store, or one of a format this code does not know.

    Raises:
        StoreError: When it is either.
    """
    path = root / VERSION_FILE
    try:
        version = _Version.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        raise StoreError(
            f"{root} is not an Atalaia store: it has no {VERSION_FILE}",
            "name the directory that 'atalaia ingest --store' wrote to; of a ledger, that of 'atalaia sla seal'",
        ) from None
    except OSError as error:
        raise StoreError(f"cannot read {path}: {error.strerror}", "check its permissions and the disk") from error
    except ValidationError as error:
        raise StoreError(f"{path} is damaged: {_first(error)}", "restore it from a copy of the store") from error
    if version.format != FORMAT:
        again = "ingest the log files (of a ledger: seal again) into a new directory"
        other = "a newer one" if version.format > FORMAT else again
        raise StoreError(
            f"{root} has store format {version.format}; this atalaia knows format {FORMAT}",
            f"use the version of atalaia that wrote it, or {other}",
        )


def segment_path(stream: str, day: date, number: int, place: int) -> str:
    """Return where a segment lies, relative to the store's directory.

    Args:
        stream: Its data stream.
        day: The UTC day of its events.
        number: The commit it comes with.
        place: Which of the commit's segments it is.
    """
    return f"{STREAMS}/{stream}/date={day.isoformat()}/{number:020d}-{place}.parquet"


def day_of(path: str) -> date:
    """Return the UTC day of a segment's events from its path."""
    return date.fromisoformat(path.rsplit("/", 2)[1].removeprefix("date="))


def number_of(path: str) -> int:
    """Return the commit that a segment came with from its path."""
    return int(path.rsplit("/", 1)[1].partition("-")[0])


def _foreign(root: Path) -> list[str]:
    """Return the names in a directory that is no store yet which are not of making it one, nor beside it by default."""
    names = sorted(entry.name for entry in root.iterdir() if entry.name not in _BEFORE_VERSION | _BESIDE)
    return [name for name in names if name not in {COMMITS, STREAMS} or any((root / name).iterdir())]


def _first(error: ValidationError) -> str:
    detail = error.errors()[0]
    return ": ".join(filter(None, (".".join(str(part) for part in detail["loc"]), detail["msg"])))

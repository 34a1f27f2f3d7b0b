"""How full the file systems are."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import psutil

from logging_lib.metrics.sample import MetricValue, Sample, SamplingError

_ALWAYS_FULL: Final = frozenset({"squashfs", "iso9660", "udf", "erofs"})
"""Images that are read only and hold exactly what they hold."""


@dataclass(frozen=True, slots=True)
class Mount:
    """A mounted file system: where, from which device, of which type."""

    point: str
    device: str
    type: str


class FilesystemSampler:
    """Reads every local file system once, wherever else it is mounted too."""

    name = "host filesystem"

    def sample(self, now: datetime) -> Sequence[Sample]:
        """Return a sample for each file system.

        Raises:
            SamplingError: One of them cannot be read.
        """
        del now  # a file system is as full as it is
        found = [read_filesystem(mount) for mount in mounts()]
        return [Sample("host.system", "filesystem", {"system": {"filesystem": each}}) for each in found if each]

    def close(self) -> None:
        """Hold nothing."""


def mounts() -> list[Mount]:
    """Return the local file systems, and the root whatever it is: in a container it lies on no device."""
    everything = [_mount(part) for part in psutil.disk_partitions(all=True) if part.mountpoint == "/"]
    return distinct([*(_mount(part) for part in psutil.disk_partitions(all=False)), *everything])


def distinct(found: Iterable[Mount]) -> list[Mount]:
    """Return the mounts without images, each device once, at the shortest of its mount points."""
    chosen: dict[str, Mount] = {}
    for mount in sorted(found, key=lambda mount: (len(mount.point), mount.point)):
        if mount.type not in _ALWAYS_FULL:
            chosen.setdefault(mount.device, mount)
    return list(chosen.values())


def read_filesystem(mount: Mount) -> dict[str, MetricValue]:
    """Return how full a file system is; nothing where it was unmounted meanwhile or may not be looked at.

    The used share is that of ``df``: of what is used and what an ordinary user may still use.

    Raises:
        SamplingError: It cannot be read.
    """
    try:
        told = os.statvfs(mount.point)
    except (FileNotFoundError, PermissionError):
        return {}
    except OSError as error:
        raise SamplingError(f"cannot read the file system at {mount.point}: {error.strerror}") from error
    total, free, available = (blocks * told.f_frsize for blocks in (told.f_blocks, told.f_bfree, told.f_bavail))
    taken = total - free
    usable = taken + available
    values: dict[str, MetricValue] = {
        "mount_point": mount.point,
        "device_name": mount.device,
        "type": mount.type,
        "total": total,
        "free": free,
        "available": available,
        "used": {"bytes": taken, **({"pct": round(taken / usable, 6)} if usable else {})},
    }
    return values | _inodes(told.f_files, told.f_ffree)


def _inodes(files: int, free: int) -> dict[str, MetricValue]:
    """Return how many files there can be; nothing where there is no such limit (btrfs)."""
    if not files:
        return {}
    return {"files": files, "free_files": free, "used_files": {"pct": round((files - free) / files, 6)}}


def _mount(part: psutil._ntuples.sdiskpart) -> Mount:
    return Mount(part.mountpoint, part.device, part.fstype)

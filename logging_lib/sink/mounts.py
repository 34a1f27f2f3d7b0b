"""Which file system a directory is on: a log on a network file system blocks when the network does."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final

MOUNTS: Final = Path("/proc/self/mountinfo")
"""Linux's list of what is mounted for this process, see proc_pid_mountinfo(5)."""

# As the kernel and the common FUSE helpers name them.
_NETWORK: Final = frozenset(
    {
        "9p",
        "afs",
        "beegfs",
        "ceph",
        "cifs",
        "coda",
        "fuse.ceph",
        "fuse.gcsfuse",
        "fuse.glusterfs",
        "fuse.rclone",
        "fuse.s3fs",
        "fuse.sshfs",
        "gfs2",
        "glusterfs",
        "lustre",
        "ncpfs",
        "nfs",
        "nfs4",
        "ocfs2",
        "orangefs",
        "smb3",
        "smbfs",
    }
)
_OCTAL: Final = re.compile(r"\\([0-7]{3})")


def network_file_system(directory: Path, mounts: Path = MOUNTS) -> str | None:
    """Return the type of the network file system (``nfs4``, ``cifs``, …) that a directory is on.

    Args:
        directory: The directory; it exists.
        mounts: The list of mounts.

    Returns:
        ``None`` on a local file system, and where the system has no such list (it is not Linux).
    """
    try:
        lines = mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return None
    place = os.path.realpath(directory)
    found = ""
    longest = -1
    for line in lines:
        point, kind = _mount(line)
        # Of two mounts at one place the later hides the earlier.
        if len(point) >= longest and (place == point or place.startswith(point.rstrip("/") + "/")):
            found, longest = kind, len(point)
    return found if found in _NETWORK else None


def network_warning(directory: Path, mounts: Path = MOUNTS) -> str | None:
    """Return what is to be said of a directory for logs, or ``None`` where it is on a local file system."""
    kind = network_file_system(directory, mounts)
    if kind is None:
        return None
    return (
        f"{directory} is on a network file system ({kind}): a request waits when the network does, and lines of "
        "several machines can tear; name a local directory, and let atalaia ship send the files"
    )


def _mount(line: str) -> tuple[str, str]:
    """Return mount point and type of one line: the point is the fifth field, the type follows the lone hyphen."""
    before, _, after = line.partition(" - ")
    point = _OCTAL.sub(lambda found: chr(int(found[1], 8)), before.split(" ")[4])
    return point, after.split(" ")[0]

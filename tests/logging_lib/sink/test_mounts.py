"""The kind of file system a directory is on, from the kernel's list of mounts."""

from __future__ import annotations

from pathlib import Path

import pytest

from logging_lib.sink.mounts import network_file_system, network_warning

# In the form of proc_pid_mountinfo(5); the third mount hides the second, the last has a space in its name.
MOUNTS = """\
22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
40 22 0:40 / {root}/share rw,relatime shared:2 master:1 - nfs4 files:/export rw,vers=4.2
41 22 0:41 / {root}/hidden rw - nfs files:/export rw
42 22 0:42 / {root}/hidden rw - tmpfs none rw
43 40 0:43 / {root}/share/local rw - xfs /dev/sdb rw
44 22 0:44 / {root}/Our\\040Files rw - cifs //files/logs rw
"""


@pytest.mark.parametrize(
    ("directory", "expected"),
    [
        ("elsewhere", None),
        ("share", "nfs4"),
        ("share/deep/er", "nfs4"),
        ("share/local/logs", None),
        ("shares", None),
        ("hidden/logs", None),
        ("Our Files/logs", "cifs"),
    ],
)
def test_the_innermost_mount_decides(tmp_path: Path, directory: str, expected: str | None) -> None:
    """A directory is on the file system whose mount point is the longest that leads to it, the latest of equals."""
    mounts = tmp_path / "mountinfo"
    mounts.write_text(MOUNTS.format(root=tmp_path), encoding="utf-8")
    place = tmp_path / directory
    place.mkdir(parents=True)
    assert network_file_system(place, mounts) == expected


def test_a_link_is_followed(tmp_path: Path) -> None:
    """A directory reached by a symbolic link is where the link leads; a local one is nothing to warn of."""
    mounts = tmp_path / "mountinfo"
    mounts.write_text(MOUNTS.format(root=tmp_path), encoding="utf-8")
    (tmp_path / "share").mkdir()
    (tmp_path / "logs").symlink_to(tmp_path / "share")
    assert "network file system (nfs4)" in str(network_warning(tmp_path / "logs", mounts))
    assert network_warning(tmp_path, mounts) is None


def test_this_machines_own_list_is_read(tmp_path: Path) -> None:
    """The kernel's own list can be read, and the tests' directory is on a local disk."""
    assert network_file_system(tmp_path) is None


def test_a_system_without_the_list_knows_nothing(tmp_path: Path) -> None:
    """Where there is no list of mounts, no directory is said to be on a network."""
    assert network_file_system(tmp_path, tmp_path / "missing") is None

"""The limits of a control group, from files such as the kernel shows (cgroup v2, kernel documentation)."""

from __future__ import annotations

from pathlib import Path

from logging_lib.metrics.host.cgroup import CgroupReader


def group(root: Path, path: str, **files: str) -> None:
    """Make a group's files; a dot in a file's name is written as two underscores."""
    folder = root / path
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(f"{text}\n", encoding="ascii")


def reader(root: Path, own: str) -> CgroupReader:
    """Return a reader for a process in the group ``own``."""
    told = root / "own"
    told.write_text(f"0::{own}\n", encoding="ascii")
    return CgroupReader(root, told)


def test_the_narrowest_limits_hold(tmp_path: Path) -> None:
    """A service of 2 GiB and 1.5 processors in a slice of 1 GiB and 3 has 1 GiB, 256 MiB of it used, and 1.5."""
    group(tmp_path, "web.slice", memory__max="1073741824", memory__current="268435456", cpu__max="300000 100000")
    group(
        tmp_path, "web.slice/app.service", memory__max="2147483648", memory__current="1048576", cpu__max="150000 100000"
    )
    group(tmp_path, "web.slice/app.service", cpu__stat="usage_usec 5000000\nuser_usec 1")
    read = reader(tmp_path, "/web.slice/app.service")
    assert read.read(0.0) == {
        "cgroup": {
            "memory": {"limit": {"bytes": 1073741824}, "used": {"bytes": 268435456, "pct": 0.25}},
            "cpu": {"limit": {"cores": 1.5}},
        }
    }
    group(tmp_path, "web.slice/app.service", cpu__stat="usage_usec 8000000\nuser_usec 1")
    assert read.read(4.0)["cgroup"] == {
        "memory": {"limit": {"bytes": 1073741824}, "used": {"bytes": 268435456, "pct": 0.25}},
        "cpu": {"limit": {"cores": 1.5}, "used": {"pct": 0.5}},  # 3 s in 4 s, of one and a half processors
    }


def test_a_container_sees_its_own_group_as_the_root(tmp_path: Path) -> None:
    """In a namespace of its own the path is "/", and the limits stand in the root's files."""
    group(tmp_path, ".", memory__max="536870912", memory__current="134217728")
    assert reader(tmp_path, "/").read(0.0) == {
        "cgroup": {"memory": {"limit": {"bytes": 536870912}, "used": {"bytes": 134217728, "pct": 0.25}}}
    }


def test_no_limit_is_nothing(tmp_path: Path) -> None:
    """Neither "max", nor a root without such files, nor cgroup v1 is told as a limit."""
    group(tmp_path, "free", memory__max="max", memory__current="1", cpu__max="max 100000")
    assert reader(tmp_path, "/free").read(0.0) == {}
    assert reader(tmp_path, "/elsewhere").read(0.0) == {}
    (tmp_path / "own").write_text("4:memory:/docker/1\n", encoding="ascii")
    assert CgroupReader(tmp_path, tmp_path / "own").read(0.0) == {}

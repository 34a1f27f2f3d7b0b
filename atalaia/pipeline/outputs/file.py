"""Write events to files. Source: logstash-output-file 4.3.

What is written is on disk before the events' positions are kept, so that there is no interval to choose.
"""

from __future__ import annotations

import os.path
from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal

from atalaia.pipeline.codecs.base import CodecContext
from atalaia.pipeline.codecs.registry import load_codec
from atalaia.pipeline.context import PipelineContext
from atalaia.pipeline.event import Event
from atalaia.pipeline.file_writing import FileWriting
from atalaia.pipeline.options import OptionError, refuse_options
from atalaia.pipeline.outputs.base import OutputOptions, OutputPlugin, Write
from atalaia.pipeline.settings import CodecSetting, Flag, Integer, Settings, Text
from atalaia.pipeline.sprintf import compile_template

_REFUSED: Final = MappingProxyType(
    {
        "flush_interval": "remove it: every batch is on disk before it counts as written",
        "stale_cleanup_interval": "remove it: no file is kept open",
    }
)
_DEFAULT_MODE: Final = -1
_ALL_PERMISSIONS: Final = 0o777


class FileOptions(OutputOptions):
    """Options of ``file``.

    Attributes:
        path: The file, with ``%{…}`` below its fixed first part.
        codec: How an event is written.
        create_if_deleted: Whether a file that is not there is made; otherwise events go to ``filename_failure``.
        filename_failure: The file, below the fixed part of ``path``, for events whose fields would lead out of there.
        gzip: Whether files are compressed.
        write_behavior: ``append``, or ``overwrite``: the file holds the last event only.
        file_mode: The permissions of new files; a number with a leading zero is octal, as in Logstash: 0640.
        dir_mode: Those of new directories.
        flush_interval: Not supported: every batch is on disk before it counts as written.
        stale_cleanup_interval: Not supported: no file is kept open.
    """

    path: Text
    codec: CodecSetting = "json_lines"
    create_if_deleted: Flag = True
    filename_failure: Text = "_filepath_failures"
    gzip: Flag = False
    write_behavior: Literal["append", "overwrite"] = "append"
    file_mode: Integer = _DEFAULT_MODE
    dir_mode: Integer = _DEFAULT_MODE
    flush_interval: object = None
    stale_cleanup_interval: object = None


def _build(options: FileOptions, context: PipelineContext, settings: Settings) -> Write:
    refuse_options(options, _REFUSED)
    _check_start(options.path)
    about = CodecContext(context.ecs_compatibility, context.directory)
    encode = load_codec(options.codec, settings, about).encode
    how = _writing(options)
    path_of = _path(os.path.join(context.directory, options.path), options)  # noqa: PTH118 - Path would drop "//" in %{…}
    return lambda event, delivery: delivery.append(event, path_of(event), encode(event), how)


def _writing(options: FileOptions) -> FileWriting:
    return FileWriting(
        options.gzip,
        options.write_behavior == "overwrite",
        _mode("file_mode", options.file_mode),
        _mode("dir_mode", options.dir_mode),
    )


def _mode(option: str, mode: int) -> int | None:
    """Return permissions; a number that is none was most likely meant to be octal, which needs a leading zero."""
    if mode == _DEFAULT_MODE:
        return None
    if not 0 <= mode <= _ALL_PERMISSIONS:
        meant = f"0{mode}" if set(str(mode)) <= set("01234567") else "0640"
        problem = f"{mode} is no permissions: only a leading zero makes a number octal"
        raise OptionError(option, problem, f"write them as {meant}")
    return mode


def _path(text: str, options: FileOptions) -> Callable[[Event], Path]:
    """Return what says to which file an event goes."""
    template = compile_template(text)
    root = _fixed_part(text)
    failures = Path(root, options.filename_failure)
    if template.constant:
        constant = Path(text)
        return _existing(lambda _event: constant, failures, create=options.create_if_deleted)
    return _existing(lambda event: _below(root, template(event), failures), failures, create=options.create_if_deleted)


def _existing(path_of: Callable[[Event], Path], failures: Path, *, create: bool) -> Callable[[Event], Path]:
    if create:
        return path_of

    def path(event: Event) -> Path:
        found = path_of(event)
        return found if found.exists() else failures

    return path


def _check_start(path: str) -> None:
    """Refuse a path whose first directory an event decides."""
    if "%{" in path.lstrip("/").partition("/")[0]:
        raise OptionError("path", "its first part may not come from an event", "begin it with a fixed directory")


def _fixed_part(path: str) -> str:
    """Return the directory before the first ``%{``."""
    return os.path.dirname(path.partition("%{")[0])  # noqa: PTH120 - of a text that is no path yet


def _below(root: str, path: str, failures: Path) -> Path:
    """Return the path when it lies below the root, else the file for those that do not."""
    normal = os.path.normpath(path)
    inside = "\0" not in normal and os.path.commonpath([root, normal]) == os.path.normpath(root)
    return Path(normal) if inside else failures


PLUGIN = OutputPlugin("file", FileOptions, _build)

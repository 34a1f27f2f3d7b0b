"""Append events to files. Source: logstash-output-file 4.3."""

from __future__ import annotations

import os.path
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from atalaia.pipeline.codecs.registry import load_codec
from atalaia.pipeline.context import PipelineContext
from atalaia.pipeline.event import Event
from atalaia.pipeline.options import OptionError
from atalaia.pipeline.outputs.base import Delivery, OutputPlugin, Write
from atalaia.pipeline.settings import CodecSetting, Flag, Integer, Number, PluginOptions, Settings, Text
from atalaia.pipeline.sprintf import compile_template

_ONLY: Final[Mapping[str, object]] = MappingProxyType(
    {
        "create_if_deleted": True,
        "write_behavior": "append",
        "gzip": False,
        "dir_mode": -1,
        "file_mode": -1,
        "message_format": None,
    }
)
"""The one value that is supported of an option."""


class FileOptions(PluginOptions):
    """Options of ``file``.

    Attributes:
        path: The file, with ``%{…}`` below its fixed first part.
        codec: How an event is written.
        filename_failure: The file, below that first part, for events whose fields would lead out of it.
        flush_interval: Every batch is on disk when it is done, so that this changes nothing.
        create_if_deleted: Only ``true`` is supported.
        write_behavior: Only ``append`` is supported.
        gzip: Only ``false`` is supported.
        dir_mode: Only ``-1``, the system's default, is supported.
        file_mode: Only ``-1``, the system's default, is supported.
        message_format: Not supported; Logstash has removed it for ``codec``.
    """

    path: Text
    codec: CodecSetting = "json_lines"
    filename_failure: Text = "_filepath_failures"
    flush_interval: Number = 2
    create_if_deleted: Flag = True
    write_behavior: Text = "append"
    gzip: Flag = False
    dir_mode: Integer = -1
    file_mode: Integer = -1
    message_format: Text | None = None

    def check(self) -> None:
        """Refuse what is not supported.

        Raises:
            OptionError: When an option has another value than the one that is.
        """
        for name, only in _ONLY.items():
            value = getattr(self, name)
            if value != only:
                raise OptionError(name, f"{value!r} is not supported", f"only {only!r} is", unsupported=True)


def _build(options: FileOptions, context: PipelineContext, settings: Settings) -> Write:
    options.check()
    _check_start(options.path)
    encode = load_codec(options.codec, settings, context.ecs_compatibility).encode
    template = compile_template(os.path.join(context.directory, options.path))  # noqa: PTH118 - Path would drop "//" in %{…}
    if template.constant:
        path = Path(template.text)
        return lambda event, delivery: delivery.append(event, path, encode(event))
    root, failures = _fixed_part(template.text), options.filename_failure

    def write(event: Event, delivery: Delivery) -> None:
        delivery.append(event, _below(root, template(event), failures), encode(event))

    return write


def _check_start(path: str) -> None:
    """Refuse a path whose first directory an event decides."""
    if "%{" in path.lstrip("/").partition("/")[0]:
        raise OptionError("path", "its first part may not come from an event", "begin it with a fixed directory")


def _fixed_part(path: str) -> str:
    """Return the directory before the first ``%{``."""
    return os.path.dirname(path[: path.index("%{")])  # noqa: PTH120 - of a text that is no path yet


def _below(root: str, path: str, failures: str) -> Path:
    """Return the path when it lies below the root, else the file for those that do not."""
    normal = os.path.normpath(path)
    inside = "\0" not in normal and os.path.commonpath([root, normal]) == os.path.normpath(root)
    return Path(normal if inside else os.path.join(root, failures))  # noqa: PTH118 - texts until here


PLUGIN = OutputPlugin("file", FileOptions, _build)

"""Append events to files. Source: logstash-output-file 4.3."""

from __future__ import annotations

import os.path
from pathlib import Path

from atalaia.pipeline.codecs.base import CodecContext
from atalaia.pipeline.codecs.registry import load_codec
from atalaia.pipeline.context import PipelineContext
from atalaia.pipeline.event import Event
from atalaia.pipeline.options import OptionError
from atalaia.pipeline.outputs.base import Delivery, OutputPlugin, Write
from atalaia.pipeline.settings import CodecSetting, PluginOptions, Settings, Text
from atalaia.pipeline.sprintf import compile_template

_ESCAPED = "_filepath_failures"
"""Where Logstash puts events whose fields would lead out of the directory the configuration names."""


class FileOptions(PluginOptions):
    """Options of ``file``.

    Attributes:
        path: The file, with ``%{…}`` below its fixed first part.
        codec: How an event is written.
    """

    path: Text
    codec: CodecSetting = "json_lines"


def _build(options: FileOptions, context: PipelineContext, settings: Settings) -> Write:
    _check_start(options.path)
    about = CodecContext(context.ecs_compatibility, context.directory)
    encode = load_codec(options.codec, settings, about).encode
    template = compile_template(os.path.join(context.directory, options.path))  # noqa: PTH118 - Path would drop "//" in %{…}
    if template.constant:
        path = Path(template.text)
        return lambda event, delivery: delivery.append(event, path, encode(event))
    root = _fixed_part(template.text)

    def write(event: Event, delivery: Delivery) -> None:
        delivery.append(event, _below(root, template(event)), encode(event))

    return write


def _check_start(path: str) -> None:
    """Refuse a path whose first directory an event decides."""
    if "%{" in path.lstrip("/").partition("/")[0]:
        raise OptionError("path", "its first part may not come from an event", "begin it with a fixed directory")


def _fixed_part(path: str) -> str:
    """Return the directory before the first ``%{``."""
    return os.path.dirname(path[: path.index("%{")])  # noqa: PTH120 - of a text that is no path yet


def _below(root: str, path: str) -> Path:
    """Return the path when it lies below the root, else the file for those that do not."""
    normal = os.path.normpath(path)
    inside = "\0" not in normal and os.path.commonpath([root, normal]) == os.path.normpath(root)
    return Path(normal if inside else os.path.join(root, _ESCAPED))  # noqa: PTH118 - texts until here


PLUGIN = OutputPlugin("file", FileOptions, _build)

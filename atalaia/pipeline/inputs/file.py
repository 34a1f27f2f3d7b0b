"""Lines of files. Source: logstash-input-file 4.4."""

from __future__ import annotations

from atalaia.pipeline.context import PipelineContext
from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.event import Event
from atalaia.pipeline.inputs.base import InputOptions, InputPlugin
from atalaia.pipeline.inputs.describe import Describe, adding
from atalaia.pipeline.options import OptionError
from atalaia.pipeline.reference import FieldReference
from atalaia.pipeline.settings import Number, Settings, SettingValue, Text, Texts


class FileOptions(InputOptions):
    """Options of ``file``.

    The options after ``path`` say when and from where files are read; ``atalaia ingest`` is told its files by the user
    and reads each of them from where it stopped, so that it does what ``mode => "read"`` with a kept position does.

    Attributes:
        path: Patterns of the files.
        mode: ``tail`` or ``read``.
        start_position: ``beginning`` or ``end``, for files not read before.
        sincedb_path: Where Logstash keeps positions.
        exclude: Names left out.
        stat_interval: Seconds between looks at known files.
        discover_interval: How many of those pass between looks for new files.
        ignore_older: Files untouched for so many seconds are left out.
        close_older: Files without news for so many seconds are closed.
        file_completed_action: What is done with a file in ``read`` mode.
        file_completed_log_path: Where completed files are noted.
    """

    path: Texts
    mode: Text = "tail"
    start_position: Text = "end"
    sincedb_path: Text | None = None
    exclude: Texts = ()
    stat_interval: Number | Text = 1
    discover_interval: Number = 15
    ignore_older: Number | Text | None = None
    close_older: Number | Text | None = None
    file_completed_action: Text = "delete"
    file_completed_log_path: Text | None = None


def _build(options: FileOptions, context: PipelineContext, ecs: EcsCompatibility) -> Describe:
    _one_of("mode", options.mode, ("tail", "read"))
    _one_of("start_position", options.start_position, ("beginning", "end"))
    _one_of("file_completed_action", options.file_completed_action, ("delete", "log", "log_and_delete"))
    in_ecs = ecs is EcsCompatibility.V8
    add_host = adding(FieldReference.parse("[host][name]" if in_ecs else "host"))
    add_path = adding(FieldReference.parse("[log][file][path]" if in_ecs else "path"))
    host = context.host

    def describe(event: Event, path: str) -> None:
        event.metadata["host"] = host
        add_host(event, host)
        if path:
            event.metadata["path"] = path
            add_path(event, path)

    return describe


def _one_of(option: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise OptionError(option, f"{value!r} is none of {', '.join(allowed)}")


def _codec(value: SettingValue) -> SettingValue:
    name = value.plugin if isinstance(value, Settings) else value
    if name in ("json_lines", "line"):
        raise OptionError(
            "codec",
            f"the file input hands over lines without their ends, for which {name} waits for ever",
            'write codec => "json"' if name == "json_lines" else 'write codec => "plain"',
        )
    return value


PLUGIN = InputPlugin("file", FileOptions, _build, _codec, linewise=True)

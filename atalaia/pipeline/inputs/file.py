"""Lines of files. Source: logstash-input-file 4.4.

``atalaia pipeline run`` follows the files by itself; how is told in ``docs/pipelines-file-input.md``.
"""

from __future__ import annotations

from typing import Final

from atalaia.pipeline.context import PipelineContext
from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.event import Event
from atalaia.pipeline.inputs.base import InputPlugin
from atalaia.pipeline.inputs.describe import Describe, adding
from atalaia.pipeline.inputs.feed import Feed
from atalaia.pipeline.inputs.files.options import FileOptions, plan
from atalaia.pipeline.inputs.files.watch import Watch
from atalaia.pipeline.inputs.running import Reading, Run, StoppedError
from atalaia.pipeline.options import OptionError
from atalaia.pipeline.reference import FieldReference
from atalaia.pipeline.settings import Settings, SettingValue

_SHORTEST_PAUSE: Final = 0.01
"""Seconds between two looks, whatever ``stat_interval`` says."""
_PAUSE_AT_THE_END: Final = 0.05
"""Seconds between two looks when all that is waited for is that events become durable."""


def _build(_options: FileOptions, context: PipelineContext, ecs: EcsCompatibility) -> Describe:
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


def _codec(value: SettingValue) -> SettingValue:
    name = value.plugin if isinstance(value, Settings) else value
    if name in ("json_lines", "line"):
        raise OptionError(
            "codec",
            f"the file input hands over lines without their ends, for which {name} waits for ever",
            'write codec => "json"' if name == "json_lines" else 'write codec => "plain"',
        )
    return value


def _run(options: FileOptions, feed: Feed, context: PipelineContext) -> Run:
    what = plan(options, context.directory)
    pause = _PAUSE_AT_THE_END if what.exit_after_read else max(_SHORTEST_PAUSE, what.stat_interval)

    def run(reading: Reading) -> None:
        watch = Watch(what, feed, reading)
        try:
            while not reading.stop.is_set() and not watch.done:
                if not watch.look():
                    reading.stop.wait(pause)
        except StoppedError:
            return
        finally:
            watch.close()

    return run


PLUGIN = InputPlugin("file", FileOptions, _build, _codec, _run, linewise=True)

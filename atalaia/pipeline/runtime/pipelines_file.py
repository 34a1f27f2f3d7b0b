"""``pipelines.yml``: several pipelines and their settings, as Logstash reads it.

Source: Logstash 9.5, "Multiple pipelines" and "logstash.yml", and ``logstash/config/source/multi_local.rb``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Final, TypeAlias, TypeVar

import yaml

from atalaia.pipeline.config.variables import Variables
from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.errors import ConfigurationError, PipelineError, Position
from atalaia.pipeline.runtime.sources import PipelineSource, expand, read_parts

Scalar: TypeAlias = str | int | float | bool | None
_T = TypeVar("_T")

HARMLESS: Final = frozenset(
    {
        "pipeline.workers",  # one worker keeps the order of events
        "pipeline.ordered",
        "pipeline.unsafe_shutdown",
        "pipeline.plugin_classloaders",
        "pipeline.reloadable",
        "pipeline.buffer.type",
        "queue.type",  # the source is the spool: its position is noted only when its events are durable
        "queue.max_bytes",
        "queue.max_events",
        "queue.page_capacity",
        "queue.checkpoint.acks",
        "queue.checkpoint.writes",
        "queue.checkpoint.retry",
        "queue.checkpoint.interval",
        "queue.drain",
        "queue.compression",
        "path.queue",
        "dead_letter_queue.enable",  # dead letters are always kept
        "dead_letter_queue.max_bytes",
        "dead_letter_queue.flush_interval",
        "dead_letter_queue.storage_policy",
        "dead_letter_queue.retain.age",
        "path.dead_letter_queue",
        "config.debug",
        "metric.collect",
        "metric.timers",
    }
)
"""Settings that change nothing here, because what they are for is so anyway."""
OFF_ONLY: Final = frozenset({"config.reload.automatic", "config.test_and_exit", "pipeline.separate_logs"})
"""Settings that are taken only when they say ``false``."""
HONOURED: Final = frozenset(
    {
        "pipeline.id",
        "path.config",
        "config.string",
        "config.support_escapes",
        "pipeline.ecs_compatibility",
        "pipeline.batch.size",
        "pipeline.batch.delay",
    }
)


@dataclass(frozen=True, slots=True)
class _Setting:
    name: str
    value: Scalar
    position: Position


def read_pipelines_file(path: Path, variables: Mapping[str, str], defaults: PipelineSource) -> list[PipelineSource]:
    """Return the pipelines of a file; relative paths in it start where the file is.

    Args:
        path: The file.
        variables: For ``${…}`` in its values.
        defaults: The settings of pipelines that do not say otherwise.

    Raises:
        PipelineError: When it cannot be read, is no YAML, or names no configuration.
        ConfigurationError: When a setting is unknown or cannot be honoured.
    """
    try:
        text = path.read_text(encoding="utf-8")
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except OSError as error:
        raise PipelineError(f"{path} cannot be read: {error.strerror}", "check the path") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise PipelineError(f"{path} is not YAML: {error}") from error
    if not isinstance(root, yaml.SequenceNode) or not root.value:
        raise PipelineError(f"{path} is not a list of pipelines", "begin each with '- pipeline.id: name'")
    reader = _Reader(path, text.splitlines(), Variables(variables), defaults)
    return [reader.source(node) for node in root.value]


class _Reader:
    """Reads the pipelines of one file."""

    def __init__(self, path: Path, lines: list[str], variables: Variables, defaults: PipelineSource) -> None:
        self._defaults = defaults
        self._path = path
        self._lines = lines
        self._variables = variables

    def source(self, node: yaml.Node) -> PipelineSource:
        """Return one pipeline."""
        if not isinstance(node, yaml.MappingNode):
            raise ConfigurationError(self._at(node), "a pipeline is a mapping of settings")
        settings = {each.name: each for each in self._settings(node, "")}
        for each in settings.values():
            _check(each)
        get, usual = settings.get, self._defaults
        return PipelineSource(
            _read(get("pipeline.id"), _text, usual.id),
            self._parts(get("path.config"), get("config.string"), self._at(node)),
            _read(get("pipeline.ecs_compatibility"), _ecs, usual.ecs_compatibility),
            _read(get("config.support_escapes"), _flag, usual.support_escapes),
            _read(get("pipeline.batch.size"), _positive, usual.batch_size),
            _read(get("pipeline.batch.delay"), _positive, usual.batch_delay),
        )

    def _parts(self, path: _Setting | None, string: _Setting | None, at: Position) -> tuple[tuple[str, str], ...]:
        if path is None and string is None:
            raise ConfigurationError(at, "the pipeline has neither path.config nor config.string", "give it one")
        parts = () if path is None else read_parts(expand(_text(path), self._path.parent))
        return parts if string is None else ((f"{self._path}: config.string", _text(string)), *parts)

    def _settings(self, node: yaml.MappingNode, prefix: str) -> Iterator[_Setting]:
        """Yield the settings of a mapping; ``pipeline: {id: a}`` is another way to write ``pipeline.id: a``."""
        for key, value in node.value:
            name = f"{prefix}{key.value}"
            if isinstance(value, yaml.MappingNode):
                yield from self._settings(value, f"{name}.")
            elif isinstance(value, yaml.ScalarNode):
                yield _Setting(name, self._value(value), self._at(key))
            else:
                raise ConfigurationError(self._at(key), f"the setting {name} is no single value")

    def _value(self, node: yaml.ScalarNode) -> Scalar:
        if "${" in node.value:
            return self._variables.replace(node.value, self._at(node))
        value = yaml.SafeLoader("").construct_object(node)
        return value if isinstance(value, str | int | float) or value is None else str(node.value)

    def _at(self, node: yaml.Node) -> Position:
        mark = node.start_mark
        line = self._lines[mark.line] if mark.line < len(self._lines) else ""
        return Position(str(self._path), mark.line + 1, mark.column + 1, line)


def _check(setting: _Setting) -> None:
    """Refuse a setting that is unknown, or that cannot be honoured."""
    if setting.name in HONOURED or setting.name in HARMLESS:
        return
    if setting.name in OFF_ONLY:
        if _flag(setting):
            raise ConfigurationError(
                setting.position, f"{setting.name} is not supported", "leave it off", unsupported=True
            )
        return
    close = get_close_matches(setting.name, sorted(HONOURED | HARMLESS | OFF_ONLY), 1)
    remedy = f"did you mean {close[0]}" if close else f"the settings are {', '.join(sorted(HONOURED))}"
    raise ConfigurationError(setting.position, f"there is no setting {setting.name}", remedy)


def _read(setting: _Setting | None, convert: Callable[[_Setting], _T], otherwise: _T) -> _T:
    return otherwise if setting is None else convert(setting)


def _text(setting: _Setting) -> str:
    if isinstance(setting.value, str) and setting.value:
        return setting.value
    if isinstance(setting.value, int | float) and not isinstance(setting.value, bool):
        return str(setting.value)
    raise ConfigurationError(setting.position, f"{setting.name} is not a text: {setting.value!r}")


def _flag(setting: _Setting) -> bool:
    if setting.value in (True, False, "true", "false"):
        return setting.value in (True, "true")
    raise ConfigurationError(setting.position, f"{setting.name} is neither true nor false: {setting.value!r}")


def _positive(setting: _Setting) -> int:
    value = setting.value
    if isinstance(value, str) and value.isdecimal():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    raise ConfigurationError(setting.position, f"{setting.name} is not a whole number above 0: {setting.value!r}")


def _ecs(setting: _Setting) -> EcsCompatibility:
    try:
        return EcsCompatibility(_text(setting))
    except ValueError:
        known = ", ".join(EcsCompatibility)
        problem = f"{setting.name} is none of {known}: {setting.value!r}"
        raise ConfigurationError(setting.position, problem, f"write one of {known}") from None

"""Tell browser, system and device from a user agent's name. Source: logstash-filter-useragent 3.3.5.

The built-in expressions are those that plugin carries, so that both give the same answers; ``regexes`` reads others.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import lru_cache
from typing import Final, TypeAlias

import yaml
from pydantic import Field

from atalaia.pipeline.agents.expressions import Expressions, built_in, read_expressions
from atalaia.pipeline.agents.tell import Told, teller
from atalaia.pipeline.agents.versions import browser_version, system_version
from atalaia.pipeline.codegen.site import Site
from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.errors import EventError
from atalaia.pipeline.filters.base import FilterContext, FilterOptions, FilterPlugin, Inline
from atalaia.pipeline.options import OptionError, option_reference
from atalaia.pipeline.settings import Integer, Text
from atalaia.pipeline.values import Value

_LOGGER: Final = logging.getLogger(__name__)
_METADATA: Final = "[@metadata][filter][user_agent]"

_Parsed: TypeAlias = tuple[str | None, ...]
"""One text for each of :data:`NAMES`."""

NAMES: Final = (
    "name",
    "version",
    "major",
    "minor",
    "patch",
    "os",
    "os_full",
    "os_name",
    "os_version",
    "os_major",
    "os_minor",
    "os_patch",
    "device",
)
"""What is told of an agent, by the names of the fields without ECS."""


class UseragentOptions(FilterOptions):
    """Options of ``useragent``.

    Attributes:
        source: The field with the agent's text; of a list, the first item counts.
        target: Where the findings are put; with ECS ``user_agent`` by default, without it the root of the event.
        prefix: Stands before every name of a finding; with ECS it is passed over with a warning, as in Logstash.
        regexes: A file of expressions in uap-core's format instead of the built-in ones.
        lru_cache_size: How many agents are remembered.
        ecs_compatibility: Which names the findings get; the pipeline's where absent.
    """

    source: Text
    target: Text | None = None
    prefix: Text = ""
    regexes: Text | None = None
    lru_cache_size: Integer = Field(default=100_000, ge=1)
    ecs_compatibility: EcsCompatibility | None = None


def build(options: UseragentOptions, context: FilterContext) -> Inline:
    """Build the filter."""
    ecs = (options.ecs_compatibility or context.pipeline.ecs_compatibility) != EcsCompatibility.DISABLED
    source = option_reference("source", options.source)
    target = options.target or ("user_agent" if ecs else None)
    if ecs and options.prefix:
        _LOGGER.warning("%s: with ECS the names have no prefix; remove prefix", context.position)
    names = _ecs_fields(target) if ecs else _fields(target, options.prefix)
    fields = [option_reference("target", name) if name else None for name in names]
    parse = lru_cache(maxsize=options.lru_cache_size)(_parser(_expressions(options, context)))
    replace_source = options.target == options.source

    def emit(site: Site) -> None:
        emitter, code = site.emitter, site.emitter.source
        agent, found, text = code.local("agent"), code.local("found"), code.scratch("v")
        code.line(f"{agent} = {emitter.value(source)}")
        with code.indented(f"if type({agent}) is not str:"):
            code.line(f"{agent} = {code.bind(_agent, 'agent_of')}({agent})")
        with emitter.block(f"if {agent}:"):
            code.line(f"{found} = {code.bind(parse, 'parse')}({agent})")
            if replace_source:
                emitter.remove(source)
            for number, field in enumerate(fields):
                if field is not None:
                    emitter.prepare(field)
                    code.line(f"{text} = {found}[{number}]")
                    with emitter.block(f"if {text} is not None:"):
                        emitter.store(field, text)
            context.decorate.emit(emitter)

    return Inline(emit)


def _agent(value: Value) -> str | None:
    """Return the agent's text.

    Raises:
        EventError: When it is neither text nor absent; Logstash's pipeline stops there.
    """
    first = (value[0] if value else None) if isinstance(value, list) else value
    if first is None or isinstance(first, str):
        return first
    raise EventError(f"the user agent is not text but {first!r}", "convert it to a string first")


def _expressions(options: UseragentOptions, context: FilterContext) -> Expressions:
    if options.regexes is None:
        return built_in()
    file = context.pipeline.directory / options.regexes
    try:
        return read_expressions(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as error:  # unreadable, or not of uap-core's form
        raise OptionError("regexes", f"{file} cannot be used: {error}") from error


def _parser(expressions: Expressions) -> Callable[[str], _Parsed]:
    tell = teller(expressions)
    return lambda agent: _parsed(agent, tell(agent))


def _parsed(agent: str, told: Told) -> _Parsed:
    version = system_version(told.system_parts)
    full = told.system if version is None else f"{told.system} {version}"
    return (
        told.browser,
        browser_version(agent, told.browser_parts),
        *told.browser_parts[:3],
        told.system,
        full,
        told.system,
        version,
        *told.system_parts[:3],
        told.device,
    )


def _root(target: str | None) -> str:
    return "" if target is None else target if target.startswith("[") else f"[{target}]"


def _fields(target: str | None, prefix: str) -> list[str | None]:
    """Return where each finding is put without ECS."""
    return [f"{_root(target)}[{prefix}{name}]" for name in NAMES]


def _ecs_fields(target: str | None) -> list[str | None]:
    """Return where each finding is put with ECS; ``None`` for one that is not kept."""
    root = _root(target)
    version, system = f"{_METADATA}[version]", f"{_METADATA}[os][version]"
    return [
        f"{root}[name]",
        f"{root}[version]",
        *(f"{version}[{part}]" for part in ("major", "minor", "patch")),
        None,
        f"{root}[os][full]",
        f"{root}[os][name]",
        f"{root}[os][version]",
        *(f"{system}[{part}]" for part in ("major", "minor", "patch")),
        f"{root}[device][name]",
    ]


PLUGIN = FilterPlugin("useragent", UseragentOptions, build)

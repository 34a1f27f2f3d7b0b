"""Tell browser, system and device from a user agent's name. Source: logstash-filter-useragent 3.3.5.

The expressions are those of the uap-core project, as is Logstash's own file; ours is newer, so that it knows a few more
agents. ``regexes`` reads another file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Final, TypeAlias

import yaml
from pydantic import Field
from ua_parser import OS, Device, Domain, Resolver, UserAgent
from ua_parser.loaders import load_data, load_lazy_builtins
from ua_parser.regex import Resolver as RegexResolver

from atalaia.pipeline.codegen.site import Site
from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.errors import EventError
from atalaia.pipeline.filters.base import FilterContext, FilterOptions, FilterPlugin, Inline
from atalaia.pipeline.options import OptionError, option_reference
from atalaia.pipeline.settings import Integer, Text
from atalaia.pipeline.values import Value

_UNKNOWN: Final = "Other"
_METADATA: Final = "[@metadata][filter][user_agent]"

_Parsed: TypeAlias = tuple[str | None, ...]
"""One text for each of :data:`_NAMES`."""

_NAMES: Final = (
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


class UseragentOptions(FilterOptions):
    """Options of ``useragent``.

    Attributes:
        source: The field with the agent's text; of a list, the first item counts.
        target: Where the findings are put; with ECS ``user_agent`` by default, without it the root of the event.
        prefix: Stands before every name of a finding.
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
    names = _fields(target, options.prefix, ecs=ecs)
    fields = [option_reference("target", name) if name else None for name in names]
    parse = lru_cache(maxsize=options.lru_cache_size)(_parser(_resolver(options, context)))
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


def _resolver(options: UseragentOptions, context: FilterContext) -> Resolver:
    if options.regexes is None:
        return _built_in()
    file = context.pipeline.directory / options.regexes
    try:
        data = yaml.safe_load(file.read_text(encoding="utf-8"))
        return RegexResolver(load_data((data["user_agent_parsers"], data["os_parsers"], data["device_parsers"])))
    except (OSError, ValueError, KeyError, TypeError, yaml.YAMLError) as error:  # unreadable, or not of uap-core's form
        raise OptionError("regexes", f"{file} cannot be used: {error}") from error


@lru_cache(maxsize=1)
def _built_in() -> Resolver:
    """Return the one compiled set of built-in expressions; it takes a fifth of a second and is shared."""
    return RegexResolver(load_lazy_builtins())


def _parser(resolver: Resolver) -> Callable[[str], _Parsed]:
    def parse(agent: str) -> _Parsed:
        found = resolver(agent, Domain.ALL)
        return (*_agent_parts(found.user_agent), *_system_parts(found.os), _device_name(found.device))

    return parse


def _agent_parts(agent: UserAgent | None) -> _Parsed:
    """Return name, version, major, minor and patch."""
    if agent is None:
        return (_UNKNOWN, None, None, None, None)
    version = _version((agent.major, agent.minor, agent.patch, agent.patch_minor))
    return (agent.family, version, agent.major, agent.minor, agent.patch)


def _system_parts(system: OS | None) -> _Parsed:
    """Return os, os_full, os_name, os_version, os_major, os_minor and os_patch."""
    if system is None:
        return (_UNKNOWN, _UNKNOWN, _UNKNOWN, None, None, None, None)
    version = _version((system.major, system.minor, system.patch, system.patch_minor))
    full = f"{system.family} {version}" if version else system.family
    return (system.family, full, system.family, version, system.major, system.minor, system.patch)


def _device_name(device: Device | None) -> str:
    return _UNKNOWN if device is None else device.family


def _version(parts: Sequence[str | None]) -> str | None:
    """Return the parts up to the first that is missing, joined by points; ``None`` when there is none."""
    known = list(_until_missing(parts))
    return ".".join(known) if known else None


def _until_missing(parts: Sequence[str | None]) -> Iterable[str]:
    for part in parts:
        if not part:
            return
        yield part


def _fields(target: str | None, prefix: str, *, ecs: bool) -> list[str | None]:
    """Return where each finding is put; ``None`` for one that is not kept."""
    root = "" if target is None else target if target.startswith("[") else f"[{target}]"
    if not ecs:
        return [f"{root}[{prefix}{name}]" for name in _NAMES]
    version, system = f"{_METADATA}[version]", f"{_METADATA}[os][version]"
    return [
        f"{root}[{prefix}name]",
        f"{root}[{prefix}version]",
        *(f"{version}[{part}]" for part in ("major", "minor", "patch")),
        None,
        f"{root}[{prefix}os][full]",
        f"{root}[{prefix}os][name]",
        f"{root}[{prefix}os][version]",
        *(f"{system}[{part}]" for part in ("major", "minor", "patch")),
        f"{root}[{prefix}device][name]",
    ]


PLUGIN = FilterPlugin("useragent", UseragentOptions, build)

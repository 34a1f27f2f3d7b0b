"""Load each plugin and condition by itself and collect every complaint, not only the first."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from atalaia.pipeline.check.heard import heard
from atalaia.pipeline.check.pieces import pieces
from atalaia.pipeline.check.sites import Site
from atalaia.pipeline.codecs.base import CodecContext
from atalaia.pipeline.codecs.registry import CODECS
from atalaia.pipeline.config import tree as syntax
from atalaia.pipeline.config.conditions import compile_condition
from atalaia.pipeline.config.variables import Variables
from atalaia.pipeline.context import PipelineContext
from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.errors import ConfigurationError, Position, Refusal
from atalaia.pipeline.filters.base import AnyFilterPlugin
from atalaia.pipeline.filters.registry import FILTERS
from atalaia.pipeline.inputs.base import AnyInputPlugin
from atalaia.pipeline.inputs.registry import INPUTS
from atalaia.pipeline.options import option_refusals
from atalaia.pipeline.outputs.base import AnyOutputPlugin
from atalaia.pipeline.outputs.registry import OUTPUTS
from atalaia.pipeline.refusals import unknown_plugin
from atalaia.pipeline.settings import PluginOptions, Settings

_PLUGINS: Final[Mapping[str, Mapping[str, AnyInputPlugin | AnyFilterPlugin | AnyOutputPlugin]]] = MappingProxyType(
    {"input": INPUTS, "filter": FILTERS, "output": OUTPUTS}
)
_NO_SUCH: Final = (Refusal.UNKNOWN_PLUGIN, Refusal.UNSUPPORTED_PLUGIN)


@dataclass(frozen=True, slots=True)
class Loading:
    """What came of loading a plugin.

    Attributes:
        site: The plugin.
        refusals: What is wrong with it, its options and its codec.
        warnings: What it warns about itself.
    """

    site: Site
    refusals: tuple[ConfigurationError, ...]
    warnings: tuple[str, ...]


def load_site(site: Site, context: PipelineContext) -> Loading:
    """Load a plugin and say what came of it."""
    with heard() as warnings:
        refusals = tuple(_refusals(site, context))
    return Loading(site, refusals, tuple(dict.fromkeys(warnings)))


def _refusals(site: Site, context: PipelineContext) -> Iterator[ConfigurationError]:
    yield from (refusal for found in site.undefined.values() for refusal in found)
    plugin = _PLUGINS[site.kind].get(site.name)
    settings = _without(site.written.settings, site.undefined)
    if plugin is None:
        yield unknown_plugin(site.kind, settings, _PLUGINS[site.kind])
        return
    about = CodecContext(EcsCompatibility.V8 if site.written.ecs else EcsCompatibility.DISABLED, context.directory)
    in_codecs = {option: _codec_refusals(value, about) for option, value in settings.values.items()}
    faulty = {option for option, found in in_codecs.items() if found}
    yield from (refusal for found in in_codecs.values() for refusal in found)
    trial = _Trial(plugin.options, lambda given: plugin.load(given, context), site.place, {*site.undefined, *faulty})
    yield from trial.refusals(_without(settings, faulty))


def condition_refusals(branch: syntax.Branch, variables: Variables) -> Iterator[ConfigurationError]:
    """Yield what is wrong with the conditions of a branch, part by part."""
    for arm in branch.arms:
        if arm.condition is not None:
            for part in parts_of(arm.condition):
                try:
                    compile_condition(part, variables)
                except ConfigurationError as refusal:
                    yield refusal


def parts_of(condition: syntax.Condition) -> Iterator[syntax.Condition]:
    """Yield the parts of a condition that join no others."""
    match condition:
        case syntax.Joined():
            yield from parts_of(condition.left)
            yield from parts_of(condition.right)
        case syntax.Not():
            yield from parts_of(condition.inner)
        case _:
            yield condition


@dataclass(frozen=True, slots=True)
class _Trial:
    """Tries settings on a plugin, without those that it complained about before.

    Attributes:
        model: Its options.
        load: Builds it.
        place: Returns where a text stands in an option.
        left_out: Options that are written but were left out: no complaint that they are missing.
    """

    model: type[PluginOptions]
    load: Callable[[Settings], object]
    place: Callable[[str, str], Position]
    left_out: Collection[str]

    def refusals(self, settings: Settings) -> list[ConfigurationError]:
        """Return every complaint."""
        found = [
            self._at_value(each) for each in option_refusals(self.model, settings) if each.option not in self.left_out
        ]
        rest = _without(settings, {each.option or "" for each in found})
        while not option_refusals(self.model, rest):
            refusal = self._refusal(rest)
            if refusal is None or (found and refusal.option not in rest.values and refusal.code not in _NO_SUCH):
                break
            found += self._by_piece(refusal, rest)
            option = "codec" if refusal.code in _NO_SUCH else refusal.option
            if option is None or option not in rest.values:
                break
            rest = _without(rest, {option})
        return found

    def _refusal(self, settings: Settings) -> ConfigurationError | None:
        try:
            self.load(settings)
        except ConfigurationError as refusal:
            return refusal
        return None

    def _at_value(self, refusal: ConfigurationError) -> ConfigurationError:
        """Return a complaint about a value with the place of the value."""
        return refusal.at(self.place(refusal.option or "", "")) if refusal.code is Refusal.BAD_VALUE else refusal

    def _by_piece(self, refusal: ConfigurationError, settings: Settings) -> list[ConfigurationError]:
        """Return a complaint once for each part of the option's value that deserves it, with its place."""
        option = refusal.option
        if option is None or option not in settings.values or refusal.unsupported:
            return [refusal]
        found: list[ConfigurationError] = []
        for piece in pieces(option, settings.values[option]):
            alone = replace(settings, values={**settings.values, option: piece.value})
            complaint = self._refusal(alone)
            if complaint is not None and complaint.option == option:
                found.append(complaint.at(self.place(option, piece.place(complaint.problem))))
        return found or [self._at_value(refusal)]


def _codec_refusals(value: object, about: CodecContext) -> list[ConfigurationError]:
    """Return what is wrong with a codec that has braces; nothing for any other value."""
    if not isinstance(value, Settings):
        return []
    codec = CODECS.get(value.plugin)
    if codec is None:
        return [unknown_plugin("codec", value, CODECS)]
    return _Trial(
        codec.options, lambda given: codec.load(given, about), lambda option, _: value.position_of(option), ()
    ).refusals(value)


def _without(settings: Settings, options: Collection[str]) -> Settings:
    values = {name: value for name, value in settings.values.items() if name not in options}
    return replace(settings, values=values)

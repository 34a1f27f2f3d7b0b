"""The declarations of all plugins, and what the options do that all of a kind share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from atalaia.pipeline.check.effects import filters, patterns
from atalaia.pipeline.check.effects.inputs import INPUTS, codec_of, decoded
from atalaia.pipeline.check.effects.mutate import mutate
from atalaia.pipeline.check.effects.written import Declaration, Written, texts_of
from atalaia.pipeline.check.flow.field_steps import Append, Remove, Set
from atalaia.pipeline.check.flow.references import references_in
from atalaia.pipeline.check.flow.steps import Anything, Read, Step, Tag

FILTERS: Final[Mapping[str, Declaration]] = MappingProxyType(
    {
        "cidr": filters.cidr,
        "clone": filters.clone,
        "csv": filters.csv,
        "date": filters.date,
        "dissect": patterns.dissect,
        "drop": filters.drop,
        "fingerprint": filters.fingerprint,
        "geoip": filters.geoip,
        "grok": patterns.grok,
        "json": filters.json,
        "kv": filters.kv,
        "mutate": mutate,
        "prune": filters.prune,
        "split": filters.split,
        "translate": filters.translate,
        "truncate": filters.truncate,
        "urldecode": filters.urldecode,
        "useragent": filters.useragent,
        "uuid": filters.uuid,
    }
)
"""Filter to what it does."""

SHARED: Final = ("add_field", "remove_field", "add_tag", "remove_tag")
"""The options that a filter applies when it succeeds, in this order."""

_NO_TEMPLATES: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "dissect": frozenset({"mapping"}),
        "grok": frozenset({"match", "pattern_definitions", "overwrite"}),
        "prune": frozenset({"blacklist_names", "whitelist_names", "blacklist_values", "whitelist_values"}),
        "translate": frozenset({"dictionary"}),
    }
)
"""Options in which ``%{…}`` is no field of the event."""


def filter_steps(plugin: Written) -> Iterator[Step]:
    """Yield what a filter does, in order: reads its templates, works, applies the shared options."""
    declaration = FILTERS.get(plugin.settings.plugin)
    if declaration is None:
        yield Anything()
    elif plugin.settings.plugin == "mutate":
        yield from declaration(plugin)
    else:
        yield from templates(plugin)
        yield from declaration(plugin)
    yield from shared_steps(plugin)


def shared_steps(plugin: Written) -> Iterator[Step]:
    """Yield what the options do that every filter has; only ``mutate`` always succeeds."""
    certain = plugin.settings.plugin == "mutate"
    for name, text in plugin.text_pairs("add_field"):
        yield from _read(name, "add_field")
        yield from _read(text, "add_field")
        yield Append(name, certain=certain)
    for name in plugin.texts("remove_field"):
        yield from _read(name, "remove_field")
        yield Remove(name, "remove_field", certain=certain)
    for tag in plugin.texts("add_tag"):
        yield from _read(tag, "add_tag")
    yield Tag(tuple(plugin.texts("add_tag")))


def input_steps(plugin: Written) -> Iterator[Step]:
    """Yield what an input and its codec put in an event."""
    yield from decoded(codec_of(plugin))
    yield from INPUTS.get(plugin.settings.plugin, _unknown)(plugin)
    for name, _ in plugin.text_pairs("add_field"):
        yield Append(name, certain=True)
    if plugin.has("type"):
        yield Set("type", certain=True)
    yield Tag(tuple(plugin.texts("tags")))


def templates(plugin: Written) -> Iterator[Step]:
    """Yield what the texts of an input's, filter's or output's own options refer to."""
    without = _NO_TEMPLATES.get(plugin.settings.plugin, frozenset())
    for option, value in plugin.settings.values.items():
        if option not in without and option not in SHARED:
            for text in texts_of(value):
                yield from _read(text, option)


def _read(text: str, option: str) -> Iterator[Step]:
    yield from (Read(reference, option) for reference in references_in(text))


def _unknown(_plugin: Written) -> Iterator[Step]:
    yield Anything()

"""What single plugins do that their authors rarely want."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from atalaia.pipeline.check.effects.patterns import captures
from atalaia.pipeline.check.effects.written import Written, below
from atalaia.pipeline.check.finding import Found
from atalaia.pipeline.check.flow.fields import Kind
from atalaia.pipeline.check.flow.references import path_of
from atalaia.pipeline.check.flow.walk import Met
from atalaia.pipeline.check.subject import Subject
from atalaia.pipeline.errors import PipelineError
from atalaia.pipeline.grok.onigmo_sets import ExpressionError

_USER_AGENT: Final = ("user_agent",)
_ANCHORED: Final = re.compile(r"(?:\(\?[a-z-]*\))?\(*(?:\?:)?(?:\^|\\A)")
_CREDENTIALS: Final = {"user": "user and password", "password": "user and password", "api_key": "api_key"}
_TEXT_ONLY: Final = {"grok": "match", "dissect": "mapping", "useragent": "source"}
"""Filters that take nothing but text, and the option that names the field."""


def useragent_target(subject: Subject) -> Iterator[Found]:
    """Find ``useragent`` putting its findings below the text it reads."""
    for met in _met(subject, "useragent"):
        plugin = met.site.written
        if plugin.ecs and not plugin.has("target") and path_of(plugin.text("source")) == _USER_AGENT:
            problem = (
                "the default target lies in the source, which is a text: Logstash's pipeline stops at the first event"
            )
            remedy = "rename it to [user_agent][original] first, and make that the source"
            yield Found(met.site.place("source", plugin.text("source")), problem, remedy)


def number_source(subject: Subject) -> Iterator[Found]:
    """Find filters for text that are given a number."""
    for met in _met(subject, *_TEXT_ONLY):
        plugin, option = met.site.written, _TEXT_ONLY[met.site.name]
        names = plugin.texts(option) if option == "source" else [name for name, _ in plugin.pairs(option)]
        for name in names:
            path = path_of(name)
            if path is not None and met.state.at(path).kind is Kind.NUMBER:
                outcome = "Logstash's pipeline stops" if met.site.name == "useragent" else "it fails on every event"
                yield Found(
                    met.site.entry_place(option, name), f"{name} is a number: {outcome}", "convert it to a string first"
                )


def grok_appends(subject: Subject) -> Iterator[Found]:
    """Find captures into fields that are there already."""
    for met in _met(subject, "grok"):
        overwritten = {path_of(name) for name in met.site.written.texts("overwrite")}
        for field, pattern in _captured(met.site.written).items():
            path = path_of(below(met.site.written.text("target"), field))
            if path is not None and path not in overwritten and met.state.at(path).certain:
                problem = f"{field} is there already: the capture is appended to it and makes a list"
                yield Found(
                    met.site.place("match", pattern), problem, f'add overwrite => ["{field}"], or use another name'
                )


def slow_grok(subject: Subject) -> Iterator[Found]:
    """Find several patterns for one field that are not tied to the start of the text."""
    for site in subject.filters("grok"):
        plugin = site.written
        for name, _ in plugin.pairs("match"):
            patterns = [pattern for field, pattern in plugin.text_pairs("match") if field == name]
            loose = [pattern for pattern in patterns if not _ANCHORED.match(pattern)]
            if len(patterns) > 1 and loose and plugin.flag("break_on_match", default=True):
                problem = (
                    f"{len(loose)} of {len(patterns)} patterns are searched for all through the text before they fail"
                )
                yield Found(site.place("match", loose[0]), problem, r"begin them with \A where they begin the text")


def fingerprint_sources(subject: Subject) -> Iterator[Found]:
    """Find several sources of which only one counts."""
    for site in subject.filters("fingerprint"):
        plugin = site.written
        together = any(plugin.flag(f"concatenate_{what}", default=False) for what in ("sources", "all_fields"))
        if len(plugin.texts("source")) > 1 and not together and plugin.text("method") not in ("UUID", "PUNCTUATION"):
            problem = "each source overwrites the fingerprint of the one before: only the last that is there counts"
            yield Found(plugin.settings.position_of("source"), problem, "add concatenate_sources => true")


def translate_kept(subject: Subject) -> Iterator[Found]:
    """Find translations for which there is no place: the target is there and stays as it is."""
    for met in _met(subject, "translate"):
        plugin = met.site.written
        source, target = plugin.text("source", plugin.text("field")), plugin.text("target", plugin.text("destination"))
        path = path_of(target)
        if not target or plugin.has("override") or plugin.has("iterate_on") or path is None or path == path_of(source):
            continue
        if met.state.at(path).certain:
            problem = f"{target} is there already: translate leaves it as it is"
            option = "target" if plugin.has("target") else "destination"
            yield Found(met.site.place(option, target), problem, "add override => true, or use another target")


def two_credentials(subject: Subject) -> Iterator[Found]:
    """Find more than one way to log in, which Logstash refuses."""
    for site in subject.sites:
        if site.kind != "output" or site.name != "elasticsearch":
            continue
        kinds = {**_CREDENTIALS, "cloud_auth": "cloud_auth"}
        ways = {kinds[option]: option for option in site.written.settings.values if option in kinds}
        if len(ways) > 1:
            problem = f"Logstash refuses {' together with '.join(ways)}, even when one is empty"
            yield Found(site.written.settings.position_of([*ways.values()][-1]), problem, "keep one of them")


def _met(subject: Subject, *names: str) -> Iterator[Met]:
    yield from (met for met in subject.flow.plugins if met.site.kind == "filter" and met.site.name in names)


def _captured(plugin: Written) -> dict[str, str]:
    """Return the fields a ``grok`` fills, each with a pattern that does; none when a pattern does not compile."""
    try:
        return {capture.field: pattern for pattern, capture in captures(plugin)}
    except (ExpressionError, PipelineError):  # told by another check
        return {}

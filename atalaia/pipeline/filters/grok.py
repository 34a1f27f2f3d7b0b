"""Take text apart by named patterns. Source: logstash-filter-grok 4.4.4 with jls-grok 0.11.5."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from pydantic import Field

from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.errors import EventError, PipelineError
from atalaia.pipeline.event import Event
from atalaia.pipeline.filters.base import Bounded, Filter, FilterContext, FilterFunction, FilterOptions, FilterPlugin
from atalaia.pipeline.grok.compiler import Captured, GrokPattern, compile_pattern
from atalaia.pipeline.grok.definitions import read_patterns
from atalaia.pipeline.grok.onigmo_sets import ExpressionError
from atalaia.pipeline.java import ruby_text
from atalaia.pipeline.options import OptionError
from atalaia.pipeline.patterns import built_in
from atalaia.pipeline.reference import TAGS, FieldReference
from atalaia.pipeline.settings import Flag, Number, Text, TextHash, Texts, TextsHash
from atalaia.pipeline.values import Value

_SHORTEST: Final = 0.001
"""Seconds: what is left to a search when the time of its event is up; it fails at once unless it succeeds at once."""


class GrokOptions(FilterOptions):
    """Options of ``grok``.

    Attributes:
        match: Field to patterns, tried in order; several fields are run through in Java's hash order.
        break_on_match: Whether the first match ends the filter.
        named_captures_only: Whether ``%{NAME}`` without a field captures nothing.
        keep_empty_captures: Whether groups that are empty or took no part fill their fields.
        overwrite: Fields whose old value is replaced; elsewhere text is appended to and numbers are kept.
        pattern_definitions: Names to expressions, for this filter.
        patterns_dir: Files, folders or globs with definitions; relative to the pipeline's file.
        patterns_files_glob: Which files of those folders are read.
        tag_on_failure: Tags when nothing matched.
        tag_on_timeout: The tag when a search took too long.
        target: The field below which captures are put.
        timeout_millis: Longest time of a search in ms; 0 is no limit.
        timeout_scope: Whether the limit holds for each ``pattern`` or for all of an ``event``'s field.
        ecs_compatibility: Which set of patterns is built in; the pipeline's where absent.
    """

    match: TextsHash = Field(default_factory=dict)
    break_on_match: Flag = True
    named_captures_only: Flag = True
    keep_empty_captures: Flag = False
    overwrite: Texts = ()
    pattern_definitions: TextHash = Field(default_factory=dict)
    patterns_dir: Texts = ()
    patterns_files_glob: Text = "*"
    tag_on_failure: Texts = ("_grokparsefailure",)
    tag_on_timeout: Text = "_groktimeout"
    target: Text | None = None
    timeout_millis: Number = Field(default=30_000, ge=0)
    timeout_scope: Literal["pattern", "event"] = "pattern"
    ecs_compatibility: EcsCompatibility | None = None


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A pattern and where its captures go.

    Attributes:
        search: The pattern.
        targets: For each of its captures the place, and whether it is overwritten.
    """

    search: GrokPattern
    targets: tuple[tuple[FieldReference, bool], ...]


@dataclass(frozen=True, slots=True)
class _Limit:
    """How long searches may take, in seconds; ``None`` is no limit.

    Attributes:
        seconds: The limit.
        whole_event: Whether it holds for all patterns of a field together.
        strict: Whether the option was written: then an expression that Onigmo would search in exponential time is given
            that time, so that the event gets the tag it gets in Logstash. By default it just does not match, at once.
    """

    seconds: float | None
    whole_event: bool
    strict: bool

    def timer(self) -> Callable[[], float | None]:
        """Return a function that says how much time a search has that starts now."""
        if self.seconds is None or not self.whole_event:
            return lambda: self.seconds
        end = time.monotonic() + self.seconds
        return lambda: max(_SHORTEST, end - time.monotonic())


@dataclass(frozen=True, slots=True)
class _Grok:
    fields: tuple[tuple[FieldReference, tuple[_Pattern, ...]], ...]
    options: GrokOptions
    limit: _Limit

    def __call__(self, event: Event) -> bool:
        try:
            matched = self._match_fields(event)
        except TimeoutError:
            event.fail(self.options.tag_on_timeout)
            return False
        if not matched:
            event.fail(*self.options.tag_on_failure)
        return matched

    def _match_fields(self, event: Event) -> bool:
        matched = False
        for source, patterns in self.fields:
            if self._match_field(source.get(event), patterns, event):
                matched = True
                if self.options.break_on_match:
                    break
        return matched

    def _match_field(self, value: Value, patterns: tuple[_Pattern, ...], event: Event) -> bool:
        """Match one field, a list item by item; a capture that cannot be put in its place is no match."""
        items = value if isinstance(value, list) else [value]
        matched = False
        try:
            for item in items:
                matched |= self._match_text(ruby_text(item), patterns, event)
        except EventError:
            return False
        return matched

    def _match_text(self, text: str, patterns: tuple[_Pattern, ...], event: Event) -> bool:
        """Try the patterns in order; without ``break_on_match`` the last one's success is the field's."""
        matched = False
        time_left = self.limit.timer()
        for pattern in patterns:
            captured = self._search(pattern.search, text, time_left())
            matched = captured is not None
            if captured is not None:
                self.store(pattern, captured, event)
                if self.options.break_on_match:
                    break
        return matched

    def _search(self, pattern: GrokPattern, text: str, seconds: float | None) -> list[Captured] | None:
        captured = pattern.match(text, seconds)
        if captured is None and self.limit.strict and seconds is not None:
            pattern.check_time(text, seconds)
        return captured

    def store(self, pattern: _Pattern, captured: list[Captured], event: Event) -> None:
        """Put captures in their places."""
        keep_empty = self.options.keep_empty_captures
        for (target, overwrite), value in zip(pattern.targets, captured, strict=True):
            if keep_empty or (value is not None and value != ""):
                _put(target, value, event, overwrite=overwrite)


def _put(target: FieldReference, value: Captured, event: Event, *, overwrite: bool) -> None:
    """Set a field, or append to text that is there; a number or an object that is there stays."""
    present = None if overwrite else target.get(event)
    if present is None:
        target.set(event, value)
    elif isinstance(present, list):
        target.set(event, [*present, value])
    elif isinstance(present, str):
        target.set(event, [present, value])


def build(options: GrokOptions, context: FilterContext) -> Filter:
    """Build the filter: read the definitions and compile every pattern."""
    definitions = _definitions(options, context)
    fields = tuple(
        (_reference("match", field), tuple(_pattern(source, definitions, options) for source in sources))
        for field, sources in options.match.items()
    )
    seconds = options.timeout_millis / 1000 if options.timeout_millis else None
    limit = _Limit(seconds, options.timeout_scope == "event", "timeout_millis" in options.model_fields_set)
    grok = _Grok(fields, options, limit)
    writes = [TAGS, *(target for _, patterns in fields for pattern in patterns for target, _ in pattern.targets)]
    single = len(fields) == 1 and len(fields[0][1]) == 1 and not limit.strict and not limit.whole_event
    return Bounded(_single(grok) if single else grok, writes)


def _single(grok: _Grok) -> FilterFunction:
    """Return the filter for one field and one pattern: a text takes a shorter way, anything else the usual one."""
    ((source, (pattern,)),) = grok.fields
    match, seconds, options = pattern.search.match, grok.limit.seconds, grok.options

    def run(event: Event) -> bool:
        value = source.get(event)
        if not isinstance(value, str):
            return grok(event)
        try:
            captured = match(value, seconds)
            if captured is not None:
                grok.store(pattern, captured, event)
                return True
        except TimeoutError:
            event.fail(options.tag_on_timeout)
            return False
        except EventError:  # a capture that cannot be put in its place is no match
            pass
        event.fail(*options.tag_on_failure)
        return False

    return run


def _definitions(options: GrokOptions, context: FilterContext) -> dict[str, str]:
    """Return all definitions: the built-in set, then files, then the filter's own."""
    setting = options.ecs_compatibility or context.pipeline.ecs_compatibility
    definitions = dict(built_in(ecs=setting != EcsCompatibility.DISABLED))
    try:
        definitions |= read_patterns(options.patterns_dir, context.pipeline.directory, options.patterns_files_glob)
    except PipelineError as error:
        raise OptionError("patterns_dir", error.message, error.remedy) from error
    return definitions | {
        name: expression.removesuffix("\n") for name, expression in options.pattern_definitions.items()
    }


def _pattern(source: str, definitions: Mapping[str, str], options: GrokOptions) -> _Pattern:
    try:
        pattern = compile_pattern(source, definitions, named_only=options.named_captures_only)
    except ExpressionError as error:
        raise OptionError("match", error.message, error.remedy) from error
    return _Pattern(pattern, tuple(_target(capture.field, options) for capture in pattern.captures))


def _target(field: str, options: GrokOptions) -> tuple[FieldReference, bool]:
    """Return where a capture goes, and whether it replaces what is there."""
    text = field if options.target is None else f"{_bracketed(options.target)}{_bracketed(field)}"
    return _reference("match", text), field in options.overwrite or text in options.overwrite


def _bracketed(field: str) -> str:
    return field if field.startswith("[") else f"[{field}]"


def _reference(option: str, text: str) -> FieldReference:
    try:
        return FieldReference.parse(text)
    except EventError as error:
        raise OptionError(option, error.message, error.remedy) from error


PLUGIN = FilterPlugin("grok", GrokOptions, build)

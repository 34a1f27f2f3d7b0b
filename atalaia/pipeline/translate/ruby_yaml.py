"""Dictionaries in YAML as Ruby reads them.

Source: ``YamlVisitor`` of logstash-filter-translate 3.5.0 and ``Psych::Visitors::ToRuby`` of psych 5.2.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TypeAlias

import yaml

from atalaia.pipeline.java import ruby_text
from atalaia.pipeline.translate.ruby_scalars import Scalar, Symbol, plain_value, read_scalar
from atalaia.pipeline.values import Value

Key: TypeAlias = "Value | Symbol"
Pair: TypeAlias = "tuple[Key, Value]"
"""A key, which need not be a text, and its value."""

_TEXT_TAGS: Final = frozenset({"tag:yaml.org,2002:str", "!str"})
_FLOAT_TAGS: Final = frozenset({"tag:yaml.org,2002:float", "!float"})
_MAPPING_TAGS: Final = frozenset({None, "tag:yaml.org,2002:map", "tag:yaml.org,2002:omap"})
_FOREIGN: Final = ("!ruby", "tag:ruby.yaml.org", "tag:yaml.org,2002:binary", "!binary")
_DEEPEST: Final = 100


def read_yaml(text: str) -> list[Pair]:
    """Return the entries of every mapping that lies in no other: usually there is one.

    Raises:
        ValueError: When the text is no YAML, or holds what Ruby alone can make, or a date or time without quotes.
    """
    try:
        return list(_Reader(parse_events(text)).outermost())
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from error


def parse_events(text: str) -> Iterator[yaml.Event]:
    """Yield the events of a YAML text; what is malformed raises ``yaml.YAMLError``."""
    loader = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
    events: Iterator[yaml.Event] = yaml.parse(text, Loader=loader)
    return events


def text_names(pairs: list[Pair]) -> dict[str, Value]:
    """Return a mapping's entries as an event holds them: each key as its text."""
    return {ruby_text(key.text if isinstance(key, Symbol) else key): value for key, value in pairs}


class _Reader:
    def __init__(self, events: Iterator[yaml.Event]) -> None:
        self._events = events
        self._anchors: dict[str, Value] = {}
        self._depth = 0

    def outermost(self) -> Iterator[Pair]:
        """Yield the entries of the mappings that are documents, or items of sequences that are."""
        for event in self._events:
            _check_tag(event)
            if isinstance(event, yaml.MappingStartEvent):
                if event.tag not in _MAPPING_TAGS:
                    raise ValueError(f"its entries stand under the tag {event.tag}: leave it out")
                pairs = self._pairs()
                self._remember(event, text_names(pairs))
                yield from pairs
            elif isinstance(event, yaml.ScalarEvent):
                self._value(event)

    def _pairs(self) -> list[Pair]:
        """Return a mapping's entries up to its end, those of ``<<`` in their place."""
        pairs: list[Pair] = []
        for event in self._until(yaml.MappingEndEvent):
            key = self._key(event)
            start = next(self._events)
            value = self._value(start)
            merge = key == "<<" and isinstance(event, yaml.ScalarEvent) and event.tag not in _TEXT_TAGS
            pairs += _merged(start, value) if merge else [(key, value)]
        return pairs

    def _until(self, end: type[yaml.Event]) -> Iterator[yaml.Event]:
        """Yield what begins each part of a collection, up to its end."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise ValueError(f"it is nested deeper than {_DEEPEST} levels")
        for event in self._events:
            if isinstance(event, end):
                break
            yield event
        self._depth -= 1

    def _key(self, event: yaml.Event) -> Key:
        if not isinstance(event, yaml.ScalarEvent):
            return self._value(event)
        key = _scalar(event)
        self._remember(event, plain_value(key))
        return key

    def _value(self, event: yaml.Event) -> Value:
        if isinstance(event, yaml.AliasEvent):
            return self._remembered(event)
        _check_tag(event)
        value: Value
        if isinstance(event, yaml.ScalarEvent):
            value = plain_value(_scalar(event))
        elif isinstance(event, yaml.MappingStartEvent):
            value = text_names(self._pairs())
        else:
            value = [self._value(item) for item in self._until(yaml.SequenceEndEvent)]
        self._remember(event, value)
        return value

    def _remember(self, event: yaml.Event, value: Value) -> None:
        if isinstance(event, yaml.NodeEvent) and event.anchor is not None:
            self._anchors[event.anchor] = value

    def _remembered(self, event: yaml.AliasEvent) -> Value:
        anchor = str(event.anchor)
        if anchor not in self._anchors:
            raise ValueError(f"*{anchor} stands for nothing before it")
        return self._anchors[anchor]


def _scalar(event: yaml.ScalarEvent) -> Scalar:
    _check_tag(event)
    text, tag = str(event.value), event.tag
    if tag in _TEXT_TAGS or (tag is None and event.style):
        return text
    scalar = read_scalar(text)
    return float(scalar) if tag in _FLOAT_TAGS and isinstance(scalar, int | float | str) else scalar


def _check_tag(event: yaml.Event) -> None:
    """Refuse what only Ruby can make."""
    if not isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent):
        return
    tag = str(event.tag)
    if tag.startswith(_FOREIGN) or (tag.endswith("omap") and isinstance(event, yaml.SequenceStartEvent)):
        raise ValueError(f"{event.tag} cannot be read: only texts, numbers, booleans, lists and mappings can")


def _merged(start: yaml.Event, value: Value) -> list[Pair]:
    """Return the entries that ``<<`` brings; of several mappings the first has the last word."""
    if isinstance(start, yaml.AliasEvent | yaml.MappingStartEvent) and isinstance(value, dict):
        return list(value.items())
    if isinstance(start, yaml.SequenceStartEvent) and isinstance(value, list):
        mappings = [item for item in reversed(value) if isinstance(item, dict)]
        if len(mappings) == len(value):
            return [entry for mapping in mappings for entry in mapping.items()]
    return [("<<", value)]

"""Dictionaries in YAML as Logstash streams them, with ``yaml_load_strategy => streaming``.

Source: ``StreamingYamlDictParser`` of logstash-filter-translate 3.5.0. Words are numbers, ``true``, ``false``, ``null``
and ``~``, or texts; tags mean nothing and aliases are refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import yaml

from atalaia.pipeline.translate.ruby_yaml import Pair, parse_events, text_names
from atalaia.pipeline.values import Value

_INTEGER: Final = re.compile(r"-?\d+", re.ASCII)
_FLOAT: Final = re.compile(r"-?\d+\.\d+", re.ASCII)
_WORDS: Final[dict[str, bool | None]] = {"null": None, "": None, "~": None, "true": True, "false": False}
_DEEPEST: Final = 100


def stream_yaml(text: str) -> list[Pair]:
    """Return the entries of the first mapping in a text.

    Raises:
        ValueError: When there is none, or the text is no YAML, or an alias stands in it.
    """
    events = parse_events(text)
    try:
        for event in events:
            if isinstance(event, yaml.MappingStartEvent):
                return _pairs(events, 1)
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from error
    raise ValueError("there is no mapping in it")


def _pairs(events: Iterator[yaml.Event], depth: int) -> list[Pair]:
    pairs: list[Pair] = []
    while not isinstance(event := next(events), yaml.MappingEndEvent):
        key = _value(event, events, depth)
        pairs.append((key, _value(next(events), events, depth)))
    return pairs


def _value(event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Value:
    if depth > _DEEPEST:
        raise ValueError(f"it is nested deeper than {_DEEPEST} levels")
    if isinstance(event, yaml.ScalarEvent):
        return str(event.value) if event.style else _word(str(event.value))
    if isinstance(event, yaml.MappingStartEvent):
        return text_names(_pairs(events, depth + 1))
    if isinstance(event, yaml.AliasEvent):
        raise ValueError(f"the alias *{event.anchor} cannot be streamed")  # noqa: TRY004 - the file is wrong, not a type
    items: list[Value] = []
    while not isinstance(item := next(events), yaml.SequenceEndEvent):
        items.append(_value(item, events, depth + 1))
    return items


def _word(text: str) -> Value:
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text

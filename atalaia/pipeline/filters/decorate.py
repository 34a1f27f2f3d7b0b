"""The common options of filters and inputs, applied to an event: add_field, remove_field, add_tag, remove_tag."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeAlias

from atalaia.pipeline.event import TAGS, Event
from atalaia.pipeline.reference import FieldReference
from atalaia.pipeline.sprintf import Template, compile_reference, compile_template
from atalaia.pipeline.values import Value, as_list

Decorate: TypeAlias = Callable[[Event], None]
"""Applies options to an event; raises ``EventError`` where Logstash raises."""

_TAGS: Final = FieldReference.parse(TAGS)


def compile_decorate(
    add_field: Mapping[str, Sequence[str]],
    remove_field: Sequence[str],
    add_tag: Sequence[str],
    remove_tag: Sequence[str],
) -> Decorate:
    """Compile the options, in Logstash's order: fields added, fields removed, tags added, tags removed."""
    steps: list[Decorate] = [_adding(name, value) for name, values in add_field.items() for value in values]
    steps += [_removing(name) for name in remove_field]
    steps += [_tagging(tag) for tag in add_tag]
    if remove_tag:
        steps.append(_untagging(remove_tag))

    def decorate(event: Event) -> None:
        for step in steps:
            step(event)

    return decorate


def _adding(name: str, text: str) -> Decorate:
    reference, template = compile_reference(name), compile_template(text)

    def add(event: Event) -> None:
        target = reference(event)
        value: Value = template(event)
        target.set(event, [*as_list(target.get(event)), value] if target.includes(event) else value)

    return add


def _removing(name: str) -> Decorate:
    reference = compile_reference(name)

    def remove(event: Event) -> None:
        reference(event).remove(event)

    return remove


def _tagging(text: str) -> Decorate:
    template = compile_template(text)

    def tag(event: Event) -> None:
        _TAGS.set(event, [*as_list(_TAGS.get(event)), template(event)])

    return tag


def _untagging(texts: Sequence[str]) -> Decorate:
    templates: list[Template] = [compile_template(text) for text in texts]

    def untag(event: Event) -> None:
        tags = _TAGS.get(event)
        if tags is None:
            return
        gone = {template(event) for template in templates}
        _TAGS.set(event, [tag for tag in as_list(tags) if tag not in gone])

    return untag
